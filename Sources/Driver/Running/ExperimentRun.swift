import Emulation
import Experiment
import Foundation
import Policies
import Raft
import Simulation
import Traces
import Verification
import Workload

/// One execution of a spec with one seed: drives the world, injects faults, records traces and checks the end.
public struct ExperimentRun: ~Copyable {
  /// How often progress is reported and an interruption is noticed at least, on the run's own clock.
  static let slice = TimeSpan.milliseconds(100)

  let plan: RunPlan
  var simulation: Simulation
  /// Never replaced; a variable because Swift 6.3 crashes when, for the thread sanitizer, it compiles a change of an object
  /// that is held by a constant of a noncopyable value.
  var traces: RunTraces
  var timeline: Timeline
  var random: RandomSource
  var history: History
  var audit = DurabilityAudit()
  /// By group: up to where its log was audited.
  var lastAudited: [LogIndex] = []
  /// By group.
  var memberships: [MembershipWatch]
  var traffic: TrafficSampler
  var faults = FaultLog()
  var machineOfFault: [Int: NodeID] = [:]
  let clock: RunClock
  var fleet: FleetManager
  var epochs: EpochLoop?
  /// Members' machines, by number.
  var machines: [MemberMachine]
  var actions = ActionLog()
  /// Where each group is to be led from, by its place; empty where that does not matter.
  var homes: [SiteID] = []
  /// Groups that are led from elsewhere and about to be brought home.
  var comingHome: Set<GroupID> = []

  /// Prepares a run whose traces go to `directory`; throws when the spec or the directory cannot be used, or when
  /// `policies` has no policy of the spec's name.
  public init(_ spec: ExperimentSpec, directory: String, policies: PolicyRegistry = PolicyRegistry()) throws {
    guard spec.world == .simulated else {
      throw LocalRefusal.process("found world: \(spec.world.rawValue), expected simulated")
    }
    let plan = try RunPlan(spec)
    let loop = try EpochLoop(spec, policies)
    var simulation = try Simulation.make(plan.setup)
    var names = plan.names
    if spec.system == .multiRaft {
      try simulation.split(intoGroups: spec.group.count, nodes: plan.groupNodes, ledFrom: plan.homes)
      for slot in plan.initialNodes.count..<simulation.machineCount {
        names.addNext(NodeID(UInt32(slot)), in: simulation)
      }
    }
    for clients in try plan.clients() { try simulation.addClients(clients) }
    let fleet = try FleetManager(spec)
    let recorder = Recorder(names: names, settings: try plan.recorderSettings)
    traces = try RunTraces(
      path: directory,
      manifest: Manifest(
        name: spec.name, world: spec.world.rawValue, seed: spec.seed, spec: spec.canonicalYAML, version: Version.current
      ),
      recorder: recorder, history: spec.record.history)
    self.plan = plan
    clock = plan.clock
    self.fleet = fleet
    epochs = loop
    history = History(boundedAge: spec.group.boundedAge)
    timeline = Timeline(spec)
    random = RandomSource(seed: spec.seed, stream: 0xFA17)
    memberships = simulation.groupIDs.map { group in
      MembershipWatch(simulation.configuration(of: group), group: Int(group.rawValue))
    }
    let learners = plan.configuration.learners
    machines = (0..<simulation.machineCount).map { slot in
      MemberMachine(type: plan.memberType, role: learners.contains(NodeID(UInt32(slot))) ? .learner : .voter)
    }
    if spec.system == .multiRaft { homes = memberships.indices.map { plan.homes[$0 % plan.homes.count] } }
    traffic = TrafficSampler(window: spec.record.windows, nodes: plan.initialNodes.map(\.id))
    self.simulation = simulation
    for membership in memberships { membership.reportInitial(to: traces) }
  }

  /// Where a spec's traces go unless told otherwise: `runs/<name>-<world>-<seed>`.
  public static func defaultDirectory(_ spec: ExperimentSpec) throws -> String {
    "runs/" + (try RunDirectory.name(spec: spec.name, world: spec.world.rawValue, seed: spec.seed))
  }

