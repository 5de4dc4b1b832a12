import Emulation
import KeyValue
import Raft
import Server
import Testing
import Workload

@testable import Simulation

/// Changes of leaders, members and secretaries while entries travel over secretaries.
@Suite("Secretaries through changes") struct UpheavalTests {
  static let servers = (0..<5).map { NodeID($0) }
  static let voters = [1, 2, 2]
  static let mix: [(OperationKind, Double)] = [(.update, 1), (.read, 1), (.increment, 0.2), (.append, 0.2)]

  func group(
    seed: UInt64, machine: MachineModel = FaultTests.machine, server: ServerSettings = ServerSettings(),
    change: (inout Settings) -> Void = { _ in }
  ) throws -> Simulation {
    var raft = Settings()
    change(&raft)
    return try makeWANGroup(
      InterruptionTests.sites, voters: Self.voters, machine: machine, seed: seed, raft: raft, server: server)
  }

  func load(_ simulation: inout Simulation, rate: Double = 60, value: Int = 200) throws {
    simulation.observations.removeAll()
    for site in 0..<3 {
      try simulation.addClients(
        makeClients(
          at: site, servers: Self.servers, arrival: .poisson(rate: rate), mix: Self.mix, keys: 20, value: value,
          stop: .seconds(100)))
    }
  }

  @Test("A new leader goes on over the secretaries of the old one", arguments: [UInt64(1), 2, 3])
  func leaderChange(seed: UInt64) throws {
    var simulation = try group(seed: seed)
    for site in 1...2 { try simulation.hire(2, .secretary(capacity: 64), at: site) }
    let leader = try simulation.begin()
    try load(&simulation)
    simulation.run(until: simulation.now + .seconds(2))
    simulation.crash(leader)
    let crashed = simulation.now
    let elected = simulation.electLeader()
    let successor = try #require(elected)
    #expect(simulation.now - crashed < .seconds(6), "secretaries keep nobody from campaigning")
    simulation.run(until: simulation.now + .seconds(1))
    let relayed = simulation.nodeCounters.batchesRelayed
    simulation.restart(leader)
    simulation.run(until: simulation.now + .seconds(3))
    let now = simulation.nodeCounters.batchesRelayed
    #expect(successor != leader)
    #expect(now > relayed + 50)
    simulation.drain()
    simulation.expectSound("seed \(seed)")
  }

  @Test(
    "A secretary that stood still while leaders changed does no harm when it comes back", arguments: [UInt64(1), 2, 3])
  func staleSecretary(seed: UInt64) throws {
    var simulation = try group(seed: seed)
    let secretaries = try simulation.hire(2, .secretary(capacity: 64), at: 1)
    let leader = try simulation.begin(at: 0)
    try load(&simulation)
    simulation.run(until: simulation.now + .seconds(1))
    simulation.pause(secretaries[0])
    // What it had is delivered when it resumes, in the middle of another leader's term.
    simulation.run(until: simulation.now + .milliseconds(100))
    simulation.crash(leader)
    let elected = simulation.electLeader()
    _ = try #require(elected)
    simulation.restart(leader)
    simulation.run(until: simulation.now + .seconds(1))
    simulation.observations.leadership.removeAll()
    let (cuts, rejected) = (simulation.secretaryCounters.cuts, simulation.nodeCounters.appendsRejected)
    simulation.resume(secretaries[0])
    simulation.run(until: simulation.now + .milliseconds(5))
    let (stale, refused) = (
      simulation.secretaryCounters.cuts - cuts, simulation.nodeCounters.appendsRejected - rejected
    )
    #expect(stale > 0 && refused > 0, "it passed batches of the old leader on")
    simulation.run(until: simulation.now + .seconds(4))
    let disturbed = simulation.sawElection
    #expect(!disturbed)
    simulation.drain()
    simulation.expectSound("seed \(seed)")
  }

