import KeyValue
import Raft
import Server
import Testing

@testable import Workload

@Suite("Clients: redirects, retries and outcomes")
struct ClientRetryTests {
  @Test("A client follows redirects to the leader and remembers it")
  func redirects() throws {
    var world = World(try clients([phase(.writeOnly)], stop: .milliseconds(100)))
    world.run(until: .distantFuture) { send, now in
      send.to == NodeID(2)
        ? prompt(send, now) : .answer(.redirect(to: NodeID(2)), .follower, after: .milliseconds(5))
    }
    #expect(world.sent.prefix(3).map(\.send.to) == [NodeID(0), NodeID(2), NodeID(2)])
    #expect(world.records.allSatisfy { $0.isOK && $0.server == NodeID(2) && $0.role == .leader })
    #expect(world.records.map(\.attempts).prefix(2) == [2, 1])
    #expect(world.records[0].latency == .milliseconds(15))
  }

  @Test("A retry repeats the number; the late answer to an earlier attempt counts once")
  func retryKeepsSequence() throws {
    var world = World(
      try clients([phase(.writeOnly)], stop: .milliseconds(1)) { $0.attemptTimeout = .milliseconds(100) })
    world.run(until: .distantFuture) { send, _ in
      .answer(.done(.stored), after: .milliseconds(send.to == NodeID(0) ? 250 : 1_000))
    }
    #expect(world.sent.map(\.send.to) == [NodeID(0), NodeID(1), NodeID(2)])
    #expect(Set(world.sent.map(\.send.request)).count == 1)
    #expect(world.records.count == 1)
    #expect(world.records[0].attempts == 3 && world.records[0].isOK && world.records[0].server == NodeID(0))
    #expect(world.records[0].latency == .milliseconds(250))
  }

  @Test("Two dead servers near by do not keep a client from the third, however short they are avoided")
  func twoDeadServers() throws {
    var world = World(
      try clients([phase(.writeOnly)], stop: .milliseconds(1)) {
        $0.attemptTimeout = .milliseconds(100)
        $0.serverAvoidance = .milliseconds(30)
      })
    world.run(until: .distantFuture) { send, now in
      send.to == NodeID(2) ? prompt(send, now) : .answer(.busy, after: .seconds(60))
    }
    #expect(world.sent.map(\.send.to).last == NodeID(2))
    #expect(world.records.count == 1 && world.records[0].isOK)
    #expect(world.records[0].attempts == 7)
  }

  @Test("An answer to an earlier operation is ignored")
  func lateAnswers() throws {
    var clients = try clients([phase(.writeOnly)])
    clients.start(at: .zero)
    let first = clients.sends[0].request
    let done = ClientReply(client: first.client, sequence: first.sequence, outcome: .done(.stored), role: .leader)
    clients.receive(done, from: NodeID(0), at: milliseconds(1))
    #expect(clients.records.count == 1 && clients.sends.count == 2)
    clients.receive(done, from: NodeID(0), at: milliseconds(2))
    var foreign = done
    foreign.client = ClientID(77)
    clients.receive(foreign, from: NodeID(0), at: milliseconds(2))
    foreign.client = ClientID(0)
    clients.receive(foreign, from: NodeID(0), at: milliseconds(2))
    #expect(clients.records.count == 1 && clients.sends.count == 2 && clients.outstanding == 1)
  }

  struct Ending: Sendable {
    var name: String
    var mix: OperationMix
    /// What the servers do with the first, second, ... attempt; the last one goes for all further ones.
    var reactions: [ClientReply.Outcome?]
    var trustsRefusals = true
    var outcome: OperationRecord.Outcome
  }

  static let endings: [Ending] = [
    Ending(name: "redirects only", mix: .writeOnly, reactions: [.redirect(to: nil)], outcome: .failed),
    Ending(name: "busy only", mix: .writeOnly, reactions: [.busy], outcome: .failed),
    Ending(name: "silence", mix: .writeOnly, reactions: [nil], outcome: .unknown),
    Ending(name: "silence, then redirects", mix: .writeOnly, reactions: [nil, .redirect(to: nil)], outcome: .unknown),
    Ending(name: "redirects, then silence", mix: .writeOnly, reactions: [.redirect(to: nil), nil], outcome: .unknown),
    Ending(name: "unknown, then busy", mix: .writeOnly, reactions: [.unknown(leader: nil), .busy], outcome: .unknown),
    Ending(name: "busy, then done", mix: .writeOnly, reactions: [.busy, .done(.stored)], outcome: .ok(.stored)),
    Ending(
      name: "unknown, then done", mix: .writeOnly, reactions: [.unknown(leader: nil), .done(.stored)],
      outcome: .ok(.stored)),
    Ending(
      name: "silence, then expired", mix: .writeOnly, reactions: [nil, .sessionExpired(above: SequenceNumber(5))],
      outcome: .unknown),
    Ending(
      name: "expired at once", mix: .writeOnly, reactions: [.sessionExpired(above: SequenceNumber(5))],
      outcome: .failed),
    Ending(
      name: "busy only, copies possible", mix: .writeOnly, reactions: [.busy], trustsRefusals: false,
      outcome: .unknown),
    Ending(name: "reads have no effect", mix: .readOnly, reactions: [nil], outcome: .failed),
    Ending(name: "reads have no effect, unknown", mix: .readOnly, reactions: [.unknown(leader: nil)], outcome: .failed),
  ]

