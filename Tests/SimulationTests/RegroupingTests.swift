import Emulation
import KeyValue
import Raft
import Server
import Testing
import Workload

@testable import Simulation

@Suite("Scaling out and in by whole groups, under load") struct RegroupingTests {
  static let server: ServerSettings = {
    var server = ServerSettings()
    server.snapshotEvery = 150
    server.keepEntries = 40
    return server
  }()

  /// Every key that a group holds is its own by the routing, in every replica; how many there are.
  static func misplaced(_ simulation: borrowing Simulation) -> (keys: Int, wrong: [String]) {
    var (keys, wrong) = (0, [String]())
    for group in simulation.groupIDs {
      for node in simulation.members(of: group) {
        for (key, _) in simulation.store(node).sortedContents where simulation.router.group(of: key) != group {
          wrong.append("\(key) in \(node) of \(group)")
        }
      }
      keys += simulation.store(simulation.members(of: group)[0]).keyCount
    }
    return (keys, wrong)
  }

  @Test(
    "From one group to three and back to two: keys end where the routing says, nothing is lost or done twice",
    arguments: 1...3 as ClosedRange<UInt64>)
  func outAndIn(seed: UInt64) throws {
    var simulation = try makeSharded(groups: 1, seed: seed, stop: .seconds(25), server: Self.server)
    simulation.run(until: simulation.now + .seconds(5))
    for expected in 1...2 {
      let group = try simulation.scaleOut(simulation.threeVoters(), ledFrom: SiteID(UInt16(expected)))
      let isBusy = simulation.isRegrouping
      let second = try simulation.scaleOut(simulation.threeVoters(), ledFrom: SiteID(0))
      let isRemoved = simulation.removeGroup(GroupID(UInt16(expected)))
      #expect(!isRemoved)
      #expect(group == GroupID(UInt16(expected)) && isBusy && second == nil)
      simulation.run(until: simulation.now + .seconds(5))
    }
    let (grown, leaders) = (simulation.router, (0..<3).map { simulation.leader(of: GroupID(UInt16($0))) })
    #expect(grown.groups == [.first, GroupID(1), GroupID(2)] && leaders.allSatisfy { $0 != nil })
    let placed = Self.misplaced(simulation)
    #expect(placed.keys > 40 && placed.wrong.isEmpty, "\(placed)")

    let isRemoved = simulation.removeGroup(GroupID(1))
    #expect(!isRemoved)
    let isBegun = try simulation.scaleIn(GroupID(1), from: SiteID(0))
    simulation.run(until: simulation.now + .seconds(5))
    let (ids, done) = (simulation.groupIDs, simulation.observations.regroupings)
    #expect(isBegun && ids == [.first, GroupID(2)])
    #expect(done.map(\.change) == [.added(GroupID(1)), .added(GroupID(2)), .removed(GroupID(1))])
    #expect(done.allSatisfy { $0.progress.keys > 5 && $0.ended - $0.began < .seconds(4) }, "\(done)")
    simulation.drain()
    let (findings, agree, last) = (simulation.findings(), simulation.groupsAgree(), Self.misplaced(simulation))
    #expect(findings.isEmpty, "\(findings)")
    #expect(agree && last.keys > 40 && last.wrong.isEmpty, "\(last)")
  }