  @Test("A secretary that is given notice while it stands still retires when it goes on")
  func noticeWhilePaused() throws {
    var simulation = try group(seed: 1)
    let secretary = try simulation.hire(1, .secretary(capacity: 64), at: 1)[0]
    _ = try simulation.begin(at: 0)
    try load(&simulation)
    simulation.run(until: simulation.now + .seconds(1))
    simulation.pause(secretary)
    simulation.noticeRevocation(secretary)
    simulation.run(until: simulation.now + .milliseconds(100))
    simulation.resume(secretary)
    // The notice takes a message's way to the leader.
    simulation.run(until: simulation.now + .milliseconds(200))
    let (status, relayed) = (simulation.fleetStatus(secretary), simulation.nodeCounters.batchesRelayed)
    #expect(status == .leaving)
    simulation.run(until: simulation.now + .seconds(2))
    let later = simulation.nodeCounters.batchesRelayed
    #expect(later == relayed, "its followers are served directly before it goes")
    simulation.dismiss(secretary)
    simulation.drain()
    simulation.expectSound()
  }

  @Test("All followers behind one secretary: its loss costs time, and no election", arguments: [UInt64(1), 2])
  func everyoneBehindOne(seed: UInt64) throws {
    var simulation = try group(seed: seed) { $0.relayReach = .group }
    let secretary = try simulation.hire(1, .secretary(capacity: 64), at: 0)[0]
    _ = try simulation.begin(at: 0)
    try load(&simulation)
    for _ in 0..<3 {
      simulation.run(until: simulation.now + .seconds(2))
      simulation.dismiss(secretary)
      simulation.run(until: simulation.now + .seconds(1))
      let again = try simulation.hire(1, .secretary(capacity: 64), at: 0)
      #expect(again == [secretary], "it begins a new life in the place of the old one")
    }
    simulation.run(until: simulation.now + .seconds(2))
    let (disturbed, takenOver) = (simulation.sawElection, simulation.nodeCounters.relaysTakenOver)
    #expect(!disturbed)
    #expect(takenOver >= 4)
    simulation.drain()
    simulation.expectSound("seed \(seed)")
  }

  @Test("A slow secretary reorders what it and the leader send, and nothing else", arguments: [UInt64(1), 2, 3])
  func slowSecretary(seed: UInt64) throws {
    var simulation = try group(seed: seed)
    var slow = FaultTests.machine
    slow.cpuPerMessage = .milliseconds(9)
    try simulation.hire(1, .secretary(capacity: 64), at: 1, machine: slow)
    try simulation.hire(1, .secretary(capacity: 64), at: 2)
    _ = try simulation.begin(at: 0)
    try load(&simulation)
    simulation.run(until: simulation.now + .seconds(5))
    let (disturbed, takenOver) = (simulation.sawElection, simulation.nodeCounters.relaysTakenOver)
    let repeated = simulation.nodeCounters.roundsRepeated
    #expect(!disturbed)
    #expect(takenOver > 0 && repeated > 0, "both ways were used at once")
    simulation.drain()
    simulation.expectSound("seed \(seed)")
  }

  @Test("Batches are cut anywhere around changes of the configuration", arguments: [1, 2, 3])
  func batchesAroundChanges(entries: Int) throws {
    var simulation = try group(seed: UInt64(entries)) {
      $0.maximumEntriesPerMessage = entries
      $0.maximumInflightMessages = 4
    }
    for site in 0...2 { try simulation.hire(1, .secretary(capacity: 64), at: site) }
    let leader = try simulation.begin(at: 0)
    try load(&simulation, rate: 10)
    var newcomers: [NodeID] = []
    for site in 1...2 {
      newcomers.append(try simulation.addMachine(.init(site: SiteID(UInt16(site)), machine: FaultTests.machine)))
    }
    func change(_ steps: [ConfigurationChange.Step]) throws {
      _ = try simulation.propose(ConfigurationChange(steps), to: leader)
      simulation.run(until: simulation.now + .seconds(3))
    }
    simulation.run(until: simulation.now + .seconds(1))
    try change(newcomers.map { .addLearner($0) })
    try change(newcomers.map { .addVoter($0) })
    try change([.remove(NodeID(1)), .remove(NodeID(3))])
    try change([.addLearner(NodeID(1)), .addLearner(NodeID(3))])
    let (disturbed, voters) = (simulation.sawElection, simulation.configuration(of: leader).voters)
    #expect(!disturbed)
    #expect(voters == [NodeID(0), NodeID(2), NodeID(4)] + newcomers)
    simulation.drain()
    simulation.expectSound("\(entries) entries per message")
  }