  @Test("Unknown is never turned into failed", arguments: endings.indices)
  func outcomes(_ number: Int) throws {
    let ending = ClientRetryTests.endings[number]
    var world = World(
      try clients([phase(ending.mix)], stop: .milliseconds(1)) {
        $0.operationDeadline = .seconds(3)
        $0.trustsRefusals = ending.trustsRefusals
      })
    var attempt = 0
    world.run(until: .distantFuture) { _, _ in
      defer { attempt += 1 }
      guard let outcome = ending.reactions[min(attempt, ending.reactions.count - 1)] else { return .silence }
      return .answer(outcome, after: .milliseconds(10))
    }
    #expect(world.records.map(\.outcome) == [ending.outcome], "\(ending.name)")
    #expect(world.records[0].ended <= milliseconds(3_000))
    #expect(world.records[0].attempts == attempt)
    #expect(world.clients.isDrained && world.clients.nextDeadline == .distantFuture)
  }

  @Test("After its session expired a client goes on above the watermark")
  func goesOnAboveWatermark() throws {
    var world = World(try clients([phase(.writeOnly)], stop: .milliseconds(30)))
    world.run(until: .distantFuture) { send, now in
      send.request.sequence.rawValue <= 40
        ? .answer(.sessionExpired(above: SequenceNumber(40)), after: .milliseconds(10)) : prompt(send, now)
    }
    #expect(world.records.map(\.sequence.rawValue) == [1, 41, 42])
  }

  @Test("Attempts are bounded, and pauses grow to their bound with a random part")
  func boundedAttempts() throws {
    var world = World(
      try clients([phase(.writeOnly)], stop: .milliseconds(1)) {
        $0.maximumAttempts = 9
        $0.firstBackoff = .milliseconds(10)
        $0.longestBackoff = .milliseconds(100)
      })
    world.run(until: .distantFuture) { _, _ in .answer(.busy, after: .milliseconds(1)) }
    #expect(world.records.map(\.attempts) == [9])
    let pauses = zip(world.sent.dropFirst(), world.sent).map { ($0.at - $1.at).milliseconds - 1 }
    for (number, pause) in pauses.enumerated() {
      let longest = min(10 * Double(1 << number), 100)
      #expect(pause >= longest / 2 && pause <= longest)
    }
  }

  @Test("A server that is silent is passed over for a while, also when others still point to it")
  func silentServers() throws {
    var world = World(
      try clients([phase(.writeOnly)], stop: .milliseconds(1_500)) {
        $0.attemptTimeout = .milliseconds(200)
      })
    world.run(until: .distantFuture) { send, now in
      switch send.to {
      case NodeID(0): .silence
      case NodeID(1):
        .answer(.redirect(to: now < milliseconds(600) ? NodeID(0) : NodeID(2)), .follower, after: .milliseconds(1))
      default:
        now < milliseconds(600) ? .answer(.redirect(to: nil), .follower, after: .milliseconds(1)) : prompt(send, now)
      }
    }
    #expect(world.sent.count { $0.send.to == NodeID(0) } == 1)
    #expect(world.records.allSatisfy { $0.isOK })
    #expect(world.records.count > 30)
  }

  @Test("Local reads ask the nearest server, linearizable ones the leader or the nearest as set")
  func readRouting() throws {
    for (consistency, routing, expected) in [
      (ReadConsistency.local, ClientSettings.ReadRouting.leader, NodeID(0)), (.linearizable, .leader, NodeID(2)),
      (.linearizable, .nearest, NodeID(0)),
    ] {
      var world = World(
        try clients([phase(.ycsbA, consistency: consistency)], stop: .seconds(1)) { $0.linearizableReads = routing })
      world.run(until: .distantFuture) { send, now in
        send.request.operation.isRead || send.to == NodeID(2)
          ? .answer(
            .done(plausible(send.request.operation)), send.to == NodeID(2) ? .leader : .follower,
            after: .milliseconds(2))
          : .answer(.redirect(to: NodeID(2)), .follower, after: .milliseconds(2))
      }
      let reads = world.records.filter(\.operation.isRead)
      #expect(reads.count > 100)
      #expect(reads.suffix(50).allSatisfy { $0.server == expected })
    }
  }
}
