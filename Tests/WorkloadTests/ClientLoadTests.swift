import Emulation
import KeyValue
import Raft
import Server
import Testing

@testable import Workload

@Suite("Clients: load")
struct ClientLoadTests {
  @Test("A closed loop keeps exactly its clients busy")
  func closedLoop() throws {
    var world = World(try clients([phase(.ycsbA, .closed(clients: 7, think: .zero))], stop: .seconds(1)))
    world.run(until: milliseconds(995), prompt)
    #expect(world.clients.outstanding == 7 && world.mostOutstanding == 7)
    world.run(until: .distantFuture, prompt)
    #expect(world.records.count == 700)
    #expect(world.clients.isDrained)
    #expect(Set(world.records.map(\.client.rawValue)) == Set(1...7))
    #expect(world.records.allSatisfy { $0.latency == .milliseconds(10) && $0.started == $0.intended })
  }

  @Test("A closed loop thinks between operations")
  func thinkTime() throws {
    var world = World(
      try clients([phase(.ycsbA, .closed(clients: 3, think: .milliseconds(90)))], stop: .seconds(10)))
    world.run(until: .distantFuture, prompt)
    #expect((297...303).contains(world.records.count))
    let mine = world.records.filter { $0.client == ClientID(2) }
    #expect(zip(mine.dropFirst(), mine).allSatisfy { $0.intended - $1.ended == .milliseconds(90) })
  }

  @Test("An open loop goes on while a server stalls, and latency counts from the intended start")
  func coordinatedOmission() throws {
    var world = World(
      try clients([phase(.ycsbA, .constant(rate: 100))], servers: [0], stop: .seconds(3)) {
        $0.openLoopSessions = 10
        $0.attemptTimeout = .seconds(5)
      })
    // The server stalls for a second: what it is sent from 1 s on is answered at 2 s.
    world.run(until: .distantFuture) { send, now in
      let stall = now >= milliseconds(1_000) && now < milliseconds(2_000) ? milliseconds(2_000) - now : .zero
      return .answer(.done(plausible(send.request.operation)), after: stall + .milliseconds(10))
    }
    let records = world.records.sorted { $0.intended < $1.intended }
    #expect(records.count == 300 && records.allSatisfy { $0.isOK })
    #expect(zip(records.dropFirst(), records).allSatisfy { $0.intended - $1.intended == .milliseconds(10) })
    // All 100 operations meant for the stalled second are late, also the 90 that found no session.
    let stalled = records.filter { $0.intended >= milliseconds(1_000) && $0.intended < milliseconds(2_000) }
    #expect(stalled.count == 100)
    #expect(stalled.allSatisfy { $0.ended >= milliseconds(2_010) && $0.latency == $0.ended - $0.intended })
    #expect(stalled.count { $0.started > $0.intended } == 90)
    #expect(stalled[50].latency >= .milliseconds(510))
    #expect(world.mostOutstanding == 10)
  }

  @Test("What waits too long or finds the queue full has failed without an attempt")
  func boundedQueue() throws {
    var world = World(
      try clients([phase(.writeOnly, .constant(rate: 100))], stop: .seconds(1)) {
        $0.openLoopSessions = 2
        $0.queueLimit = 5
        $0.operationDeadline = .milliseconds(300)
      })
    world.run(until: .distantFuture) { _, _ in .silence }
    let unsent = world.records.filter { $0.attempts == 0 }
    #expect(world.records.count == 100)
    #expect(unsent.allSatisfy { $0.outcome == .failed && $0.client == ClientID(0) && $0.server == nil })
    #expect(Set(unsent.map(\.sequence)).count == unsent.count)
    #expect(unsent.contains { $0.latency == .zero })
    #expect(world.records.allSatisfy { $0.latency <= .milliseconds(300) })
    #expect(world.records.filter { $0.attempts > 0 }.allSatisfy { $0.outcome == .unknown })
    #expect(world.clients.isDrained)
  }