  /// Runs to the end, or until `isInterrupted` says so; `progress` is told how far it has come.
  public consuming func run(
    isInterrupted: () -> Bool = { false }, progress: (RunProgress) -> Void = { _ in }
  ) throws -> RunOutcome {
    let end = Instant.zero + clock.world(plan.spec.duration)
    // Operations that were under way at the end have until their deadline to end.
    let drained = end + plan.spec.clients.operationDeadline + plan.spec.clients.attemptTimeout
    var wasInterrupted = false
    try requestFirstFleet()
    while simulation.now < end || (simulation.now < drained && !simulation.clientsAreDrained) {
      if isInterrupted() {
        wasInterrupted = true
        break
      }
      var next = min(timeline.next, traffic.next, simulation.now + Self.slice)
      next = min(next, nextMarketEvent)
      // No epoch ends after the last one, however long operations take to end.
      if simulation.now < end { next = min(next, end, epochEnd) }
      next = max(simulation.now, next)
      simulation.run(until: next)
      try takeObservations()
      // Nothing takes place any more; what was recorded until then shows how it came about.
      if simulation.violation != nil { break }
      while let action = timeline.take(dueAt: simulation.now) { perform(action) }
      advanceMarkets()
      if simulation.now >= min(epochEnd, end), simulation.now <= end { endEpoch(isLast: simulation.now >= end) }
      try takeObservations()
      if simulation.now >= traffic.next { traffic.sample(simulation, into: traces) }
      progress(
        RunProgress(
          done: min(simulation.now, end) - .zero, total: end - .zero, events: simulation.eventCount))
    }
    let isComplete = !wasInterrupted && simulation.violation == nil
    return try finish(isComplete: isComplete)
  }

  private consuming func finish(isComplete: Bool) throws -> RunOutcome {
    // Others may have seen what was still under way.
    simulation.abandonClients()
    try takeObservations()
    traffic.sample(simulation, into: traces)
    // What ends after the end of the run belongs to no epoch.
    if simulation.now <= .zero + clock.world(plan.spec.duration) { endEpoch(isLast: true) }
    try writeBill()
    traces.recorder.rows.actions += actions.rows
    faults.endAll(at: simulation.now, in: traces) { _ in true }
    let report = check()
    let (summary, _) = try traces.finish(at: simulation.now, complete: isComplete) { _ in
      report.verdict.rawValue
    }
    return RunOutcome(
      directory: traces.directory.path, summary: summary, report: report, names: traces.recorder.names,
      events: simulation.eventCount, isComplete: isComplete, faults: faults.counts)
  }

  private borrowing func check() -> CheckReport {
    var report = CheckReport()
    guard plan.spec.record.checks != .none else { return report }
    var details: [String] = []
    if let violation = simulation.violation { details.append(violation.description) }
    for slot in 0..<simulation.machineCount {
      var invariants = Invariants()
      let node = NodeID(UInt32(slot))
      if let found = invariants.check(simulation.node(node)) { details.append("\(node): \(found)") }
      if let failure = simulation.failure(node), failure.breaksPromise { details.append("\(node): \(failure)") }
    }
    report.add(.invariants, details.isEmpty ? .pass : .fail, details: details)
    report.add(simulation.groupIDs.flatMap { ReplicaDigest.disagreements(among: replicas(of: $0)) })
    report.add(audit.result())
    if plan.spec.record.history { report.add(LinearizabilityChecker().check(history)) }
    return report
  }

  /// What the replicas of a group that run hold, observers included.
  private borrowing func replicas(of group: GroupID) -> [ReplicaDigest] {
    var replicas: [ReplicaDigest] = []
    for node in simulation.members(of: group) where simulation.status(node) == .running {
      replicas.append(
        ReplicaDigest(node: node, applied: simulation.appliedIndex(of: node), digest: simulation.digest(node)))
    }
    for node in simulation.fleet where simulation.fleetStatus(node) == .working && simulation.group(of: node) == group {
      guard let state = simulation.observerState(node) else { continue }
      replicas.append(ReplicaDigest(node: node, applied: state.applied, digest: state.digest))
    }
    return replicas
  }
}
