import KeyValue
import Raft
import Server
import Testing

@testable import Workload

@Suite("Clients: which group is asked for a key") struct GroupRoutingTests {
  static let router = KeyRouter(groups: [.first, GroupID(1), GroupID(2)], version: RoutingVersion(1))

  /// Clients that know the servers 0 to 2, 3 to 5 and 6 to 8 of three groups.
  static func several(router: KeyRouter? = router, _ mix: OperationMix = .ycsbA) throws -> SiteClients {
    var clients = try clients([phase(mix, .closed(clients: 4, think: .milliseconds(1)))], stop: .seconds(2))
    for group in 1...2 {
      clients.setServers((0..<3).map { NodeID(UInt32(group * 3 + $0)) }, of: GroupID(UInt16(group)))
    }
    if let router { clients.setRouter(router) }
    return clients
  }

  static func group(of node: NodeID) -> GroupID { GroupID(UInt16(node.slot / 3)) }

  @Test(
    "Every operation asks a server of the group that has its key, scans key by key",
    arguments: [.ycsbA, .ycsbE, .everything] as [OperationMix])
  func routing(mix: OperationMix) throws {
    var world = World(try Self.several(mix))
    world.run(until: milliseconds(3_000), prompt)
    #expect(world.records.count > 100 && world.records.allSatisfy(\.isOK))
    for (_, send) in world.sent {
      #expect(Self.group(of: send.to) == Self.router.group(of: send.request.operation.key))
    }
    #expect(Set(world.sent.map { Self.group(of: $0.send.to) }).count == 3)
  }

  @Test("Leaders are known by group, and a redirect is followed within the group")
  func leaders() throws {
    var world = World(try Self.several())
    world.run(until: milliseconds(3_000)) { send, _ in
      let leader = NodeID(UInt32(Self.group(of: send.to).rawValue) * 3 + 2)
      let outcome: ClientReply.Outcome = .done(plausible(send.request.operation))
      return send.to == leader
        ? .answer(outcome, after: .milliseconds(10))
        : .answer(.redirect(to: leader), .follower, after: .milliseconds(10))
    }
    #expect(world.records.count > 100 && world.records.allSatisfy(\.isOK))
    // Each group is searched for once by those who asked at the same time.
    #expect(world.sent.count < world.records.count + 20)
    for group in 0..<3 { #expect(world.clients.routes[GroupID(UInt16(group))].leader == NodeID(UInt32(group * 3 + 2))) }
  }

  @Test("A server whose group no longer has the key tells the new routing, which is followed at once")
  func moved() throws {
    var world = World(try Self.several(router: nil))
    world.run(until: milliseconds(3_000)) { send, _ in
      let key = send.request.operation.key
      return Self.group(of: send.to) == Self.router.group(of: key)
        ? prompt(send, .zero) : .answer(.moved(Self.router), after: .milliseconds(10))
    }
    #expect(world.records.allSatisfy(\.isOK) && world.clients.routes.router == Self.router)
    // Only what was under way when the routing was learnt was asked twice.
    let retried = world.records.filter { $0.attempts > 1 }
    #expect(
      (1...4).contains(retried.count) && retried.allSatisfy { $0.attempts == 2 && $0.latency == .milliseconds(20) })
  }

  @Test("While a group's servers are not known its keys wait, and a refusal alone proves that nothing took effect")
  func unknownServers() throws {
    var clients = try clients([phase(.writeOnly, .closed(clients: 1, think: .milliseconds(1)))], stop: .seconds(4)) {
      $0.operationDeadline = .seconds(1)
    }
    clients.setServers((3..<6).map { NodeID($0) }, of: GroupID(1))
    var world = World(clients)
    world.run(until: milliseconds(6_000)) { send, _ in
      let owner = Self.router.group(of: send.request.operation.key)
      return Self.group(of: send.to) == owner
        ? prompt(send, .zero) : .answer(.moved(Self.router), after: .milliseconds(10))
    }
    for record in world.records {
      #expect(Self.router.group(of: record.operation.key) == GroupID(2) ? record.outcome == .failed : record.isOK)
    }
    #expect(world.records.contains { !$0.isOK } && world.records.contains { $0.isOK })
  }

  @Test("An older routing is ignored")
  func older() throws {
    var clients = try Self.several()
    clients.setRouter(KeyRouter(version: RoutingVersion(1)))
    #expect(clients.routes.router == Self.router)
    clients.setRouter(KeyRouter(version: RoutingVersion(2)))
    #expect(clients.routes.router.groups == [.first])
  }

  @Test("With one group the same is sent at the same time, whatever the routing's version")
  func oneGroup() throws {
    let sends = try [false, true].map { isTold in
      var clients = try clients([phase(.everything, .poisson(rate: 200))], stop: .seconds(2))
      if isTold { clients.setRouter(KeyRouter(version: RoutingVersion(3))) }
      var world = World(clients)
      world.run(until: milliseconds(3_000), prompt)
      return world.sent.map { "\($0)" }
    }
    #expect(sends[0] == sends[1] && sends[0].count > 100)
  }
}
