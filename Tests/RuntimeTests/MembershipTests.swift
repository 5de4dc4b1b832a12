import Experiment
import Raft
import Server
import Testing
import Wire

@testable import Runtime

/// Members and the fleet that come and go while the group works.
@Suite(.serialized) struct MembershipTests {
  @Test func aNewcomerJoinsAsLearnerIsPromotedAndLeaves() async throws {
    let group = try await TestGroup.voters(3)
    let leader = try await group.leader()
    let client = try RESPClient(group.clients(of: leader))
    for number in 0..<50 { #expect(try client.ask("SET", "k\(number)", "v") == .status("OK")) }
    let newcomer = NodeID(4)
    try await group.start(newcomer, .voter, creates: true)
    for node: UInt32 in 1...3 {
      let answer = try await group.ask(.introduce([group.address(of: newcomer, .voter)]), of: NodeID(node))
      #expect(answer == .done)
    }
    try await propose([.addLearner(newcomer)], in: group)
    try await eventually("the learner does not catch up") {
      try await group.status(of: newcomer).appliedIndex >= group.status(of: leader).commitIndex
    }
    try await propose([.addVoter(newcomer)], in: group)
    try await eventually("four voters are not in force") {
      try await group.status(of: newcomer).configuration?.voters.count == 4
    }
    let reader = try RESPClient(group.clients(of: newcomer))
    #expect(try reader.ask("GET", "k49") == .bulk("v"))
    try await propose([.remove(newcomer)], in: group)
    try await eventually("three voters are not in force") {
      try await group.status(of: leader).configuration?.voters == [NodeID(1), NodeID(2), NodeID(3)]
    }
    await group.stopAll()
  }

  /// Proposes a change to whoever leads, again as long as an earlier change keeps it from being taken.
  private func propose(_ steps: [ConfigurationChange.Step], in group: TestGroup) async throws {
    try await eventually("the change is not taken") {
      let leader = try await group.leader()
      let answer = try await group.ask(.change(ConfigurationChange(steps)), of: leader)
      if case .proposed = answer { return true }
      return false
    }
  }

  @Test func leadershipMovesWhenAsked() async throws {
    let group = try await TestGroup.voters(3)
    let leader = try await group.leader()
    let target = NodeID(leader.rawValue % 3 + 1)
    #expect(try await group.ask(.transferLeadership(to: target), of: leader) == .done)
    try await eventually("the target does not lead") { try await group.status(of: target).part == .leader }
    let answer = try await group.ask(.transferLeadership(to: NodeID(9)), of: target)
    #expect(answer == .refused(.transfer(.notVoter(NodeID(9)))))
    await group.stopAll()
  }

  @Test func anObserverServesReadsAndASecretaryPassesEntriesOn() async throws {
    let group = try await TestGroup.voters(3)
    let leader = try await group.leader()
    try await group.start(NodeID(10), .secretary)
    try await group.start(NodeID(11), .observer)
    let client = try RESPClient(group.clients(of: leader))
    #expect(try client.ask("SET", "a", "1") == .status("OK"))
    try await eventually("the secretary is not at work") {
      try await group.status(of: leader).fleet.contains { $0.node == NodeID(10) && $0.serves > 0 }
    }
    for number in 0..<200 { #expect(try client.ask("SET", "k\(number)", "v\(number)") == .status("OK")) }
    let reader = try RESPClient(group.clients(of: NodeID(11)))
    try await eventually("the observer does not answer") { (try? reader.ask("GET", "k199")) == .bulk("v199") }
    // A linearizable read at the observer sees a write that ended before it, every time.
    for number in 0..<50 {
      #expect(try client.ask("SET", "seen", "\(number)") == .status("OK"))
      #expect(try reader.ask("GET", "seen") == .bulk("\(number)"))
    }
    #expect(try reader.ask("SET", "by-observer", "1") == .status("OK"))
    // The secretary leaves on notice, and nothing stops.
    #expect(try await group.ask(.retire, of: NodeID(10)) == .done)
    try await eventually("the leader keeps the secretary") {
      try await group.status(of: leader).fleet.allSatisfy { $0.node != NodeID(10) || $0.serves == 0 }
    }
    #expect(try client.ask("SET", "after", "1") == .status("OK"))
    #expect(try reader.ask("GET", "after") == .bulk("1"))
    await group.stopAll()
  }

  @Test func ordersThatARoleDoesNotKnowAreRefused() async throws {
    let group = try await TestGroup.voters(1)
    _ = try await group.leader()
    try await group.start(NodeID(10), .secretary)
    #expect(try await group.ask(.takeSnapshot, of: NodeID(10)) == .refused(.notInRole(.secretary)))
    #expect(try await group.ask(.retire, of: NodeID(1)) == .refused(.notInRole(.voter)))
    await group.stopAll()
  }
}
