import Emulation
import KeyValue
import Raft
import Server
import Testing
import Workload

@testable import Simulation

@Suite("Several groups under load") struct ShardedLoadTests {
  @Test(
    "Each group has the keys that the routing gives it, and the history is linearizable through crashes",
    arguments: 1...4 as ClosedRange<UInt64>)
  func crashes(seed: UInt64) throws {
    var server = ServerSettings()
    server.snapshotEvery = 200
    server.keepEntries = 50
    var simulation = try makeSharded(groups: 3, seed: seed, stop: .seconds(20), server: server)
    var random = RandomSource(seed: seed, stream: 99)
    for _ in 0..<12 {
      simulation.run(until: simulation.now + .milliseconds(1_500))
      // Each group loses at most one member at a time.
      for group in simulation.groupIDs {
        for node in simulation.members(of: group) where simulation.status(node) == .down { simulation.restart(node) }
        if random.nextBool(probability: 0.6), let leader = simulation.leader(of: group) { simulation.crash(leader) }
      }
    }
    for group in simulation.groupIDs { for node in simulation.members(of: group) { simulation.restart(node) } }
    simulation.drain()
    let (findings, agree) = (simulation.findings(), simulation.groupsAgree())
    #expect(findings.isEmpty, "\(findings)")
    #expect(agree)
    var keys = 0
    for group in simulation.groupIDs {
      let contents = simulation.store(simulation.members(of: group)[0]).sortedContents
      #expect(!contents.isEmpty)
      for (key, _) in contents {
        let owner = simulation.router.group(of: key)
        #expect(owner == group)
      }
      keys += contents.count
    }
    #expect(keys > 40)
  }

  @Test("Groups of the start are led from the sites in turn within a second, and one group is left as it is")
  func split() throws {
    var simulation = try makeGroup()
    let sites = (0..<3).map { SiteID($0) }
    try simulation.split(intoGroups: 5, nodes: simulation.threeVoters(), ledFrom: sites)
    simulation.run(until: simulation.now + .seconds(1))
    let leaders = simulation.groupIDs.map { simulation.leader(of: $0).map { simulation.site(of: $0) } }
    let router = simulation.router
    #expect(leaders == [0, 1, 2, 0, 1].map { SiteID($0) })
    #expect(router == KeyRouter(groups: (0..<5).map { GroupID($0) }, version: RoutingVersion(1)))

    var plain = try makeGroup()
    var same = try makeGroup()
    try same.split(intoGroups: 1, nodes: same.threeVoters(), ledFrom: sites)
    plain.run(until: plain.now + .seconds(5))
    same.run(until: same.now + .seconds(5))
    let prints = (plain.fingerprint, same.fingerprint)
    #expect(prints.0 == prints.1)
  }

  @Test("Equal seeds give equal runs with several groups")
  func determinism() throws {
    let runs = try [3, 3, 4].map { seed in
      var simulation = try makeSharded(groups: 3, seed: UInt64(seed), stop: .seconds(8))
      simulation.run(until: simulation.now + .seconds(9))
      return (print: simulation.fingerprint, records: simulation.observations.records)
    }
    #expect(runs[0].print == runs[1].print && runs[0].records == runs[1].records)
    #expect(runs[0].print != runs[2].print && runs[0].records.count > 100)
  }
}
