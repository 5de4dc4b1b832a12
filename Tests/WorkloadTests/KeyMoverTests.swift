import KeyValue
import Raft
import Server
import Testing

@testable import Workload

@Suite("Who moves keys: steps, retries, leaders") struct KeyMoverTests {
  static let one = KeyRouter(groups: [.first], version: RoutingVersion(1))
  static let three = one.adding(GroupID(1)).adding(GroupID(2))

  /// Groups of three servers each, whose state is a store that all of them share.
  struct Groups {
    var stores: [Store]
    var leaders: [Int]
    var index: UInt64 = 1_000
    var committed: [ShardCommand] = []

    /// Groups with keys where a routing has them.
    init(_ count: Int, router: KeyRouter, keys: Int = 60) {
      stores = Array(repeating: Store(), count: count)
      leaders = Array(repeating: 1, count: count)
      for number in 0..<keys {
        let key = Key("user\(number)")
        let command = Command(
          client: ClientID(1), sequence: SequenceNumber(UInt64(number) + 1), operation: .put(key, [UInt8(number)]))
        _ = stores[Int(router.group(of: key).rawValue)].apply(command, at: LogIndex(UInt64(number) + 1))
      }
    }

    mutating func serve(_ send: KeyMover.Send) -> ClientReply.Outcome {
      let (group, member) = (send.to.slot / 3, send.to.slot % 3)
      guard member == leaders[group] else { return .redirect(to: NodeID(UInt32(group * 3 + leaders[group]))) }
      switch send.request.order {
      case .collect(let part, let target, let version):
        return .sharded(stores[group].part(part, for: target, by: version))
      case .commit(let command):
        index += 1
        committed.append(command)
        return .sharded(stores[group].apply(command, at: LogIndex(index)))
      }
    }

    /// Whether each key is where a routing has it, with its value.
    func hold(_ keys: Int, by router: KeyRouter) -> Bool {
      (0..<keys).allSatisfy { number in
        stores.indices.allSatisfy { group in
          let key = Key("user\(number)")
          let isOwner = Int(router.group(of: key).rawValue) == group
          return stores[group].read(key) == (isOwner ? [UInt8(number)] : nil)
        }
      } && stores.allSatisfy { !$0.isMovingKeys }
    }
  }

  static func mover(from old: KeyRouter, to new: KeyRouter) -> KeyMover {
    var servers: [GroupID: [NodeID]] = [:]
    for group in Set(old.groups + new.groups) {
      servers[group] = (0..<3).map { NodeID(UInt32(Int(group.rawValue) * 3 + $0)) }
    }
    return KeyMover(from: old, to: new, servers: servers)
  }

  /// Runs a mover to its end; `fate` says what becomes of a request and of its answer.
  static func run(
    _ mover: inout KeyMover, _ groups: inout Groups, at now: inout Instant, steps: Int = 5_000,
    fate: () -> (isHeard: Bool, isAnswered: Bool) = { (true, true) }
  ) {
    mover.start(at: now)
    for _ in 0..<steps where !mover.isDone {
      let sends = mover.sends
      mover.sends.removeAll()
      guard let send = sends.first else {
        now = max(now, mover.nextDeadline)
        mover.advance(to: now)
        continue
      }
      #expect(sends.count == 1)
      let fate = fate()
      guard fate.isHeard else { continue }
      let outcome = groups.serve(send)
      guard fate.isAnswered else { continue }
      now = now + .milliseconds(10)
      mover.receive(
        ClientReply(client: send.request.mover, sequence: send.request.sequence, outcome: outcome, role: .leader),
        from: send.to, at: now)
    }
  }

  @Test("A group that is added learns of it first; then one group after the other hands its keys over")
  func adding() {
    let (old, new) = (Self.three, Self.three.adding(GroupID(3)))
    var (groups, now) = (Groups(4, router: old), Instant.zero)
    var mover = Self.mover(from: old, to: new)
    Self.run(&mover, &groups, at: &now)
    #expect(mover.isDone && groups.hold(60, by: new) && mover.nextDeadline == .distantFuture)
    let moved = (0..<60).count { new.group(of: Key("user\($0)")) == GroupID(3) }
    #expect(mover.progress.keys == moved && moved > 5 && mover.progress.parts == 3)
    var names = ["reroute g3"]
    for group in 0..<3 { names += ["reroute g\(group)", "install from g\(group)", "release"] }
    #expect(groups.committed.map(Self.name) == names)
    // Each leader is found once, since it was not the first that was asked.
    #expect(mover.progress.requests == 1 + 3 * 4 + 4)
  }

