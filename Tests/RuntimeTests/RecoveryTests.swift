import Experiment
import Foundation
import Raft
import Storage
import Testing
import Wire

@testable import Runtime

/// What survives the end of processes, and what is refused at their start.
@Suite(.serialized) struct RecoveryTests {
  @Test func whatWasAcknowledgedIsThereAfterAllNodesStartedAgain() async throws {
    let group = try await TestGroup.voters(3)
    let first = try await group.leader()
    let client = try RESPClient(group.clients(of: first))
    for number in 0..<100 { #expect(try client.ask("SET", "k\(number)", "v\(number)") == .status("OK")) }
    await group.stopAll()
    for number in 1...3 { try await group.start(NodeID(UInt32(number)), .voter) }
    let second = try await group.leader()
    let reader = try RESPClient(group.clients(of: second))
    for number in 0..<100 { #expect(try reader.ask("GET", "k\(number)") == .bulk("v\(number)")) }
    await group.stopAll()
  }

  @Test func aLeaderThatStopsHandsOverAndTheGroupGoesOn() async throws {
    let group = try await TestGroup.voters(3)
    let first = try await group.leader()
    let term = try await group.status(of: first).term
    await group.stop(first)
    let second = try await group.leader()
    #expect(second != first)
    // A transfer raises the term by one; an election after a time-out asks for pre-votes first and does, too.
    #expect(try await group.status(of: second).term > term)
    let client = try RESPClient(group.clients(of: second))
    #expect(try client.ask("SET", "a", "1") == .status("OK"))
    try await group.start(first, .voter)
    try await eventually("the first leader does not catch up") {
      try await group.status(of: first).appliedIndex == group.status(of: second).appliedIndex
    }
    await group.stopAll()
  }

  @Test func aSnapshotBringsANodeBackThatMissedWhatTheLogNoLongerHas() async throws {
    let group = try await TestGroup.voters(3) {
      $0.group.snapshotEvery = 200
      $0.group.keepEntries = 10
    }
    let leader = try await group.leader()
    let away = NodeID(leader.rawValue % 3 + 1)
    await group.stop(away)
    let client = try RESPClient(group.clients(of: leader))
    try client.send((0..<1_000).map { ["SET", "k\($0 % 50)", "v\($0)"] })
    for _ in 0..<1_000 { #expect(try client.reply() == .status("OK")) }
    try await eventually("no snapshot is taken") { try await group.status(of: leader).firstIndex > LogIndex(500) }
    try await group.start(away, .voter)
    try await eventually("the node does not catch up") {
      try await group.status(of: away).appliedIndex == group.status(of: leader).appliedIndex
    }
    #expect(try await group.status(of: away).snapshotIndex > LogIndex(500))
    let reader = try RESPClient(group.clients(of: away))
    #expect(try reader.ask("GET", "k49") == .bulk("v999"))
    await group.stopAll()
  }

  @Test func aMemberWhoseDirectoryIsGoneDoesNotStart() async throws {
    let group = try await TestGroup.voters(3)
    _ = try await group.leader()
    await group.stop(NodeID(1))
    try FileManager.default.removeItem(atPath: "\(group.directory)/n1")
    await #expect(throws: NodeRefusal.self) { try await group.start(NodeID(1), .voter) }
    await group.stopAll()
  }

  @Test func twoProcessesCannotShareADirectory() async throws {
    let group = try await TestGroup.voters(1)
    _ = try await group.leader()
    await #expect {
      try await group.start(NodeID(1), .voter)
    } throws: { error in
      guard case NodeRefusal.storage(.locked) = error else { return false }
      return true
    }
    await group.stopAll()
  }
}
