import Cloud
import Emulation
import Experiment
import Foundation
import Glibc
import Raft
import Runtime
import Simulation
import Traces
import Verification
import Wire
import Workload

/// One execution of a spec with real processes on this machine: an `eraft node` for each node, an `eraft load` for each site
/// with clients, links emulated by whoever sends.
///
/// It drives, records and checks as ``ExperimentRun`` does. Time is that of the machine's monotonic clock, which all
/// processes share, and counts from the moment at which nodes and clients are told to begin.
public final class LocalRun {
  /// How long reports are held back, so that those of several processes are taken in the order of time.
  static let lag = TimeSpan.milliseconds(200)
  /// How long processes may take to start.
  static let patience = TimeSpan.seconds(30)

  let plan: RunPlan
  let executable: String
  let directory: LocalDirectory
  let cluster: ClusterID
  let desk: OrderDesk
  let traces: RunTraces
  var timeline: Timeline
  var random: RandomSource
  var nodes: [LocalNode] = []
  /// The load processes, by the site of their clients.
  var loads: [(site: SiteID, child: LocalChild, isDone: Bool)] = []
  var network: Network
  /// What each pair of ends was told of the link between them.
  var toldLinks: [LinkKey: LinkUpdate] = [:]
  var fleet: FleetManager
  var faults = FaultLog()
  var ports: [UInt16]
  /// What is to be done with answers that have not come.
  var awaited: [Int: (LocalRun, OrderDesk.Answer) -> Void] = [:]
  var orderCount = 0

  /// The newest configuration and leader that any node reported.
  var configuration: Configuration
  var configurationIndex = LogIndex.zero
  var leader: NodeID?
  var leaderTerm = Term.zero

  var ledger: ReportLedger
  /// The moment from which the run counts, by the machine's clock; nil before it began.
  var origin: Instant?
  /// What nodes and loads said of their failing.
  var failures: [String] = []

  /// Prepares a run whose traces go to `directory`. `executable` is the path of this program; `keepsFiles` leaves the
  /// processes' files in the run directory.
  ///
  /// Throws when the spec or the directory cannot be used.
  public init(_ spec: ExperimentSpec, directory: String, executable: String, keepsFiles: Bool = false) throws {
    let plan = try RunPlan(spec)
    var generator = SystemRandomNumberGenerator()
    cluster = ClusterID(high: generator.next(), low: generator.next())
    desk = try OrderDesk(cluster: cluster)
    let fleet = try FleetManager(spec)
    let recorder = Recorder(names: plan.names, settings: try plan.recorderSettings)
    traces = try RunTraces(
      path: directory,
      manifest: Manifest(
        name: spec.name, world: spec.world.rawValue, seed: spec.seed, spec: spec.canonicalYAML, version: Version.current
      ),
      recorder: recorder, history: spec.record.history)
    self.directory = try LocalDirectory(in: directory, keeps: keepsFiles)
    self.plan = plan
    self.executable = executable
    self.fleet = fleet
    timeline = Timeline(spec)
    random = RandomSource(seed: spec.seed, stream: 0xFA17)
    configuration = plan.configuration
    let ends = plan.nodes.map(\.site) + spec.sites.indices.map { SiteID(UInt16($0)) }
    network = try Network(plan.links, endpoints: ends, seed: spec.seed)
    ledger = ReportLedger(plan, network: network)
    // No policy hires here: the fleet is what the spec says.
    let hired = (spec.fleet.secretaries + spec.fleet.observers).reduce(0) { $0 + $1.count }
    ports = try FreePorts.choose(plan.nodes.count + hired)
    for node in plan.nodes {
      let role: Wire.NodeRole = node.origin == .voter ? .voter : .learner
      nodes.append(makeNode(node.id, node.name, at: node.site, role, on: plan.memberType))
    }
    ledger.membership.reportInitial(to: traces)
  }

  /// Runs to the end, or until `isInterrupted` says so; `progress` is told how far it has come. No process is left.
  public func run(
    isInterrupted: () -> Bool = { false }, progress: (RunProgress) -> Void = { _ in }
  ) throws -> RunOutcome {
    defer { tearDown() }
    try launch(isInterrupted)
    let end = Instant.zero + plan.spec.duration
    var wasInterrupted = false
    while !loads.allSatisfy(\.isDone) || now < end {
      if !wasInterrupted, isInterrupted() {
        wasInterrupted = true
        for load in loads { load.child.send("abandon") }
      }
      if wasInterrupted, loads.allSatisfy(\.isDone) { break }
      try step(waiting: min(timeline.next, ledger.nextSample, now + .milliseconds(20)))
      progress(RunProgress(done: min(now, end) - .zero, total: end - .zero, events: UInt64(ledger.count)))
    }
    return try finish(isComplete: !wasInterrupted)
  }

  /// The time of the run.
  var now: Instant { origin.map { .zero + (MonotonicClock.now - $0) } ?? .zero }

  /// Waits for reports until a moment at most, and does all that is due.
  func step(waiting until: Instant) throws {
    pump(for: max(.zero, until - now))
    takeAnswers()
    try ledger.settle(through: now - Self.lag, into: traces)
    while let action = timeline.take(dueAt: now) { perform(action) }
    advanceMarkets()
    if now >= ledger.nextSample { sample() }
  }

  private func finish(isComplete: Bool) throws -> RunOutcome {
    let ended = now
    // What the last commands led to shall have come everywhere before replicas are compared.
    let settled = ended + plan.spec.group.raft.heartbeatInterval * 3 + plan.longestDelay
    while now < settled { pump(for: settled - now) }
    sample()
    let answered = now + .seconds(1)
    while now < answered, !ledger.hasAllSamples { pump(for: .milliseconds(10)) }
    tearDown()
    try ledger.settle(through: .distantFuture, into: traces)
    ledger.endSamples(into: traces)
    let end = max(ended, .zero + plan.spec.duration, ledger.last)
    try writeBill(until: isComplete ? .zero + plan.spec.duration : ended)
    faults.endAll(at: end, in: traces) { _ in true }
    let report = ledger.check(failures: failures)
    let (summary, _) = try traces.finish(at: isComplete ? end : ended, complete: isComplete) { _ in
      report.verdict.rawValue
    }
    return RunOutcome(
      directory: traces.directory.path, summary: summary, report: report, names: traces.recorder.names,
      events: UInt64(ledger.count), isComplete: isComplete, faults: faults.counts)
  }

  /// Ends all processes and removes what they left.
  private func tearDown() {
    for node in nodes { node.child?.signal(SIGKILL) }
    for load in loads { load.child.signal(SIGKILL) }
    for slot in nodes.indices {
      nodes[slot].child?.end()
      nodes[slot].child = nil
    }
    for load in loads { load.child.end() }
    directory.remove()
  }
}

extension RunPlan {
  /// The longest delay of a link, one way.
  var longestDelay: TimeSpan {
    var longest = TimeSpan.zero
    for from in spec.sites.indices {
      for to in spec.sites.indices {
        longest = max(longest, delays.delay(from: SiteID(UInt16(from)), to: SiteID(UInt16(to))))
      }
    }
    return longest
  }
}