  @Test("When a group is removed all others learn of it first, and each gets its part")
  func removing() throws {
    let (old, new) = (Self.three, try #require(Self.three.removing(GroupID(1))))
    var (groups, now) = (Groups(3, router: old), Instant.zero)
    var mover = Self.mover(from: old, to: new)
    Self.run(&mover, &groups, at: &now)
    #expect(mover.isDone && groups.hold(60, by: new) && groups.stores[1].keyCount == 0)
    #expect(
      groups.committed.map(Self.name) == [
        "reroute g0", "reroute g2", "reroute g1", "install from g1", "install from g1", "release",
      ])
  }

  static func name(_ command: ShardCommand) -> String {
    switch command {
    case .reroute(let group, _, _): "reroute \(group)"
    case .install(let part): "install from \(part.from)"
    case .release: "release"
    }
  }

  @Test(
    "Lost requests, lost answers, changes of leaders and movers that begin anew do no harm",
    arguments: 1...30 as ClosedRange<UInt64>)
  func faults(seed: UInt64) throws {
    var random = RandomSource(seed: seed)
    let (old, new) = (Self.three, Self.three.adding(GroupID(3)))
    var (groups, now) = (Groups(4, router: old), Instant.zero)
    var mover = Self.mover(from: old, to: new)
    var restarts = 0
    for _ in 0..<200 where !mover.isDone {
      Self.run(&mover, &groups, at: &now, steps: 5) {
        (random.nextBool(probability: 0.7), random.nextBool(probability: 0.7))
      }
      if random.nextBool(probability: 0.3) { groups.leaders[Int(random.next(below: 4))] = Int(random.next(below: 3)) }
      if !mover.isDone, random.nextBool(probability: 0.1) {
        restarts += 1
        mover = Self.mover(from: old, to: new)
      }
    }
    #expect(mover.isDone && groups.hold(60, by: new), "after \(restarts) restarts")
    for store in groups.stores { #expect(store.routingVersion == new.version) }
  }

  @Test("Answers to other requests, of other servers and to clients are ignored")
  func strangers() {
    var mover = Self.mover(from: Self.one, to: Self.one.adding(GroupID(1)))
    mover.start(at: .zero)
    let send = mover.sends[0]
    func reply(_ client: ClientID, _ sequence: SequenceNumber, from node: NodeID) {
      mover.receive(
        ClientReply(client: client, sequence: sequence, outcome: .sharded(.done), role: .leader), from: node,
        at: milliseconds(1))
    }
    reply(ClientID(1), send.request.sequence, from: send.to)
    reply(KeyMover.client, SequenceNumber(send.request.sequence.rawValue - 1), from: send.to)
    reply(KeyMover.client, send.request.sequence, from: NodeID(0))
    #expect(mover.sends.count == 1)
    reply(KeyMover.client, send.request.sequence, from: send.to)
    #expect(mover.sends.count == 2)
  }

  @Test("Silence is waited for as long as the settings say, and then another server is asked")
  func silence() {
    var mover = Self.mover(from: Self.one, to: Self.one.adding(GroupID(1)))
    mover.start(at: .zero)
    #expect(mover.sends.map(\.to) == [NodeID(3)] && mover.nextDeadline == .zero + .seconds(2))
    mover.advance(to: milliseconds(1_999))
    #expect(mover.sends.count == 1)
    mover.advance(to: milliseconds(2_000))
    #expect(mover.sends.map(\.to) == [NodeID(3), NodeID(4)])
    #expect(mover.sends[0].request.order == mover.sends[1].request.order)
    #expect(mover.sends[0].request.sequence < mover.sends[1].request.sequence)
  }
}