  @Test("A follower that was removed is sent nothing more over its secretary")
  func removal() throws {
    var simulation = try group(seed: 1)
    for site in 1...2 { try simulation.hire(1, .secretary(capacity: 64), at: site) }
    let leader = try simulation.begin(at: 0)
    try load(&simulation)
    simulation.run(until: simulation.now + .seconds(1))
    _ = try simulation.propose(ConfigurationChange([.remove(NodeID(2))]), to: leader)
    simulation.run(until: simulation.now + .seconds(1))
    let (index, in1) = (simulation.lastPosition(of: NodeID(2)).index, simulation.counters(NodeID(1)).messagesIn)
    let cuts = simulation.secretaryCounters.cuts
    simulation.run(until: simulation.now + .seconds(2))
    let (later, in2) = (simulation.lastPosition(of: NodeID(2)).index, simulation.counters(NodeID(1)).messagesIn)
    let relayed = simulation.secretaryCounters.cuts - cuts
    #expect(later == index)
    #expect(in2 > in1 + 50 && relayed > 50, "the one beside it is served on")
    let violation = simulation.violation
    #expect(violation == nil)
  }

  @Test(
    "A leader's lease holds with followers whose entries all come over secretaries, and ends with them",
    arguments: [UInt64(1), 2, 3])
  func leases(seed: UInt64) throws {
    var simulation = try group(seed: seed) { $0.readConfirmation = .lease(clockDriftPartsPerMillion: 1_000) }
    for site in 1...2 { try simulation.hire(1, .secretary(capacity: 64), at: site) }
    let leader = try simulation.begin(at: 0)
    try load(&simulation)
    simulation.run(until: simulation.now + .seconds(2))
    let (leased, rounds) = (simulation.nodeCounters.leaseReads, simulation.nodeCounters.roundReads)
    #expect(leased > 20 * rounds)
    // The leader keeps its clients and its secretaries, and loses its followers: the others elect one of their own.
    let followers = (1..<5).map { Place.endpoint(simulation.endpoint(of: NodeID($0))) }
    let cut = try simulation.begin(.groups([[.endpoint(simulation.endpoint(of: leader))], followers]))
    simulation.run(until: simulation.now + .seconds(4))
    simulation.heal(cut)
    simulation.run(until: simulation.now + .seconds(3))
    let changed = simulation.sawElection
    #expect(changed)
    simulation.drain()
    simulation.expectSound("seed \(seed)")
  }

  @Test(
    "The whole fleet is killed every second: nothing is lost, no election happens, writes only wait",
    arguments: [UInt64(1), 2])
  func everyoneKilledEverySecond(seed: UInt64) throws {
    var simulation = try group(seed: seed)
    func hireAll(_ simulation: inout Simulation) throws {
      for site in 0...2 {
        try simulation.hire(2, .secretary(capacity: 64), at: site, machine: FaultTests.machine)
        try simulation.hire(1, .observer(ObserverSettings()), at: site, machine: FaultTests.machine)
      }
    }
    try hireAll(&simulation)
    _ = try simulation.begin(at: 0)
    try load(&simulation)
    var random = RandomSource(seed: seed)
    for _ in 0..<8 {
      simulation.run(until: simulation.now + random.next(in: .milliseconds(900)...(.milliseconds(1_100))))
      for node in simulation.fleet { simulation.dismiss(node) }
      try hireAll(&simulation)
    }
    simulation.run(until: simulation.now + .seconds(2))
    let (disturbed, relayed) = (simulation.sawElection, simulation.nodeCounters.batchesRelayed)
    let machines = simulation.fleet.count
    #expect(!disturbed)
    #expect(relayed > 200)
    #expect(machines == 9, "each begins anew in the place of one that is gone")
    simulation.drain()
    let outcomes = simulation.outcomes()
    #expect(outcomes.unknown == 0 && outcomes.failed == 0)
    #expect(outcomes.ok > 1_000)
    let longest = simulation.observations.records.map { $0.ended - $0.intended }.max() ?? .zero
    print("seed \(seed): \(outcomes.ok) operations, the slowest \(longest)")
    // A read that asked an observer waits for it once, a write for a secretary: never for both in turn.
    #expect(longest < .seconds(2))
    simulation.expectSound("seed \(seed)")
  }
}
