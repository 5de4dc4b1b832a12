import Emulation
import KeyValue
import Raft
import Server
import Simulation
import Verification
import Workload

/// One execution of a plan: a safety phase under faults, then a phase in which the group must recover.
///
/// The run is a function of the plan and the binary. It ends at the first broken property.
public struct FuzzRun: ~Copyable {
  let plan: FuzzPlan
  var simulation: Simulation
  var agenda = Agenda()
  var coverage = Coverage()
  var failure: FuzzFailure?
  /// How many troubles took effect, beside faults of disks that were armed.
  var fired = 0
  /// By slot: whether the machine is lost for good, or will be when an armed fault fires.
  var isDoomed: [Bool]
  /// By slot: whether the machine's disk lost everything.
  var isWiped: [Bool]

  var history: History
  var audit = DurabilityAudit()
  var lastAudited = LogIndex.zero
  /// By slot: the last campaign that the node began.
  var campaigns: [Campaign?]
  /// The number of the last write that was handed to a leader since the faults stopped, and whether one was applied.
  var probes: UInt64 = 0
  var probeWasApplied = false
  var timeline: Timeline?

  /// Sets a plan up. With `recordsTimeline` every event takes a line, at some cost.
  ///
  /// Throws only if the plan is impossible, which is a defect of the drawing.
  static func make(
    _ plan: FuzzPlan, variant: KnownBadVariant? = nil, recordsTimeline: Bool = false
  ) throws -> FuzzRun {
    var setup = plan.setup
    variant?.prepare(&setup)
    var simulation = try Simulation.make(setup)
    variant?.prepare(&simulation)
    for spare in plan.spares { _ = try simulation.addMachine(spare) }
    for hand in plan.fleet { _ = try simulation.hire(hand.role, at: hand.site, machine: plan.setup.nodes[0].machine) }
    let servers = (0..<simulation.machineCount).map { NodeID(UInt32($0)) }
    for (place, site) in plan.clients.enumerated() {
      try simulation.addClients(
        SiteClients(
          site: site.site, place: SitePlace(index: place, of: plan.clients.count),
          servers: FuzzRun.order(servers, from: site.nearest), phases: [site.phase], stop: nil, settings: site.settings,
          random: RandomSource(seed: plan.seed, stream: 0xC11E27 + UInt64(place))))
    }
    return FuzzRun(plan, simulation, recordsTimeline)
  }

  private init(_ plan: FuzzPlan, _ simulation: consuming Simulation, _ recordsTimeline: Bool) {
    self.plan = plan
    isDoomed = Array(repeating: false, count: simulation.machineCount)
    isWiped = isDoomed
    campaigns = Array(repeating: nil, count: simulation.machineCount)
    history = History(boundedAge: plan.longestBoundedAge)
    self.simulation = simulation
    for trouble in plan.troubles { agenda.add(.begin(trouble), at: trouble.at) }
    if recordsTimeline { timeline = Timeline() }
  }

  /// The servers in an order that differs between sites.
  static func order(_ servers: [NodeID], from place: Int) -> [NodeID] {
    let shift = place % max(1, servers.count)
    return Array(servers[shift...] + servers[..<shift])
  }

  /// Runs the plan to its end.
  consuming func execute() -> FuzzOutcome {
    advance(to: plan.calm)
    if failure == nil { recover() }
    if failure == nil { checkEnd() }
    collectCoverage()
    if failure == nil, fired == 0, !hasDiskFired {
      fail(FuzzFailure.Check.vacuity, ["none of the \(plan.troubles.count) troubles took effect"])
    }
    return FuzzOutcome(
      seed: plan.seed, failure: failure, coverage: coverage, events: simulation.eventCount,
      virtual: simulation.now - .zero, fingerprint: simulation.fingerprint, timeline: timeline)
  }

  /// Whether any fault of a disk that was armed has fired.
  private var hasDiskFired: Bool {
    let disks = simulation.diskFaultCounts
    return disks.writesFailed + disks.crashesBeforeWrite + disks.crashesAfterWrite + disks.crashesBeforeMessages > 0
  }

  /// Lets time pass to `end`, doing what is due on the way.
  mutating func advance(to end: Instant) {
    while failure == nil, simulation.now < end || agenda.next <= end {
      run(until: min(end, agenda.next))
      while failure == nil, let item = agenda.take(dueAt: simulation.now) {
        carryOut(item)
        observe()
      }
    }
  }

  private mutating func run(until end: Instant) {
    if timeline != nil {
      while failure == nil, simulation.step(until: end) { observe() }
    } else {
      simulation.run(until: end)
    }
    observe()
  }

  /// Notes the first broken property.
  mutating func fail(_ property: String, _ details: [String], at instant: Instant? = nil) {
    guard failure == nil else { return }
    failure = FuzzFailure(property: property, details: details, at: instant ?? simulation.now)
  }
}

/// What a run came to.
public struct FuzzOutcome: Sendable {
  /// The plan's seed.
  public var seed: UInt64
  /// The broken property, if any.
  public var failure: FuzzFailure?
  /// What the run reached.
  public var coverage: Coverage
  /// How many events took place.
  public var events: UInt64
  /// How much virtual time passed.
  public var virtual: TimeSpan
  /// A hash over all events: equal for equal runs.
  public var fingerprint: UInt64
  /// What happened, when it was to be recorded.
  public var timeline: Timeline?
}
