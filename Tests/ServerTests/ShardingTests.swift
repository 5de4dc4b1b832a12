import KeyValue
import Raft
import Testing

@testable import Server

@Suite("A group whose keys move") struct ShardingTests {
  static let one = KeyRouter(groups: [.first], version: RoutingVersion(1))
  static let two = one.adding(GroupID(1))
  static let keys = (0..<20).map { Key("user\($0)") }
  let staying = keys.first { two.group(of: $0) == .first } ?? Key("")
  let moving = keys.first { two.group(of: $0) == GroupID(1) } ?? Key("")

  static func ask(_ group: inout ServerGroup, _ slot: Int, _ order: ShardRequest.Order, _ sequence: UInt64) {
    group.servers[slot].receive(
      ShardRequest(mover: ClientID(99), sequence: SequenceNumber(sequence), order: order), from: ClientAddress(99),
      at: group.now)
    group.settle(slot)
  }

  /// A group that has set aside the keys that move.
  func rerouted() throws -> ServerGroup {
    var group = try ServerGroup()
    group.elect(0)
    group.ask(0, .put(moving, [1]), sequence: 1)
    group.ask(0, .put(staying, [2]), sequence: 2)
    group.deliver()
    Self.ask(&group, 0, .commit(.reroute(.first, from: Self.one, to: Self.two)), 1)
    group.deliver()
    return group
  }

  @Test("A command is answered once it is applied, by the leader alone")
  func commit() throws {
    var group = try ServerGroup()
    group.elect(0)
    let command = ShardRequest.Order.commit(.reroute(.first, from: Self.one, to: Self.two))
    Self.ask(&group, 1, command, 1)
    #expect(group.outcomes(1, client: 99) == [.redirect(to: NodeID(0))])
    Self.ask(&group, 0, command, 2)
    #expect(group.outcomes(2, client: 99).isEmpty)
    group.deliver()
    #expect(group.outcomes(2, client: 99) == [.sharded(.done)])
    Self.ask(&group, 0, .commit(.reroute(.first, from: Self.one, to: Self.one.adding(GroupID(5)))), 3)
    group.deliver()
    #expect(group.outcomes(3, client: 99) == [.sharded(.refused(at: Self.two.version))])
    // Whoever loses office does not know what becomes of a command.
    group.silent = [0]
    Self.ask(&group, 0, .commit(.release(Self.two.version)), 4)
    group.elect(1)
    group.silent = []
    group.ask(1, .put(staying, [2]), sequence: 9)
    group.advance(1, by: .milliseconds(200))
    group.advance(1, by: .milliseconds(200))
    let outcomes = group.outcomes(4, client: 99)
    #expect(outcomes == [.unknown(leader: NodeID(1))] || outcomes == [.unknown(leader: nil)])
  }

  @Test("Clients are told who has a key that moved, at every consistency, and others are served")
  func clients() throws {
    var group = try rerouted()
    group.ask(0, .put(moving, [3]), sequence: 10)
    group.ask(0, .get(moving), sequence: 11)
    group.ask(0, .get(moving), sequence: 12, consistency: .local)
    group.ask(0, .get(moving), sequence: 13, consistency: .bounded)
    group.ask(0, .get(staying), sequence: 14)
    group.ask(0, .put(staying, [4]), sequence: 15)
    group.deliver()
    for sequence in 10...13 as ClosedRange<UInt64> { #expect(group.outcomes(sequence) == [.moved(Self.two)]) }
    #expect(group.outcomes(14) == [.done(.value([2]))] && group.outcomes(15) == [.done(.stored)])
  }

  @Test("What is under way when the key goes is refused, not served from what is left")
  func underWay() throws {
    var group = try ServerGroup()
    group.elect(0)
    group.ask(0, .put(moving, [1]), sequence: 1)
    group.deliver()
    // All of these are taken in before the leader has applied the change of the routing.
    Self.ask(&group, 0, .commit(.reroute(.first, from: Self.one, to: Self.two)), 1)
    group.ask(0, .put(moving, [2]), sequence: 2)
    #expect(group.outcomes(2).isEmpty)
    group.deliver()
    #expect(group.outcomes(2) == [.moved(Self.two)] && group.servers[0].store.read(moving) == nil)
    guard case .part(let part) = group.servers[0].store.part(0, for: GroupID(1), by: Self.two.version) else {
      Issue.record("nothing was set aside")
      return
    }
    #expect(part.keyCount == 1)
  }

  @Test("Any leader shows what was set aside, and a group that gets it turns clients away until it is there")
  func carrying() throws {
    var source = try rerouted()
    source.elect(2)
    Self.ask(&source, 2, .collect(part: 0, for: GroupID(1), by: Self.two.version), 7)
    guard case .sharded(.part(let part)) = source.outcomes(7, client: 99).last else {
      Issue.record("\(source.outcomes(7, client: 99))")
      return
    }
    var target = try ServerGroup()
    target.elect(0)
    Self.ask(&target, 0, .commit(.reroute(GroupID(1), from: Self.one, to: Self.two)), 1)
    target.deliver()
    target.ask(0, .get(moving), sequence: 1)
    target.ask(0, .put(moving, [9]), client: 2, sequence: 1)
    target.deliver()
    #expect(target.outcomes(1) == [.busy] && target.outcomes(1, client: 2) == [.busy])
    Self.ask(&target, 0, .commit(.install(part)), 2)
    target.deliver()
    target.ask(0, .get(moving), sequence: 2)
    // A retry of what the other group executed.
    target.ask(0, .put(staying, [2]), sequence: 2)
    target.deliver()
    #expect(target.outcomes(2).contains(.done(.value([1]))))
    #expect(target.outcomes(2).contains(.done(.stored)) && target.servers[0].store.read(staying) == nil)
  }

  @Test("The size of what travels grows with the keys that it carries")
  func sizes() throws {
    let group = try rerouted()
    let answer = group.servers[0].store.part(0, for: GroupID(1), by: Self.two.version)
    guard case .part(let part) = answer else { throw NoPart() }
    func size(_ outcome: ClientReply.Outcome) -> Int {
      MessageSizes.bytes(
        ClientReply(client: ClientID(99), sequence: SequenceNumber(1), outcome: outcome, role: .leader))
    }
    #expect(size(.sharded(answer)) > size(.sharded(.done)) + moving.bytes.count)
    let request = ShardRequest(mover: ClientID(99), sequence: SequenceNumber(1), order: .commit(.install(part)))
    #expect(MessageSizes.bytes(request) >= size(.sharded(answer)) - 16)
    #expect(size(.moved(Self.two)) == size(.busy) + 4)
  }

  struct NoPart: Error {}
}
