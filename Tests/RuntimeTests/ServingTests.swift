import Experiment
import Raft
import Testing
import Wire

@testable import Runtime

/// Clients that speak RESP2, against real nodes.
@Suite(.serialized) struct ServingTests {
  @Test func anyNodeServesAndFollowersPassWritesOn() async throws {
    let group = try await TestGroup.voters(3)
    let leader = try await group.leader()
    for number in 1...3 {
      let node = NodeID(UInt32(number))
      let client = try RESPClient(group.clients(of: node))
      #expect(try client.ask("SET", "k\(number)", "v\(number)") == .status("OK"))
      #expect(try client.ask("GET", "k\(number)") == .bulk("v\(number)"))
      #expect(try client.ask("INCR", "counter") == .integer(number))
    }
    let atLeader = try RESPClient(group.clients(of: leader))
    #expect(
      try atLeader.ask("MGET", "k1", "k2", "k3", "k4") == .array([.bulk("v1"), .bulk("v2"), .bulk("v3"), .bulk(nil)]))
    #expect(try atLeader.ask("NOPE").isError("ERR unknown command"))
    await group.stopAll()
  }

  @Test func repliesOfAPipelineComeInOrderAndReadsSeeTheWritesBeforeThem() async throws {
    let group = try await TestGroup.voters(3)
    let leader = try await group.leader()
    for node in [leader, NodeID(leader.rawValue % 3 + 1)] {
      let client = try RESPClient(group.clients(of: node))
      try client.send((0..<500).flatMap { [["SET", "p", "\($0)"], ["GET", "p"]] })
      for number in 0..<500 {
        #expect(try client.reply() == .status("OK"))
        #expect(try client.reply() == .bulk("\(number)"))
      }
    }
    await group.stopAll()
  }

  @Test func aFollowerThatIsSetToRedirectsNamesTheLeader() async throws {
    let group = try await TestGroup.voters(3) { $0.writes = .redirect }
    let leader = try await group.leader()
    let follower = NodeID(leader.rawValue % 3 + 1)
    let client = try RESPClient(group.clients(of: follower))
    // A follower that has not heard from the leader yet knows of none.
    try await eventually("the follower names nobody") { try !client.ask("SET", "a", "1").isError("CLUSTERDOWN") }
    let reply = try client.ask("SET", "a", "1")
    #expect(reply.isError("MOVED"))
    #expect(reply.isError("\(group.clients(of: leader))"))
    await group.stopAll()
  }

  @Test func requestsThatAreRefusedAtOnceAreAnsweredOnceEach() async throws {
    let group = try await TestGroup.voters(1)
    _ = try await group.leader()
    try await group.start(NodeID(2), .observer)
    let client = try RESPClient(group.clients(of: NodeID(2)))
    try await eventually("the observer passes nothing on") { try client.ask("SET", "a", "1") == .status("OK") }
    // The observer still takes the voter for the leader, but has no connection to it any more.
    await group.stop(NodeID(1))
    let refused = Array(repeating: ["SET", "a", "2"], count: 100)
    try client.send(refused + [["PING"]] + refused)
    for number in 0...200 {
      let reply = try client.reply()
      #expect(number == 100 ? reply == .status("PONG") : reply.isError(" "))
    }
    #expect(try client.ask("ECHO", "next") == .bulk("next"))
    await group.stopAll()
  }

  @Test func bytesThatAreNoRequestAreAnsweredAndTheConnectionEnds() async throws {
    let group = try await TestGroup.voters(1)
    _ = try await group.leader()
    let client = try RESPClient(group.clients(of: NodeID(1)))
    try client.send(raw: Array("*1\r\n$99999999999\r\n".utf8))
    #expect(try client.reply().isError("ERR Protocol error"))
    #expect(client.isClosedByServer())
    let next = try RESPClient(group.clients(of: NodeID(1)))
    #expect(try next.ask("PING") == .status("PONG"))
    await group.stopAll()
  }

  @Test func aClientThatReadsNothingDoesNotStopOthers() async throws {
    let group = try await TestGroup.voters(1)
    _ = try await group.leader()
    let silent = try RESPClient(group.clients(of: NodeID(1)))
    let value = String(repeating: "x", count: 100_000)
    #expect(try silent.ask("SET", "big", value) == .status("OK"))
    try silent.send((0..<200).map { _ in ["GET", "big"] })
    let other = try RESPClient(group.clients(of: NodeID(1)))
    #expect(try other.ask("SET", "a", "1") == .status("OK"))
    // What it did not read is still there for it.
    for _ in 0..<200 { #expect(try silent.reply() == .bulk(value)) }
    await group.stopAll()
  }
}

extension RESPClient.Reply {
  /// Whether it is an error that contains a text.
  func isError(_ text: String) -> Bool {
    if case .error(let found) = self { found.contains(text) } else { false }
  }
}