  @Test("Moves survive crashes of either leader, partitions and lost messages", arguments: 1...8 as ClosedRange<UInt64>)
  func faults(seed: UInt64) throws {
    var link = LinkModel(delay: .zero)
    link.loss = 0.02
    var simulation = try makeSharded(groups: 2, seed: seed, stop: .seconds(40), server: Self.server, link: link)
    var random = RandomSource(seed: seed, stream: 4)
    simulation.run(until: simulation.now + .seconds(4))
    var crashes = 0
    for change in 0..<3 {
      if change < 2 {
        _ = try simulation.scaleOut(simulation.threeVoters(), ledFrom: SiteID(UInt16(change)))
      } else {
        _ = try simulation.scaleIn(GroupID(1), from: SiteID(2))
      }
      var rounds = 0
      while simulation.isRegrouping, rounds < 200 {
        rounds += 1
        simulation.run(until: simulation.now + .milliseconds(20 + Int64(random.next(below: 300))))
        for group in simulation.groupIDs {
          let members = simulation.members(of: group)
          for node in members where simulation.status(node) == .down && random.nextBool(probability: 0.5) {
            simulation.restart(node)
          }
          let isWhole = members.allSatisfy { simulation.status($0) == .running }
          if isWhole, rounds < 30, random.nextBool(probability: 0.5), let leader = simulation.leader(of: group) {
            simulation.crash(leader)
            crashes += 1
          }
        }
        if rounds == 3 {
          let cut = SiteID(UInt16(random.next(below: 3)))
          let others = (0..<3).map { SiteID($0) }.filter { $0 != cut }
          _ = try simulation.begin(.groups([[.site(cut)], others.map { .site($0) }]))
        }
        if rounds == 9 { simulation.healAll() }
      }
      let isOver = !simulation.isRegrouping
      #expect(isOver, "after \(rounds) rounds")
    }
    for group in simulation.groupIDs { for node in simulation.members(of: group) { simulation.restart(node) } }
    simulation.healAll()
    simulation.drain()
    let (findings, agree, placed) = (simulation.findings(), simulation.groupsAgree(), Self.misplaced(simulation))
    #expect(findings.isEmpty, "\(findings)")
    #expect(agree && placed.keys > 40 && placed.wrong.isEmpty && crashes > 3, "\(placed), \(crashes) crashes")
    let ids = simulation.router.groups
    #expect(ids == [.first, GroupID(2), GroupID(3)])
  }

  @Test(
    "Observers of the first group serve its keys alone, and follow it through moves",
    arguments: 1...3 as ClosedRange<UInt64>)
  func observers(seed: UInt64) throws {
    var simulation = try makeSharded(groups: 1, seed: seed, stop: .seconds(20), server: Self.server)
    for site in 0..<3 {
      let observer = try simulation.hire(.observer(ObserverSettings()), at: SiteID(UInt16(site)), machine: .ideal)
      #expect(observer != nil)
    }
    simulation.run(until: simulation.now + .seconds(5))
    _ = try simulation.scaleOut(simulation.threeVoters(), ledFrom: SiteID(1))
    simulation.run(until: simulation.now + .seconds(5))
    _ = try simulation.scaleIn(GroupID(1), from: SiteID(1))
    simulation.run(until: simulation.now + .seconds(5))
    let changes = simulation.observations.regroupings.count
    simulation.drain()
    let (findings, leader) = (simulation.findings(), simulation.leader)
    #expect(findings.isEmpty && changes == 2, "\(findings)")
    let served = simulation.observations.records.count { $0.role == .observer }
    #expect(served > 100)
    let digest = simulation.digest(try #require(leader))
    for observer in simulation.fleet {
      let state = simulation.observerState(observer)
      #expect(state?.digest == digest)
    }
  }

  @Test("Equal seeds give equal runs through a move of keys")
  func determinism() throws {
    let runs = try [5, 5].map { seed in
      var simulation = try makeSharded(groups: 1, seed: UInt64(seed), stop: .seconds(8))
      simulation.run(until: simulation.now + .seconds(4))
      _ = try simulation.scaleOut(simulation.threeVoters(), ledFrom: SiteID(1))
      simulation.run(until: simulation.now + .seconds(5))
      return (
        print: simulation.fingerprint, records: simulation.observations.records,
        moves: simulation.observations.regroupings
      )
    }
    #expect(runs[0].print == runs[1].print && runs[0].records == runs[1].records)
    #expect(runs[0].moves == runs[1].moves && runs[0].moves.count == 1)
  }
}