  @Test("Phases change the load at their times; nothing begins after the stop, and what was begun ends")
  func phases() throws {
    var world = World(
      try clients(
        [
          phase(.readOnly, .closed(clients: 4, think: .zero)),
          phase(start: .seconds(1), .writeOnly, .constant(rate: 50)),
          phase(start: .seconds(2), .increments, .closed(clients: 2, think: .zero)),
        ], stop: .seconds(3)))
    world.run(until: .distantFuture, prompt)
    func between(_ from: Int64, _ to: Int64) -> [OperationRecord] {
      world.records.filter { $0.intended >= milliseconds(from) && $0.intended < milliseconds(to) }
    }
    #expect(between(0, 1_000).count == 400)
    #expect(between(0, 1_000).allSatisfy { $0.kind == .read })
    #expect(between(1_000, 2_000).count == 50)
    #expect(between(1_000, 2_000).allSatisfy { $0.kind == .update })
    #expect(between(2_000, 3_000).count == 200)
    #expect(between(2_000, 3_000).allSatisfy { [.read, .increment].contains($0.kind) })
    #expect(world.records.count == 650 && world.clients.isDrained)
    #expect(world.records.allSatisfy { $0.ended < milliseconds(3_010) || $0.intended < milliseconds(3_000) })
  }

  @Test("A stop at any time lets what is under way end")
  func stopsEarly() throws {
    var world = World(try clients([phase(.ycsbA, .poisson(rate: 1_000))]))
    world.run(until: milliseconds(500), prompt)
    world.clients.stop(at: world.now)
    let begun = world.records.count + world.clients.outstanding
    world.run(until: .distantFuture, prompt)
    #expect(world.clients.isDrained && world.records.count == begun)
    #expect(world.clients.nextDeadline == .distantFuture)
  }

  @Test("Abandoned clients account for everything that was under way or waiting, and begin nothing")
  func abandoned() throws {
    var world = World(try clients([phase(.ycsbA, .poisson(rate: 1_000))]))
    world.run(until: milliseconds(500)) { _, _ in .silence }
    let outstanding = world.clients.outstanding
    #expect(outstanding > 0)
    world.clients.abandon(at: world.now)
    let ended = world.clients.records
    #expect(ended.count >= outstanding)
    #expect(ended.allSatisfy { $0.outcome == ($0.operation.isRead || $0.attempts == 0 ? .failed : .unknown) })
    #expect(ended.contains { $0.outcome == .unknown })
    #expect(world.clients.isDrained && world.clients.sends.isEmpty)
    #expect(world.clients.nextDeadline == .distantFuture)
  }

  @Test("A late host does not shift what was intended")
  func lateHost() throws {
    var late = try clients([phase(.ycsbA, .constant(rate: 100))], stop: .seconds(1))
    late.start(at: .zero)
    late.advance(to: milliseconds(950))
    #expect(late.sends.count == 96)
    #expect(late.outstanding == 96)
  }

  @Test("The same seed gives the same run, another seed another one; sites differ")
  func determinism() throws {
    func run(seed: UInt64, site: UInt16) throws -> [OperationRecord] {
      var world = World(
        try clients(
          [phase(.everything, .poisson(rate: 800), keys: .zipfian(theta: 0.99))], stop: .seconds(1),
          seed: seed, site: site, of: 2))
      world.run(until: .distantFuture) { send, now in
        now.nanoseconds % 5 == 0 ? .answer(.busy, after: .milliseconds(3)) : prompt(send, now)
      }
      return world.records
    }
    let first = try run(seed: 1, site: 0)
    #expect(try run(seed: 1, site: 0) == first)
    #expect(try run(seed: 2, site: 0) != first)
    #expect(Set(try run(seed: 1, site: 1).map(\.client)).isDisjoint(with: first.map(\.client)))
  }

