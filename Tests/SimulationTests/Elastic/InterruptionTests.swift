import Emulation
import KeyValue
import Raft
import Server
import Testing
import Workload

@testable import Simulation

/// What a lost secretary costs: nothing with notice, a bounded delay without, and never an election or an entry.
@Suite("Interruption") struct InterruptionTests {
  static let sites = ["us-east-1", "us-west-2", "eu-central-1"]

  struct Loss: CustomTestStringConvertible {
    var seed: UInt64
    /// Where the followers are, and their secretaries.
    var site: Int
    var secretaries: Int
    var jitter: Bool
    var testDescription: String {
      "seed \(seed), \(secretaries) secretaries at \(InterruptionTests.sites[site])\(jitter ? ", jitter" : "")"
    }
  }

  static let losses: [Loss] = [UInt64(1), 2].flatMap { seed in
    [1, 2].flatMap { site in
      [1, 2].map { Loss(seed: seed, site: site, secretaries: $0, jitter: seed == 2) }
    }
  }

  /// Four voters beside a leader that is alone at its site: every commit needs two of them.
  func group(_ loss: Loss) throws -> Simulation {
    let matrix = try LatencyTable.named("aws-2020-06").matrix(of: Self.sites)
    var link = LinkModel(delay: .zero)
    if loss.jitter { link.jitter = .gamma(shape: 2, scale: .microseconds(500)) }
    let sites = [0] + Array(repeating: loss.site, count: 4)
    return try Simulation.make(
      SimulationSetup(
        links: LinkTable(matrix, between: link, within: link),
        nodes: sites.map { .init(site: SiteID(UInt16($0)), machine: .ideal) },
        configuration: Configuration(voters: sites.indices.map { NodeID(UInt32($0)) }), raft: Settings(),
        server: ServerSettings(), seed: loss.seed, checksEveryStep: true))
  }

  /// Runs load through the loss of a secretary; the latencies of writes begun before it and after it.
  func lose(
    _ loss: Loss, notice: TimeSpan?
  ) throws -> (before: TimeSpan, after: TimeSpan, takenOver: Int, within: TimeSpan) {
    var simulation = try group(loss)
    let secretaries = try simulation.hire(loss.secretaries, .secretary(capacity: 64), at: loss.site)
    let leader = try simulation.begin(at: 0)
    let relayed = simulation.nodeCounters.batchesRelayed
    simulation.observations.removeAll()
    try simulation.addClients(
      makeClients(servers: [leader], arrival: .constant(rate: 100), value: 512, stop: .seconds(60)))
    simulation.run(until: simulation.now + .seconds(1))
    let carried = simulation.nodeCounters.batchesRelayed - relayed
    #expect(carried > 100, "the followers are served by secretaries")
    let lost = simulation.now
    if let notice {
      simulation.noticeRevocation(secretaries[0])
      simulation.run(until: simulation.now + notice)
    }
    simulation.dismiss(secretaries[0])
    var (seen, within) = (simulation.nodeCounters.relaysTakenOver, TimeSpan.zero)
    for _ in 0..<800 {
      simulation.run(until: simulation.now + .milliseconds(1))
      let count = simulation.nodeCounters.relaysTakenOver
      if count > seen { within = simulation.now - lost }
      seen = count
    }
    simulation.run(until: simulation.now + .seconds(1))
    simulation.drain()
    let (elected, outcomes, takenOver) = (
      simulation.sawElection, simulation.outcomes(), simulation.nodeCounters.relaysTakenOver
    )
    #expect(!elected)
    #expect(outcomes.unknown == 0 && outcomes.failed == 0)
    simulation.expectSound(loss.testDescription)
    let holds = simulation.holdsLastAcknowledged(leader)
    #expect(holds)
    var (before, after) = (TimeSpan.zero, TimeSpan.zero)
    for record in simulation.observations.records {
      let latency = record.ended - record.intended
      if record.ended <= lost { before = max(before, latency) } else { after = max(after, latency) }
    }
    return (before, after, takenOver, within)
  }

  @Test(
    "With notice no write waits for more than a heartbeat interval longer than the slowest normal one",
    arguments: losses)
  func withNotice(loss: Loss) throws {
    let (before, after, takenOver, _) = try lose(loss, notice: .seconds(1))
    print("\(loss.testDescription): \(before) before, \(after) after a notice, \(takenOver) taken over")
    #expect(after <= before + Settings().heartbeatInterval)
  }

  @Test("Without notice the leader has taken over within the relay timeout and a message's delay", arguments: losses)
  func withoutNotice(loss: Loss) throws {
    let (before, after, takenOver, within) = try lose(loss, notice: nil)
    print("\(loss.testDescription): \(before) before, \(after) after a loss, \(takenOver) taken over within \(within)")
    // What the secretary passed on last is answered a hop and a message's delay later; a millisecond is how often the
    // test looks.
    let matrix = try LatencyTable.named("aws-2020-06").matrix(of: Self.sites)
    let site = SiteID(UInt16(loss.site))
    let answer = matrix.delay(from: site, to: site) + matrix.delay(from: site, to: SiteID(0)) + .milliseconds(1)
    #expect(within <= Settings().relayTimeout + answer + (loss.jitter ? .milliseconds(15) : .zero))
    #expect(after <= before + Settings().relayTimeout + before, "what was lost is sent once more, and answered")
    #expect(loss.secretaries > 1 || takenOver > 0)
  }

  @Test(
    "Secretaries that come and go with notice hold up no write, though both ways are in use at once",
    arguments: losses.filter { $0.secretaries == 1 })
  func replacement(loss: Loss) throws {
    var simulation = try group(loss)
    var secretary = try simulation.hire(1, .secretary(capacity: 64), at: loss.site)[0]
    let leader = try simulation.begin(at: 0)
    try simulation.addClients(
      makeClients(servers: [leader], arrival: .poisson(rate: 200), value: 512, stop: .seconds(60)))
    simulation.run(until: simulation.now + .seconds(1))
    let normal = simulation.observations.records.map { $0.ended - $0.intended }.max() ?? .zero
    simulation.observations.removeAll()
    for _ in 0..<4 {
      simulation.noticeRevocation(secretary)
      simulation.run(until: simulation.now + .milliseconds(600))
      simulation.dismiss(secretary)
      secretary = try simulation.hire(1, .secretary(capacity: 64), at: loss.site)[0]
      simulation.run(until: simulation.now + .milliseconds(600))
    }
    let rejected = simulation.nodeCounters.appendsRejected
    simulation.drain()
    let slowest = simulation.observations.records.map { $0.ended - $0.intended }.max() ?? .zero
    print("\(loss.testDescription): \(normal) normally, \(slowest) while secretaries change, \(rejected) rejected")
    #expect(slowest <= normal + Settings().heartbeatInterval)
    let elected = simulation.sawElection
    #expect(!elected)
    simulation.expectSound(loss.testDescription)
  }
}
