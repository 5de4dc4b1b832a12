import Emulation
import Raft
import Server
import Testing
import Workload

@testable import Simulation

@Suite("Newcomers and laggards") struct MembershipTests {
  @Test(arguments: [0, 40]) func aNewMachineBecomesAVoter(snapshotEvery: Int) throws {
    var server = ServerSettings()
    server.snapshotEvery = snapshotEvery
    server.keepEntries = 10
    var simulation = try makeGroup(machine: FaultTests.machine, server: server)
    let elected = simulation.electLeader()
    let leader = try #require(elected)
    try simulation.addClients(
      makeClients(servers: [leader], arrival: .poisson(rate: 60), stop: .seconds(12)))
    simulation.run(until: simulation.now + .seconds(4))
    let newcomer = try simulation.addMachine(SimulationSetup.Node(site: SiteID(0), machine: FaultTests.machine))
    _ = try simulation.propose(ConfigurationChange([.addLearner(newcomer)]), to: leader)
    simulation.run(until: simulation.now + .seconds(3))
    _ = try simulation.propose(ConfigurationChange([.addVoter(newcomer)]), to: leader)
    simulation.run(until: simulation.now + .seconds(3))
    simulation.drain()
    let (violation, agree, known) = (
      simulation.violation, simulation.replicasAgree(), simulation.node(newcomer).configuration
    )
    #expect(violation == nil)
    #expect(agree)
    #expect(known.voters == (0..<4).map { NodeID($0) })
    // It takes part: with one of the others gone, it is needed and it counts.
    simulation.crash(NodeID(leader.rawValue == 0 ? 1 : 0))
    simulation.restart(newcomer)
    simulation.crash(newcomer)
    let restarted = simulation.restart(newcomer)
    #expect(restarted)
    simulation.run(until: simulation.now + .seconds(5))
    let (commit, late) = (simulation.node(leader).commitIndex, simulation.violation)
    #expect(commit >= simulation.node(newcomer).appliedIndex)
    #expect(late == nil)
  }

  @Test(arguments: [64, 1 << 16]) func aFollowerThatMissedTooMuchGetsASnapshot(chunk: Int) throws {
    var server = ServerSettings()
    server.snapshotEvery = 50
    server.keepEntries = 5
    var raft = Settings()
    raft.snapshotChunkBytes = chunk * 8
    var simulation = try makeGroup(machine: FaultTests.machine, server: server, raft: raft)
    let elected = simulation.electLeader()
    let leader = try #require(elected)
    let follower = NodeID(leader.rawValue == 0 ? 1 : 0)
    simulation.crash(follower)
    try simulation.addClients(
      makeClients(servers: [leader], arrival: .poisson(rate: 100), stop: .seconds(4)))
    simulation.run(until: simulation.now + .seconds(4))
    simulation.restart(follower)
    simulation.observations.removeAll()
    simulation.run(until: simulation.now + .seconds(8))
    simulation.drain()
    let installed = simulation.observations.happenings.contains {
      if case .snapshotInstalled = $0.event { $0.node == follower } else { false }
    }
    #expect(installed)
    let (violation, agree) = (simulation.violation, simulation.replicasAgree())
    #expect(violation == nil)
    #expect(agree)
    // What it was given is on its disk.
    simulation.crash(follower)
    let restarted = simulation.restart(follower)
    #expect(restarted)
    simulation.run(until: simulation.now + .seconds(3))
    let (again, late) = (simulation.replicasAgree(), simulation.violation)
    #expect(again)
    #expect(late == nil)
  }
}