  @Test("Each write is executed once and every acknowledgement holds, whatever the servers do")
  func exactlyOnceAgainstStore() throws {
    var world = World(
      try clients([phase(.increments, .closed(clients: 5, think: .zero), keyCount: 1)], stop: .seconds(20)) {
        $0.attemptTimeout = .milliseconds(50)
        $0.operationDeadline = .milliseconds(400)
      })
    var store = Store()
    var index = LogIndex.zero
    var random = RandomSource(seed: 4)
    world.run(until: .distantFuture) { send, _ in
      let delay = TimeSpan.milliseconds(Int64(1 + random.next(below: 90)))
      switch random.next(below: 10) {
      case 0: return .silence
      case 1: return .answer(.busy, .leader, after: delay)
      case 2: return .answer(.redirect(to: nil), .follower, after: delay)
      default:
        index = index.next
        let command = Command(
          client: send.request.client, sequence: send.request.sequence, operation: send.request.operation)
        guard let result = store.apply(command, at: index).result else { return .silence }
        // An executed command whose answer is lost, or says that the server does not know.
        switch random.next(below: 6) {
        case 0: return .silence
        case 1: return .answer(.unknown(leader: nil), .follower, after: delay)
        default: return .answer(.done(result), .leader, after: delay)
        }
      }
    }
    let increments = world.records.filter { $0.kind == .increment }
    let values = increments.compactMap { record -> Int64? in
      if case .ok(.incremented(let value)) = record.outcome { value } else { nil }
    }
    let final =
      store.read(WorkloadKey.key(0, family: .counter)).flatMap { Int64(String(decoding: $0, as: UTF8.self)) } ?? 0
    let unknown = increments.count { $0.outcome == .unknown }
    #expect(Set(values).count == values.count, "no two increments were given the same value")
    #expect(Int64(values.count) <= final && final <= Int64(values.count + unknown))
    #expect(values.count > 300 && increments.contains { $0.attempts > 2 })
  }

  static let badLoads: [(String, LoadPhase, LoadError)] = [
    ("mix", phase(OperationMix(name: "none", weights: [])), .badMix(phase: 0)),
    ("weight", phase(OperationMix(name: "zero", weights: [(.read, 0)])), .badMix(phase: 0)),
    ("rate", phase(.ycsbA, .poisson(rate: -1)), .badRate(phase: 0)),
    ("rate nan", phase(.ycsbA, .constant(rate: .nan)), .badRate(phase: 0)),
    (
      "trace", phase(.ycsbA, .trace(points: [RatePoint(time: .seconds(1), rate: 1), RatePoint(time: .zero, rate: 1)])),
      .badRate(phase: 0)
    ),
    ("clients", phase(.ycsbA, .closed(clients: 0, think: .zero)), .badClients(phase: 0)),
    ("theta", phase(keys: .zipfian(theta: 1)), .badTheta(phase: 0)),
    ("keys", phase(keyCount: 0), .badKeyCount(phase: 0)),
    ("value", phase(value: .constant(-1)), .badValueSize(phase: 0)),
    ("start", phase(start: .seconds(-1)), .phaseOrder(phase: 0)),
  ]

  @Test("A load that makes no sense is refused by name", arguments: badLoads.indices)
  func refusals(_ number: Int) {
    let (_, phase, error) = ClientLoadTests.badLoads[number]
    #expect(throws: error) { try clients([phase]) }
  }

  @Test("So are settings out of range")
  func badSettings() {
    #expect(throws: LoadError.noServers) { try clients([phase()], servers: []) }
    #expect(throws: LoadError.badSetting(.attemptTimeout)) { try clients([phase()]) { $0.attemptTimeout = .zero } }
    #expect(throws: LoadError.badSetting(.queueLimit)) { try clients([phase()]) { $0.queueLimit = 0 } }
    #expect(throws: LoadError.badPlace) { try clients([phase()], site: 3, of: 2) }
  }
}
