import Emulation
import Raft
import Server
import Storage
import Testing

@testable import Simulation

@Suite("Disks that are wiped") struct DiskIdentityTests {
  @Test func trap15_aWipedNodeIsReplacedUnderANewIdentifier() throws {
    var simulation = try makeBusyGroup()
    let (elected, wiped) = (simulation.leader, simulation.follower)
    let leader = try #require(elected)
    let early = simulation.wipeDisk(wiped)
    #expect(!early, "the disk of a machine that runs was wiped")
    simulation.crash(wiped)
    let done = simulation.wipeDisk(wiped)
    let (restarted, failure) = (simulation.restart(wiped), simulation.failure(wiped))
    #expect(done && !restarted)
    let identity = StorageIdentity(
      cluster: ClusterID(high: 0, low: 0), node: wiped, incarnation: UInt64(wiped.rawValue) + 1)
    #expect(failure == .storage(.identityMissing(expected: identity)))
    let total = simulation.diskFaultCounts
    #expect(total.wipedStartsRefused == 1)
    let corrupted = simulation.corruptDisk(wiped)
    #expect(!corrupted, "an empty disk holds nothing to damage")

    // Its place is taken by a new node on a new storage.
    _ = try simulation.propose(ConfigurationChange([.remove(wiped)]), to: leader)
    simulation.run(until: simulation.now + .seconds(1))
    let newcomer = try simulation.addMachine(SimulationSetup.Node(site: SiteID(0), machine: FaultTests.machine))
    let fresh = simulation.machines[newcomer.slot].identity
    #expect(newcomer != wiped && fresh.incarnation != identity.incarnation)
    _ = try simulation.propose(ConfigurationChange([.addLearner(newcomer)]), to: leader)
    simulation.run(until: simulation.now + .seconds(2))
    _ = try simulation.propose(ConfigurationChange([.addVoter(newcomer)]), to: leader)
    simulation.run(until: simulation.now + .seconds(2))
    simulation.crash(newcomer)
    let started = simulation.restart(newcomer)
    simulation.run(until: simulation.now + .seconds(2))
    simulation.drain()
    let (violation, agree, voters) = (
      simulation.violation, simulation.replicasAgree(), simulation.node(newcomer).configuration.voters
    )
    #expect(started && violation == nil && agree)
    #expect(voters == (0..<4).map { NodeID($0) }.filter { $0 != wiped })
  }

  @Test func trap15_onlyTheExpectedStorageIsRecovered() throws {
    let cluster = ClusterID(high: 0, low: 7)
    let expected = StorageIdentity(cluster: cluster, node: NodeID(1), incarnation: 4)
    try StorageIdentity.recover(expected: expected, found: expected)
    #expect(throws: StorageRefusal.identityMissing(expected: expected)) {
      try StorageIdentity.recover(expected: expected, found: nil)
    }
    let others = [
      StorageIdentity(cluster: cluster, node: NodeID(2), incarnation: 4),
      StorageIdentity(cluster: cluster, node: NodeID(1), incarnation: 5),
      StorageIdentity(cluster: ClusterID(high: 7, low: 0), node: NodeID(1), incarnation: 4),
    ]
    for other in others {
      #expect(throws: StorageRefusal.identityMismatch(expected: expected, found: other)) {
        try StorageIdentity.recover(expected: expected, found: other)
      }
    }
    #expect(
      StorageRefusal.identityMismatch(expected: expected, found: others[0]).description
        == "the storage is that of n2 of cluster \(cluster) on storage 4, not that of n1 of cluster \(cluster) on storage 4"
    )
  }
}
