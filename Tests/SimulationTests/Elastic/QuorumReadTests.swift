import Emulation
import Raft
import Server
import Testing
import Verification
import Workload

@testable import Simulation

/// Quorum reads over a wide area: nearer than the leader, and as fresh.
@Suite("Quorum reads") struct QuorumReadTests {
  func group(seed: UInt64 = 1, server: ServerSettings = ServerSettings()) throws -> Simulation {
    // The leader is alone overseas; the observer is beside a majority.
    var simulation = try makeWANGroup(
      ["us-east-1", "us-west-2", "eu-central-1"], voters: [1, 2, 2], seed: seed, server: server)
    var settings = ObserverSettings()
    settings.readIndex = .quorum
    try simulation.hire(1, .observer(settings), at: 1)
    return simulation
  }

  @Test("A read costs a round trip to the nearest majority, and the leader nothing") func latency() throws {
    var simulation = try group()
    let leader = try simulation.begin(at: 2)
    let matrix = try LatencyTable.named("aws-2020-06").matrix(of: InterruptionTests.sites)
    let here = SiteID(1)
    simulation.observations.removeAll()
    try simulation.addClients(
      makeClients(
        at: 1, servers: [leader], arrival: .closed(clients: 1, think: .milliseconds(100)), mix: [(.read, 1)],
        stop: .seconds(60)))
    simulation.run(until: simulation.now + .seconds(4))
    let records = simulation.observations.records
    #expect(records.count > 15)
    // Two voters are here; the third of five is in us-east-1.
    let expected = matrix.roundTrip(here, here) + matrix.roundTrip(here, SiteID(0))
    #expect(expected < matrix.roundTrip(here, SiteID(2)))
    for record in records {
      #expect(record.role == .observer)
      #expect(record.ended - record.started == expected)
    }
    let rounds = simulation.nodeCounters.roundReads
    #expect(rounds == 0)
  }

  @Test("They are linearizable through crashes, changes of members and cuts", arguments: [UInt64(1), 2, 3])
  func linearizable(seed: UInt64) throws {
    var simulation = try group(seed: seed)
    _ = try simulation.begin()
    let servers = (0..<5).map { NodeID($0) }
    for site in 0..<3 {
      try simulation.addClients(
        makeClients(
          at: site, servers: servers, arrival: .poisson(rate: 60), mix: [(.update, 1), (.read, 2)], keys: 8,
          stop: .seconds(100)))
    }
    var random = RandomSource(seed: seed)
    var voters = Set(servers)
    for round in 0..<6 {
      simulation.run(until: simulation.now + random.next(in: .milliseconds(500)...(.milliseconds(1_500))))
      let victim = servers[Int(random.next(below: 5))]
      if round % 2 == 0 {
        simulation.crash(victim)
        simulation.run(until: simulation.now + .seconds(2))
        simulation.restart(victim)
      } else if let leader = simulation.leader, victim != leader {
        let change = voters.contains(victim) ? ConfigurationChange.Step.remove(victim) : .addLearner(victim)
        if (try? simulation.propose(ConfigurationChange([change]), to: leader)) != nil { voters.remove(victim) }
      }
    }
    simulation.run(until: simulation.now + .seconds(3))
    simulation.drain()
    let (violation, verdict) = (simulation.violation, simulation.verdict())
    #expect(violation == nil)
    #expect(verdict == .linearizable)
    let byObserver = simulation.observations.records.filter { $0.role == .observer }.count
    #expect(byObserver > 100)
  }
}
