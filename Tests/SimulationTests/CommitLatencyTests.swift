import Emulation
import KeyValue
import Raft
import Server
import Testing
import Workload

@testable import Simulation

/// With CPU, disk and jitter at zero, what the simulation measures is what the theory of quorums says.
@Suite struct CommitLatencyTests {
  static let placements: [(matrix: String, sites: [String], voters: [Int])] = [
    ("aws-2020-06", ["us-east-1", "us-west-2", "eu-central-1"], [2, 2, 1]),
    ("aws-2020-06", ["us-east-1", "ap-southeast-1", "eu-west-1"], [1, 1, 1]),
    ("aws-2022-04", ["us-east-1", "us-west-2", "eu-central-1", "ap-northeast-1", "sa-east-1"], [1, 1, 1, 1, 1]),
    ("gcp-2020-06", ["us-east1", "europe-west1", "asia-east1"], [3, 2, 2]),
  ]

  @Test(arguments: placements.indices) func commitTakesTheRoundTripToTheNearestQuorum(place: Int) throws {
    let (name, sites, voters) = Self.placements[place]
    let table = try LatencyTable.named(name)
    let matrix = try table.matrix(of: sites)
    let nodes = voters.enumerated().flatMap { site, count in
      (0..<count).map { _ in SimulationSetup.Node(site: SiteID(UInt16(site)), machine: .ideal) }
    }
    var simulation = try Simulation.make(
      SimulationSetup(
        links: LinkTable(matrix), nodes: nodes,
        configuration: Configuration(voters: nodes.indices.map { NodeID(UInt32($0)) }), raft: Settings(),
        server: ServerSettings(), seed: 7))
    simulation.run(until: .zero + .seconds(10))
    let elected = simulation.leader
    let leader = try #require(elected)
    let leaderSite = nodes[leader.slot].site

    // The leader's commit: the round trip to the farthest member of its nearest quorum.
    let trips = nodes.indices.filter { $0 != leader.slot }.map { matrix.roundTrip(leaderSite, nodes[$0].site) }.sorted()
    let quorumTrip = trips[nodes.count / 2 - 1]

    for site in sites.indices {
      let here = SiteID(UInt16(site))
      let mix = OperationMix(name: "puts", weights: [(.update, 1)])
      var settings = ClientSettings()
      settings.attemptTimeout = .seconds(5)
      let clients = try SiteClients(
        site: here, place: SitePlace(index: 0, of: 1), servers: [leader],
        phases: [
          LoadPhase(
            start: .zero, mix: mix, arrival: .closed(clients: 1, think: .seconds(1)), keys: .uniform, keyCount: 10,
            value: .constant(64), consistency: .linearizable)
        ], stop: .seconds(5), settings: settings, random: RandomSource(seed: 3, stream: UInt64(site)))
      simulation.observations.removeAll()
      try simulation.addClients(clients)
      simulation.run(until: simulation.now + .seconds(10))
      let expected = quorumTrip + matrix.roundTrip(here, leaderSite)
      let records = simulation.observations.records
      #expect(records.count >= 3)
      for record in records {
        #expect(record.ended - record.started == expected, "from \(sites[site])")
      }
    }
  }

  @Test func theSameSeedGivesTheSameRunAndAnotherSeedAnother() throws {
    func run(seed: UInt64) throws -> (UInt64, UInt64) {
      let matrix = try LatencyMatrix(sites: ["a", "b"], roundTrip: .milliseconds(40), within: .milliseconds(1))
      var link = LinkModel(delay: .zero)
      link.jitter = .gamma(shape: 2, scale: .milliseconds(1))
      let machine = MachineModel(
        name: "small", cpuPerMessage: .microseconds(5), cpuPerKibibyte: .microseconds(1),
        cpuPerOperation: .microseconds(3), egress: Bandwidth(bitsPerSecond: 1_000_000_000),
        diskSync: .microseconds(300), diskThroughput: nil)
      let nodes = [0, 0, 1].map { SimulationSetup.Node(site: SiteID(UInt16($0)), machine: machine) }
      var simulation = try Simulation.make(
        SimulationSetup(
          links: LinkTable(matrix, between: link), nodes: nodes,
          configuration: Configuration(voters: [NodeID(0), NodeID(1), NodeID(2)]), raft: Settings(),
          server: ServerSettings(), seed: seed, checksEveryStep: true))
      try simulation.addClients(
        SiteClients(
          site: SiteID(0), place: SitePlace(index: 0, of: 1), servers: [NodeID(0), NodeID(1), NodeID(2)],
          phases: [
            LoadPhase(
              start: .zero, mix: OperationMix.named("ycsb-a")!, arrival: .poisson(rate: 200),
              keys: .zipfian(theta: 0.99),
              keyCount: 100, value: .constant(100), consistency: .linearizable)
          ], stop: .seconds(8), random: RandomSource(seed: seed, stream: 5)))
      simulation.run(until: .zero + .seconds(3))
      if let leader = simulation.leader { simulation.crash(leader) }
      simulation.run(until: .zero + .seconds(6))
      for slot in 0..<3 { simulation.restart(NodeID(UInt32(slot))) }
      simulation.run(until: .zero + .seconds(20))
      let violation = simulation.violation
      #expect(violation == nil)
      let isDrained = simulation.clientsAreDrained
      #expect(isDrained)
      var digests: Set<UInt64> = []
      for slot in 0..<3 { digests.insert(simulation.digest(NodeID(UInt32(slot)))) }
      #expect(digests.count == 1)
      let records = simulation.observations.records
      #expect(records.filter { if case .ok = $0.outcome { true } else { false } }.count > 500)
      return (simulation.fingerprint, simulation.eventCount)
    }
    let first = try run(seed: 1)
    #expect(try run(seed: 1) == first)
    #expect(try run(seed: 2) != first)
  }
}
