import Emulation
import KeyValue
import Raft
import Server
import Testing
import Workload

@testable import Simulation

/// What observers add, and what they cost the leader.
@Suite("Observers") struct ObserverScalingTests {
  /// A machine that executes 200 operations a second.
  static let busy = MachineModel(
    name: "busy", cpuPerMessage: .microseconds(20), cpuPerKibibyte: .zero, cpuPerOperation: .milliseconds(5),
    egress: nil, diskSync: .zero, diskThroughput: nil)

  /// Linearizable reads per second of a group with so many observers at its site, all of them busy.
  func throughput(_ observers: Int) throws -> Double {
    var simulation = try makeGroup(at: [0, 0, 0], machine: Self.busy)
    try simulation.hire(observers, .observer(ObserverSettings()), at: 0, machine: Self.busy)
    let leader = try simulation.begin()
    try simulation.addClients(
      makeClients(
        servers: [leader], arrival: .closed(clients: 16 * max(1, observers), think: .zero), mix: [(.read, 1)],
        stop: .seconds(100)))
    simulation.run(until: simulation.now + .milliseconds(500))
    simulation.observations.removeAll()
    let start = simulation.now
    simulation.run(until: start + .seconds(2))
    let (records, violation) = (simulation.observations.records, simulation.violation)
    #expect(violation == nil)
    let served = records.filter { $0.role == (observers > 0 ? .observer : .leader) }
    #expect(served.count == records.count)
    return Double(records.count) / 2
  }

  @Test("Read throughput grows linearly with observers while machines are busy") func linearGrowth() throws {
    let alone = try throughput(0)
    let counts = [1, 2, 4, 8, 16, 32]
    let rates = try counts.map { try throughput($0) }
    // Least squares through all points.
    let n = Double(counts.count)
    let meanX = counts.reduce(0.0) { $0 + Double($1) } / n
    let meanY = rates.reduce(0, +) / n
    var (sxx, sxy, syy) = (0.0, 0.0, 0.0)
    for (count, rate) in zip(counts, rates) {
      sxx += (Double(count) - meanX) * (Double(count) - meanX)
      sxy += (Double(count) - meanX) * (rate - meanY)
      syy += (rate - meanY) * (rate - meanY)
    }
    let slope = sxy / sxx
    let intercept = meanY - slope * meanX
    let fit = sxy * sxy / (sxx * syy)
    print("reads/s: \(alone) alone, \(Array(zip(counts, rates))); \(intercept) + \(slope) x observers, R2 \(fit)")
    // 200 operations a second, less what the messages take.
    #expect(alone > 190 && alone < 200)
    #expect(fit > 0.999)
    #expect(abs(slope - alone) < 0.02 * alone && abs(intercept) < 0.1 * alone)
  }

  /// A group at site 0, and observers at site 1 who are 40 ms away from it.
  func remote(
    observers: Int, _ settings: ObserverSettings = ObserverSettings(), followers: Int = 0, secretaries: Int = 0,
    server: ServerSettings = ServerSettings(), seed: UInt64 = 1
  ) throws -> Simulation {
    let matrix = try LatencyMatrix(sites: ["near", "far"], roundTrip: .milliseconds(40), within: .milliseconds(1))
    let sites = [0, 0, 0] + Array(repeating: 1, count: followers)
    var simulation = try Simulation.make(
      SimulationSetup(
        links: LinkTable(matrix), nodes: sites.map { .init(site: SiteID(UInt16($0)), machine: .ideal) },
        configuration: Configuration(voters: sites.indices.map { NodeID(UInt32($0)) }), raft: Settings(),
        server: server, seed: seed, checksEveryStep: true))
    try simulation.hire(secretaries, .secretary(capacity: 64), at: 1)
    try simulation.hire(observers, .observer(settings), at: 1)
    return simulation
  }

