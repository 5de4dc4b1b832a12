import KeyValue
import Raft
import Server
import Testing

@testable import Workload

/// What answers are worth that come when their attempt is over, and attempts that end before their time.
@Suite("Clients: late answers and attempts cut short") struct ClientLatenessTests {
  /// Clients whose attempts take 100 ms at most and ask the nearest server that is not avoided.
  static func world(
    _ mix: OperationMix = .readOnly, stop: TimeSpan, _ change: (inout ClientSettings) -> Void = { _ in }
  ) throws -> World {
    World(
      try clients([phase(mix, consistency: .local)], stop: stop) {
        $0.attemptTimeout = .milliseconds(100)
        change(&$0)
      })
  }

  @Test("An answer to an operation that is over is no reason to ask its server again")
  func lateForTheOperation() throws {
    var world = try Self.world(stop: .milliseconds(2_000))
    world.run(until: .distantFuture) { send, now in
      send.to == NodeID(0) ? .answer(.done(.value(nil)), after: .milliseconds(150)) : prompt(send, now)
    }
    // It is avoided for 2 s from the end of its only attempt on.
    #expect(world.sent.map(\.send.to.rawValue).prefix(2) == [0, 1])
    #expect(world.sent.count { $0.send.to == NodeID(0) } == 1)
    #expect(world.records.count > 100 && world.records.allSatisfy { $0.isOK && $0.server == NodeID(1) })
  }

  @Test("A late answer to the operation under way ends it, and its server is asked again")
  func lateForTheAttempt() throws {
    var world = try Self.world(stop: .milliseconds(151))
    world.run(until: .distantFuture) { send, now in
      switch (send.to, send.request.sequence) {
      case (NodeID(0), SequenceNumber(1)): .answer(.done(.value(nil)), after: .milliseconds(150))
      case (NodeID(0), _): prompt(send, now)
      default: .silence
      }
    }
    #expect(world.sent.map(\.send.to) == [NodeID(0), NodeID(1), NodeID(0)])
    #expect(world.records.map(\.attempts) == [2, 1])
    #expect(world.records.allSatisfy { $0.isOK && $0.server == NodeID(0) })
    #expect(world.records[0].latency == .milliseconds(150))
  }

  @Test(
    "A late refusal of an earlier attempt changes nothing about the one under way",
    arguments: [.busy, .redirect(to: NodeID(2)), .redirect(to: nil), .unknown(leader: nil)] as [ClientReply.Outcome])
  func lateRefusal(_ refusal: ClientReply.Outcome) throws {
    var world = try Self.world(.writeOnly, stop: .milliseconds(1))
    world.run(until: .distantFuture) { send, _ in
      send.to == NodeID(0)
        ? .answer(refusal, .follower, after: .milliseconds(150)) : .answer(.done(.stored), after: .milliseconds(90))
    }
    #expect(world.sent.map(\.send.to) == [NodeID(0), NodeID(1)])
    #expect(world.records.map(\.outcome) == [.ok(.stored)])
    #expect(world.records[0].latency == .milliseconds(190) && world.records[0].server == NodeID(1))
  }

  @Test("A late refusal counts: a write has failed for certain once every attempt was refused")
  func lateRefusalCounts() throws {
    for (lateness, outcome) in [
      (TimeSpan.milliseconds(150), OperationRecord.Outcome.failed), (.milliseconds(5_000), .unknown),
    ] {
      var world = try Self.world(.writeOnly, stop: .milliseconds(1)) { $0.maximumAttempts = 2 }
      world.run(until: .distantFuture) { send, _ in
        .answer(.busy, after: send.to == NodeID(0) ? lateness : .milliseconds(90))
      }
      #expect(world.sent.map(\.send.to) == [NodeID(0), NodeID(1)])
      #expect(world.records.map(\.outcome) == [outcome])
    }
  }

  @Test("An attempt that the operation's deadline cuts short is not held against the server")
  func cutShort() throws {
    var world = try Self.world(stop: .milliseconds(400)) { $0.operationDeadline = .milliseconds(150) }
    world.run(until: .distantFuture) { send, _ in
      send.to == NodeID(1) ? .answer(.done(.value(nil)), after: .milliseconds(80)) : .silence
    }
    // The first operation waits 100 ms for the first server and then only 50 ms for the second one.
    #expect(world.sent.map(\.send.to) == [0, 1, 1, 1, 1, 1].map { NodeID($0) })
    #expect(world.records.map(\.outcome) == [.failed] + Array(repeating: .ok(.value(nil)), count: 4))
    #expect(world.records[0].ended == milliseconds(150))
  }

  @Test("A server that came back as the leader is asked on another one's word while it is still avoided")
  func cameBack() throws {
    // Silent until 1 s, the first server misses attempts that end at 0.1 s, 0.4 s and 0.9 s, or shortly after that.
    var world = World(
      try clients([phase(.writeOnly)], servers: [0, 1], stop: .milliseconds(1)) {
        $0.attemptTimeout = .milliseconds(100)
        $0.serverAvoidance = .milliseconds(200)
        $0.longestBackoff = .milliseconds(10)
        $0.maximumAttempts = 1_000
      })
    world.run(until: .distantFuture) { send, now in
      if send.to == NodeID(0) { return now < milliseconds(1_000) ? .silence : prompt(send, now) }
      return .answer(.redirect(to: now < milliseconds(1_000) ? nil : NodeID(0)), .follower, after: .milliseconds(1))
    }
    let asked = world.sent.filter { $0.send.to == NodeID(0) }.map { ($0.at - .zero).milliseconds }
    #expect(asked.count == 4 && asked[2] < 850, "\(asked)")
    // Left to itself it would be avoided until 1.7 s.
    #expect(asked.last.map { (1_100..<1_200).contains($0) } == true, "\(asked)")
    #expect(world.records.count == 1 && world.records[0].isOK && world.records[0].server == NodeID(0))
  }
}
