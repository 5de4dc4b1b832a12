import Emulation
import Raft
import Server
import Testing
import Workload

@testable import Simulation

/// Commit latency of both topologies against what the round-trip times say, to the nanosecond.
@Suite("Latency over secretaries") struct RelayLatencyTests {
  struct Topology: CustomTestStringConvertible {
    var voters: [Int]
    /// Sites with a secretary each.
    var secretaries: [Int]
    var acknowledgements: Settings.AcknowledgementRoute
    var reach = Settings.RelayReach.locality
    var testDescription: String { "\(voters) voters, secretaries at \(secretaries), \(acknowledgements), \(reach)" }
  }

  static let sites = ["us-east-1", "us-west-2", "eu-central-1"]

  static let topologies: [Topology] = Settings.AcknowledgementRoute.allCases.flatMap { route in
    [
      Topology(voters: [1, 4, 0], secretaries: [1], acknowledgements: route),
      Topology(voters: [1, 2, 2], secretaries: [1, 2], acknowledgements: route),
      Topology(voters: [2, 2, 1], secretaries: [0, 1, 2], acknowledgements: route),
      Topology(voters: [1, 2, 4], secretaries: [2], acknowledgements: route),
      // Over a third place: the detour is part of the latency.
      Topology(voters: [1, 4, 0], secretaries: [2], acknowledgements: route, reach: .group),
    ]
  }

  @Test("A commit takes the way over the secretary there, and the way of the answer back", arguments: topologies)
  func commitLatency(topology: Topology) throws {
    var raft = Settings()
    raft.acknowledgements = topology.acknowledgements
    raft.relayReach = topology.reach
    var simulation = try makeWANGroup(Self.sites, voters: topology.voters, raft: raft)
    let matrix = try LatencyTable.named("aws-2020-06").matrix(of: Self.sites)
    for site in topology.secretaries { try simulation.hire(1, .secretary(capacity: 64), at: site) }
    let leader = try simulation.begin(at: 0)
    simulation.observations.removeAll()
    try simulation.addClients(
      makeClients(servers: [leader], arrival: .closed(clients: 1, think: .milliseconds(700)), stop: .seconds(20)))
    simulation.run(until: simulation.now + .seconds(6))

    let here = SiteID(0)
    let ways = (0..<simulation.machineCount).map { NodeID(UInt32($0)) }.filter { $0 != leader }.map {
      node -> TimeSpan in
      let there = simulation.site(of: node)
      let relay: SiteID
      if topology.secretaries.contains(there.slot) {
        relay = there
      } else if topology.reach == .group {
        relay = SiteID(UInt16(topology.secretaries[0]))
      } else {
        return matrix.roundTrip(here, there)
      }
      let outward = matrix.delay(from: here, to: relay) + matrix.delay(from: relay, to: there)
      switch topology.acknowledgements {
      case .direct: return outward + matrix.delay(from: there, to: here)
      case .carried: return outward + matrix.delay(from: there, to: relay) + matrix.delay(from: relay, to: here)
      }
    }.sorted()
    // A majority with the leader itself.
    let expected = ways[simulation.machineCount / 2 - 1] + matrix.roundTrip(here, here)
    let (records, violation) = (simulation.observations.records, simulation.violation)
    #expect(violation == nil)
    #expect(records.count >= 5)
    for record in records { #expect(record.ended - record.started == expected) }
    print("\(topology.testDescription): \(expected)")
  }
}
