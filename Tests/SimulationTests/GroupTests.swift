import Emulation
import Raft
import Server
import Testing
import Workload

@testable import Simulation

@Suite("Groups: several Raft groups in one simulation") struct GroupTests {
  /// A simulation with a group more than `further` groups, each with a voter at each of three sites.
  static func several(further: Int, seed: UInt64 = 1) throws -> Simulation {
    var simulation = try makeGroup(seed: seed)
    for number in 1...further {
      let nodes = (0..<3).map { SimulationSetup.Node(site: SiteID(UInt16($0)), machine: .ideal) }
      let group = try simulation.addGroup(nodes, ledFrom: SiteID(UInt16(number % 3)))
      #expect(group == GroupID(UInt16(number)))
    }
    return simulation
  }

  @Test("Each group has its own members and is led from the site that was asked for, at once")
  func leaders() throws {
    var simulation = try Self.several(further: 4)
    simulation.run(until: simulation.now + .milliseconds(200))
    for number in 1...4 {
      let group = GroupID(UInt16(number))
      let found = simulation.leader(of: group)
      let leader = try #require(found)
      let (members, site) = (simulation.members(of: group), simulation.site(of: leader))
      #expect(members == (0..<3).map { NodeID(UInt32(number * 3 + $0)) })
      #expect(members.contains(leader) && site == SiteID(UInt16(number % 3)))
      let (configured, home) = (simulation.configuration(of: group), simulation.group(of: leader))
      #expect(configured.voters == members && home == group)
    }
    let violation = simulation.violation
    #expect(violation == nil)
  }

  @Test("A crash of one group's leader is that group's matter, and leadership can be moved back")
  func crash() throws {
    var simulation = try Self.several(further: 2)
    simulation.run(until: simulation.now + .seconds(5))
    let before = (0..<3).map { simulation.leader(of: GroupID(UInt16($0))) }
    try #require(before.allSatisfy { $0 != nil })
    simulation.observations.removeAll()
    simulation.crash(try #require(before[1]))
    simulation.run(until: simulation.now + .seconds(5))
    let after = (0..<3).map { simulation.leader(of: GroupID(UInt16($0))) }
    #expect(after[0] == before[0] && after[2] == before[2] && after[1] != before[1] && after[1] != nil)
    let changes = simulation.observations.leadership
    #expect(changes.allSatisfy { GroupTests.node($0).slot / 3 == 1 } && !changes.isEmpty)

    let isBack = simulation.restart(try #require(before[1]))
    simulation.run(until: simulation.now + .seconds(1))
    // Who leads from there already has nothing to hand over.
    let asked = (0..<2).map { group in
      simulation.moveLeadership(of: GroupID(UInt16(group)), to: simulation.site(of: before[group]!))
    }
    simulation.run(until: simulation.now + .seconds(1))
    let (last, violation) = (simulation.leader(of: GroupID(1)), simulation.violation)
    #expect(isBack && asked == [false, true] && last == before[1] && violation == nil)
  }

  static func node(_ change: LeadershipChange) -> NodeID {
    switch change {
    case .lost(let node, _, _), .resumed(let node, _), .elected(let node, _, _): node
    }
  }

  @Test("A group that is removed is gone for good, and its leader is lost to that; the first group stays")
  func removal() throws {
    var simulation = try Self.several(further: 2)
    simulation.run(until: simulation.now + .seconds(5))
    let found = simulation.leader(of: GroupID(2))
    let leader = try #require(found)
    simulation.observations.removeAll()
    let isRemoved = simulation.removeGroup(GroupID(2))
    let again = simulation.removeGroup(GroupID(2))
    let first = simulation.removeGroup(.first)
    #expect(isRemoved && !again && !first)
    guard case .lost(leader, cause: .removal, _) = simulation.observations.leadership.first else {
      Issue.record("\(simulation.observations.leadership)")
      return
    }
    let (isStarted, ids) = (simulation.restart(leader), simulation.groupIDs)
    simulation.run(until: simulation.now + .seconds(5))
    let (status, violation) = (simulation.status(leader), simulation.violation)
    #expect(!isStarted && ids == [.first, GroupID(1)] && status == .down && violation == nil)
  }

  @Test("Only the group that something happens to is checked for it: two leaders of one term in two groups are none")
  func separateInvariants() throws {
    var simulation = try Self.several(further: 3)
    simulation.run(until: simulation.now + .seconds(5))
    let terms = (0..<4).compactMap { simulation.leader(of: GroupID(UInt16($0))) }.map { simulation.term(of: $0) }
    let violation = simulation.violation
    #expect(terms.count == 4 && Set(terms).count < 4 && violation == nil)
    let breach = simulation.auditLogs()
    #expect(breach == nil)
  }

  @Test("Equal seeds give equal runs")
  func determinism() throws {
    let prints = try [7, 7, 8].map { seed in
      var simulation = try Self.several(further: 2, seed: UInt64(seed))
      simulation.run(until: simulation.now + .seconds(3))
      return simulation.fingerprint
    }
    #expect(prints[0] == prints[1] && prints[0] != prints[2])
  }
}