  /// What the leader receives from observers per second while they serve so many reads per second together.
  func leaderMessages(observers: Int, reads: Double) throws -> Double {
    var simulation = try remote(observers: observers)
    let leader = try simulation.begin(at: 0)
    func received(_ simulation: inout Simulation) -> Double {
      let (start, before) = (simulation.now, simulation.counters(leader).messagesIn)
      simulation.run(until: start + .seconds(2))
      return Double(simulation.counters(leader).messagesIn - before) / 2
    }
    let idle = received(&simulation)
    try simulation.addClients(
      makeClients(at: 1, servers: [leader], arrival: .poisson(rate: reads), mix: [(.read, 1)], stop: .seconds(100)))
    simulation.run(until: simulation.now + .seconds(1))
    simulation.observations.removeAll()
    let busy = received(&simulation)
    let (served, violation) = (simulation.observations.records.count, simulation.violation)
    #expect(violation == nil)
    #expect(abs(Double(served) - 2 * reads) < 0.2 * reads)
    return busy - idle
  }

  @Test("What reads cost the leader grows with observers and not with reads") func costOfReads() throws {
    // A batch is under way per observer, so that 25 a second come from 40 ms away; each of them may need a round of its
    // own, which two followers answer.
    let few = try leaderMessages(observers: 4, reads: 1_000)
    let many = try leaderMessages(observers: 4, reads: 4_000)
    let wide = try leaderMessages(observers: 8, reads: 2_000)
    print("leader's messages/s for reads: \(few) for 1000 reads/s, \(many) for 4000, \(wide) over twice the observers")
    #expect(abs(many - few) < 0.05 * few)
    #expect(wide > 1.5 * few && wide < 2.1 * few)
    #expect(many <= 4 * 25 * 3 * 1.05)
  }

  /// How often the leader sends its log while observers are fed.
  func logsSent(_ feed: ObserverSettings.FeedPreference, followers: Int, secretaries: Int) throws -> Double {
    var settings = ObserverSettings()
    settings.feed = feed
    var simulation = try remote(observers: 8, settings, followers: followers, secretaries: secretaries)
    let leader = try simulation.begin(at: 0)
    simulation.run(until: simulation.now + .seconds(5))
    let (before, index) = (simulation.counters(leader), simulation.lastPosition(of: leader).index)
    try simulation.addClients(
      makeClients(servers: [leader], arrival: .constant(rate: 100), value: 16_384, stop: .seconds(60)))
    simulation.run(until: simulation.now + .seconds(2))
    simulation.drain()
    let sent = simulation.counters(leader).wanBytesOut - before.wanBytesOut
    let log = simulation.logBytes(of: leader, after: index)
    let end = simulation.commitIndex(of: leader)
    for node in simulation.fleet {
      if let state = simulation.observerState(node) {
        #expect(state.applied == end)
        let same = simulation.digest(leader)
        #expect(state.digest == same)
      }
    }
    let violation = simulation.violation
    #expect(violation == nil)
    return Double(sent) / Double(log)
  }

  @Test("Observers cost the leader no bandwidth when a follower or a secretary near them feeds them") func feeds()
    throws
  {
    let alone = try logsSent(.leader, followers: 0, secretaries: 0)
    let leader = try logsSent(.leader, followers: 2, secretaries: 0)
    let follower = try logsSent(.nearest, followers: 2, secretaries: 0)
    let secretary = try logsSent(.nearest, followers: 2, secretaries: 1)
    print(
      "the leader's WAN egress in logs: \(alone) feeding 8 observers, \(leader) with two followers there, \(follower) "
        + "when these feed, \(secretary) when a secretary serves all")
    #expect(abs(alone - 8) < 0.2)
    #expect(abs(leader - 10) < 0.2)
    #expect(abs(follower - 2) < 0.1)
    #expect(abs(secretary - 1) < 0.1)
  }

