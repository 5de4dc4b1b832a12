import Emulation
import Raft
import Server
import Testing
import Workload

@testable import Simulation

/// Two voters, so that the leader can commit nothing without the other's acknowledgement.
@Suite("Crashes at the boundaries of durable writes") struct DiskCrashPointTests {
  enum Host: CaseIterable {
    case ideal, real
    var machine: MachineModel { self == .ideal ? .ideal : FaultTests.machine }
  }

  @Test(arguments: DiskCrashPoint.allCases, Host.allCases)
  func theMachineCrashesWhereItIsTold(point: DiskCrashPoint, host: Host) throws {
    var simulation = try makeGroup(at: [0, 1], machine: host.machine)
    let elected = simulation.electLeader()
    let leader = try #require(elected)
    let node = simulation.follower
    simulation.run(until: simulation.now + .seconds(1))
    try simulation.addClients(
      makeClients(
        at: simulation.site(of: leader).slot, servers: [leader], arrival: .closed(clients: 1, think: .zero),
        stop: .seconds(20)))
    let (before, commit) = (simulation.contents(node), simulation.node(leader).commitIndex)
    let armed = simulation.crashAtNextDiskWrite(node, point)
    simulation.run(until: simulation.now + .milliseconds(300))
    let (status, counts) = (simulation.status(node), simulation.diskFaultCounts)
    #expect(armed && status == .down)
    #expect(counts.crashesBeforeWrite == (point == .beforeWrite ? 1 : 0))
    #expect(counts.crashesAfterWrite == (point == .afterWrite ? 1 : 0))
    #expect(counts.crashesBeforeMessages == (point == .beforeMessages ? 1 : 0))

    // One entry was sent to it: it is on the medium or not, the node knows or not, and nobody heard of it.
    let (after, heard, late) = (
      simulation.contents(node), simulation.node(node).durableIndex, simulation.node(leader).commitIndex
    )
    #expect(after.entries.count == before.entries.count + (point == .beforeWrite ? 0 : 1))
    #expect(heard == LogIndex(UInt64(before.entries.count + (point == .beforeMessages ? 1 : 0))))
    #expect(late == commit)

    // Once, and never again.
    let restarted = simulation.restart(node)
    simulation.run(until: simulation.now + .seconds(8))
    simulation.drain()
    let (running, violation, agree, ok) = (
      simulation.status(node), simulation.violation, simulation.replicasAgree(), simulation.outcomes().ok
    )
    #expect(restarted && running == .running && violation == nil && agree && ok > 10)
  }

  @Test(arguments: DiskCrashPoint.allCases)
  func theOrderIsForgottenWhenTheMachineGoesDown(point: DiskCrashPoint) throws {
    var simulation = try makeBusyGroup(stop: .seconds(5))
    let node = simulation.follower
    simulation.pause(node)
    simulation.run(until: simulation.now + .milliseconds(10))
    let armed = simulation.crashAtNextDiskWrite(node, point)
    simulation.crash(node)
    let whileDown = simulation.crashAtNextDiskWrite(node, point)
    let restarted = simulation.restart(node)
    simulation.drain()
    let (status, counts, agree) = (
      simulation.status(node), simulation.diskFaultCounts, simulation.replicasAgree()
    )
    #expect(armed && !whileDown && restarted && status == .running && agree)
    #expect(counts.crashesBeforeWrite + counts.crashesAfterWrite + counts.crashesBeforeMessages == 0)
  }

  @Test(arguments: DiskCrashPoint.allCases, [UInt64(1), 2, 3])
  func leadersThatCrashAtEachPointLoseNothing(point: DiskCrashPoint, seed: UInt64) throws {
    var simulation = try makeBusyGroup(seed: seed, stop: .seconds(16))
    for tail in [DiskTail.lost, .torn, .lost] {
      let elected = simulation.leader
      let leader = try #require(elected)
      simulation.setDiskTail(leader, tail)
      simulation.crashAtNextDiskWrite(leader, point)
      simulation.run(until: simulation.now + .milliseconds(200))
      let status = simulation.status(leader)
      #expect(status == .down)
      let successor = simulation.electLeader()
      _ = try #require(successor)
      simulation.restart(leader)
      simulation.run(until: simulation.now + .seconds(1))
    }
    simulation.drain()
    let (violation, agree, ok) = (simulation.violation, simulation.replicasAgree(), simulation.outcomes().ok)
    #expect(violation == nil && agree && ok > 30)
    for node in 0..<3 as Range<UInt32> {
      let holds = simulation.holdsLastAcknowledged(NodeID(node))
      #expect(holds)
    }
  }
}