  @Test("Bounded reads are as fresh as they say while their observer comes and goes", arguments: [UInt64(1), 2, 3])
  func boundedReads(seed: UInt64) throws {
    var server = ServerSettings()
    server.boundedAge = .milliseconds(300)
    var simulation = try remote(observers: 2, followers: 2, server: server, seed: seed)
    let leader = try simulation.begin(at: 0)
    let servers = [leader] + (0..<5).map { NodeID($0) }.filter { $0 != leader }
    for site in 0...1 {
      try simulation.addClients(
        makeClients(
          at: site, servers: servers, arrival: .poisson(rate: 100), mix: [(.update, 1), (.read, 3)], keys: 5,
          stop: .seconds(60), consistency: .bounded))
    }
    var random = RandomSource(seed: seed)
    for round in 0..<6 {
      simulation.run(until: simulation.now + random.next(in: .milliseconds(200)...(.milliseconds(900))))
      let observer = simulation.fleet[round % 2]
      let all = (0..<5).map { Place.endpoint(simulation.endpoint(of: NodeID($0))) }
      // Cut off from some of the members: with a feed and no leader, or the other way round.
      let others = all.filter { _ in random.nextBool(probability: 0.5) }
      guard !others.isEmpty else { continue }
      let cut = try simulation.begin(.groups([[.endpoint(simulation.endpoint(of: observer))], others]))
      simulation.run(until: simulation.now + random.next(in: .milliseconds(100)...(.milliseconds(1_500))))
      simulation.heal(cut)
    }
    simulation.drain()
    simulation.expectSound("seed \(seed)", boundedAge: server.boundedAge)
    let reads = simulation.observations.records.filter { $0.operation.isRead && $0.role == .observer }
    let local = reads.filter { $0.ended - $0.started == .milliseconds(1) }
    #expect(reads.count > 200)
    // Most of them are within the age of an index that was waited for, and are served at once.
    #expect(local.count > reads.count / 2, "\(local.count) of \(reads.count)")
  }

  @Test("Local reads are served at once, and linearizable ones after a round trip to the leader and its quorum")
  func latency() throws {
    for consistency in [ReadConsistency.local, .linearizable] {
      var simulation = try remote(observers: 1, followers: 2)
      let leader = try simulation.begin(at: 0)
      try simulation.addClients(
        makeClients(
          at: 1, servers: [leader], arrival: .closed(clients: 1, think: .milliseconds(100)), mix: [(.read, 1)],
          stop: .seconds(60), consistency: consistency))
      simulation.run(until: simulation.now + .seconds(3))
      let records = simulation.observations.records
      #expect(records.count > 15)
      for record in records {
        #expect(record.role == .observer)
        // A millisecond to the observer and back; 40 to the leader, whose quorum is at its own site.
        let expected = consistency == .local ? TimeSpan.milliseconds(1) : .milliseconds(42)
        #expect(record.ended - record.started == expected)
      }
    }
  }

  @Test("Clients ask the observer of their site, and others when it stands still") func failover() throws {
    var simulation = try remote(observers: 1, followers: 2)
    let leader = try simulation.begin(at: 0)
    let observer = simulation.fleet[0]
    let servers = [leader] + (0..<5).map { NodeID($0) }.filter { $0 != leader }
    for site in 0...1 {
      try simulation.addClients(
        makeClients(
          at: site, servers: servers, arrival: .constant(rate: 100), mix: [(.read, 1)], stop: .seconds(60)))
    }
    simulation.run(until: simulation.now + .seconds(1))
    for record in simulation.observations.records {
      #expect((record.server == observer) == (record.site == SiteID(1)))
    }
    // Nobody tells the clients.
    simulation.pause(observer)
    let paused = simulation.now
    simulation.run(until: paused + .seconds(3))
    let timeout = ClientSettings().attemptTimeout
    var waited = 0
    for record in simulation.observations.records where record.site == SiteID(1) && record.started >= paused {
      guard case .ok = record.outcome else {
        #expect(Bool(false), "\(record)")
        continue
      }
      #expect(record.server == leader)
      // Whoever asked before the first silence was noticed waits for it, and nobody else.
      if record.started > paused + timeout { #expect(record.attempts == 1) } else { waited += 1 }
    }
    #expect(waited > 50)
    simulation.observations.removeAll()
    simulation.resume(observer)
    simulation.run(until: simulation.now + .seconds(4))
    let back = simulation.observations.records.filter { $0.server == observer }.count
    #expect(back > 100)
    simulation.drain()
    simulation.expectSound()
  }
}
