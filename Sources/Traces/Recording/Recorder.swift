import Emulation
import KeyValue
import Raft
import Server
import Workload

/// Turns what happens in a run into the rows of its trace files. Pure: it is told the time and does no I/O.
///
/// Operations must be reported in the order in which they ended, each at most ``RecorderSettings/horizon`` after its
/// intended start, and those still pending at the end of the run as `unknown` before ``finish(at:)``. The caller
/// takes the rows from ``rows`` and empties it, at the latest when ``hasManyRows`` says so.
///
/// An outage of a group and a kind (reads, writes) is an interval longer than
/// ``RecorderSettings/outageThreshold`` in which operations of the kind waited and none succeeded. Between two
/// successes, every operation that ends, the second success included, waited from its intended start (but not before
/// the first success) to its end; waits that overlap or lie no further apart than the threshold make one interval.
public struct Recorder: Sendable {
  /// The rows not taken yet.
  public var rows = TraceRows()
  /// The names of sites, nodes and groups; nodes may be added while the run goes on.
  public var names: NameTable
  /// The settings.
  public let settings: RecorderSettings

  private var grid: CellGrid
  private var latencyWindows: LatencyWindows
  private var availabilityWindows: AvailabilityWindows
  /// One per group and kind of operation.
  private var outages: [OutageDetector]
  private var elections: [ElectionTracker]
  private var causes: CauseFinder
  private var openFaults: [(id: FaultID, row: FaultRow)] = []
  private var faultCount = 0
  private var summary: SummaryBuilder
  private var now = Instant.zero

  /// How many past happenings are remembered as possible causes of outages: bounded by what is recent.
  var rememberedCauses: Int { causes.count }

  /// Makes a recorder for a run that begins at instant zero with the groups that have names.
  public init(names: NameTable, settings: RecorderSettings) {
    self.names = names
    self.settings = settings
    grid = CellGrid(sites: names.sites, active: settings.kinds)
    latencyWindows = LatencyWindows(length: settings.window, cells: grid.count)
    availabilityWindows = AvailabilityWindows(
      length: settings.window, horizon: settings.horizon, cells: grid.count)
    let detector = OutageDetector(threshold: settings.outageThreshold, horizon: settings.horizon)
    outages = Array(repeating: detector, count: names.groups.count * OutageKind.allCases.count)
    elections = Array(repeating: ElectionTracker(), count: names.groups.count)
    causes = CauseFinder(threshold: settings.outageThreshold)
    summary = SummaryBuilder(warmup: settings.warmup, cells: grid.count)
  }

  /// Whether enough rows have gathered to be worth taking.
  public var hasManyRows: Bool {
    rows.latency.count >= 1_024 || rows.availability.count >= 1_024 || rows.traffic.count >= 1_024
  }

  /// Notes an operation that ended.
  public mutating func record(_ record: OperationRecord, group: Int = 0) {
    advance(to: record.ended)
    let cell = grid.cell(site: record.site, kind: record.kind)
    let isRead = record.operation.isRead
    let latency = record.ended - record.intended
    let outcome = OutcomeWord(record.outcome)
    let bound = isRead ? settings.objective.read : settings.objective.write
    let isGood = outcome == .ok && bound.map { latency <= $0 } ?? true
    if outcome == .ok { latencyWindows.record(latency, cell: cell, isGood: isGood) }
    availabilityWindows.record(outcome, intended: min(record.intended, record.ended), cell: cell, isGood: isGood)
    summary.record(outcome, intended: record.intended, latency: latency, cell: cell, isGood: isGood)
    let kind: OutageKind = isRead ? .read : .write
    var found: [OutageDetector.Interval] = []
    outages[lane(group, kind)].record(
      intended: record.intended, ended: record.ended, isSuccess: outcome == .ok, found: { found.append($0) })
    if !found.isEmpty { report(found, group: group, kind: kind) }
    if selects(record) {
      rows.latency.append(
        LatencyRow(
          intended: record.intended, started: record.started, site: names.site(record.site), client: record.client,
          operation: record.kind, consistency: isRead ? record.consistency : nil, group: names.group(group),
          server: record.server.map { names.node($0) }, role: record.role.map { NodeRole($0) }, latency: latency,
          attempts: record.attempts, outcome: outcome))
    }
  }

  /// Tells the time: closes the windows that cannot change any more. Operations tell it too.
  public mutating func advance(to instant: Instant) {
    guard instant > now else { return }
    now = instant
    while latencyWindows.end < now {
      latencyWindows.close(at: latencyWindows.end, grid: grid, into: &rows.latencyWindows)
    }
    while availabilityWindows.due < now { availabilityWindows.close(grid: grid, into: &rows.availability) }
  }

  /// Ends the run: writes all windows up to `end`, the outages that last, and the faults that were not ended.
  public mutating func finish(at end: Instant) -> Summary {
    advance(to: end)
    latencyWindows.finish(at: end, grid: grid, into: &rows.latencyWindows)
    availabilityWindows.finish(at: end, grid: grid, into: &rows.availability)
    for group in elections.indices {
      for kind in OutageKind.allCases {
        var found: [OutageDetector.Interval] = []
        outages[lane(group, kind)].finish { found.append($0) }
        report(found, group: group, kind: kind)
      }
      if let loss = elections[group].loss { summary.addLeaderless(from: loss.start, to: end) }
    }
    rows.faults.append(contentsOf: openFaults.map(\.row))
    openFaults.removeAll()
    return summary.summary(at: end, grid: grid, late: availabilityWindows.late)
  }

  private func selects(_ record: OperationRecord) -> Bool {
    switch settings.latencies {
    case .all: return true
    case .none: return false
    case .share(let ratio):
      let hash = RandomSource.mix(RandomSource.mix(record.client.rawValue) &+ record.sequence.rawValue)
      return hash.multipliedFullWidth(by: 1_000_000).high < UInt64(max(ratio.millionths, 0))
    }
  }

  private func lane(_ group: Int, _ kind: OutageKind) -> Int {
    precondition(elections.indices.contains(group), "a group that was never said to begin")
    return group * 2 + (kind == .read ? 0 : 1)
  }

  private mutating func report(_ found: [OutageDetector.Interval], group: Int, kind: OutageKind) {
    for interval in found {
      summary.add(interval, kind: kind)
      let cause = causes.cause(of: interval.start, group: group, current: elections[group].loss, names: names)
      rows.outages.append(
        OutageRow(group: names.group(group), kind: kind, start: interval.start, end: interval.end, cause: cause))
    }
  }

  private mutating func pruneCauses() {
    guard causes.wantsPruning else { return }
    let earliest = outages.map { $0.earliestStart(now: now) }.min() ?? now
    causes.prune(before: earliest)
  }
}

// What happens to nodes and groups.
extension Recorder {
  /// Notes that a group begins, which need not have a name.
  public mutating func groupBegan(_ group: Int, at: Instant) {
    while elections.count <= group {
      elections.append(ElectionTracker(isThere: false))
      let detector = OutageDetector(threshold: settings.outageThreshold, horizon: settings.horizon)
      outages.append(contentsOf: repeatElement(detector, count: OutageKind.allCases.count))
    }
    elections[group].begin(at: at)
  }

  /// Notes that a group was removed.
  public mutating func groupEnded(_ group: Int, at: Instant) {
    if let loss = elections[group].end(at: at) { summary.addLeaderless(from: loss.start, to: at) }
  }

  /// Notes that a group lost its leader: it crashed, stalled, was cut off or stepped down.
  ///
  /// The loss of a node that does not lead the group, or is lost already, is ignored.
  public mutating func leaderLost(group: Int = 0, node: NodeID, at: Instant, cause: ElectionTrigger) {
    elections[group].lost(node, at: at, trigger: cause)
  }

  /// Notes that the lost leader works again and leads as before: it was paused or cut off too briefly to be replaced.
  public mutating func leaderResumed(group: Int = 0, node: NodeID, at: Instant) {
    guard let interval = elections[group].resumed(node, at: at) else { return }
    summary.addLeaderless(from: interval.start, to: at)
    causes.add(interval, group: group)
    pruneCauses()
  }

  /// Notes that a node asks for votes, or whether it would get them.
  public mutating func campaignStarted(group: Int = 0, node: NodeID, term: Term, at: Instant, campaign: Campaign) {
    elections[group].campaignStarted(campaign, term: term, at: at)
  }

  /// Notes that a node won an election.
  public mutating func leaderElected(group: Int = 0, node: NodeID, term: Term, at: Instant) {
    guard let election = elections[group].elected(node, term: term, at: at) else { return }
    summary.countElection()
    summary.addLeaderless(from: election.lost, to: at)
    causes.add(
      .init(start: election.lost, end: at, trigger: election.trigger, old: election.old), group: group)
    pruneCauses()
    rows.elections.append(
      ElectionRow(
        group: names.group(group), term: term, trigger: election.trigger,
        oldLeader: election.old.map { names.node($0) },
        oldSite: election.old.map { names.site(of: $0) }, newLeader: names.node(node), newSite: names.site(of: node),
        lost: election.lost, started: election.started, won: at, rounds: election.rounds))
  }

  /// Notes a change of voters or fleet.
  public mutating func membershipChanged(
    group: Int = 0, at: Instant, _ change: MembershipChange, node: NodeID, role: NodeRole, market: String? = nil,
    decidedBy: String, reason: String? = nil, counts: MembershipRow.Counts
  ) {
    rows.membership.append(
      MembershipRow(
        at: at, group: names.group(group), change: change, node: names.node(node), role: role,
        site: names.site(of: node), market: market, decidedBy: decidedBy, reason: reason, counts: counts))
  }

  /// Notes what a node sent, received and worked in a window; busy times are nil when they are not known.
  public mutating func traffic(
    from start: Instant, to end: Instant, node: NodeID, role: NodeRole, counters: TrafficCounters,
    cpuBusy: TimeSpan? = nil, nicBusy: TimeSpan? = nil, diskBusy: TimeSpan? = nil, log: LogGauges
  ) {
    let length = (end - start).nanoseconds
    func share(_ busy: TimeSpan?) -> Ratio? { busy.flatMap { Ratio($0.nanoseconds, of: length) } }
    rows.traffic.append(
      TrafficRow(
        start: start, end: end, node: names.node(node), site: names.site(of: node), role: role, counters: counters,
        cpuBusy: share(cpuBusy), nicBusy: share(nicBusy), diskBusy: share(diskBusy), log: log))
  }

  /// Notes a fault whose end is known, that is over at once, or that was not done.
  public mutating func fault(_ row: FaultRow) {
    rows.faults.append(row)
    faultCount += 1
    guard row.outcome == .injected else { return }
    causes.add(FaultID(rawValue: faultCount), label: row.label, start: row.at, end: row.until ?? row.at)
    pruneCauses()
  }

  /// Notes a fault that lasts until ``faultEnded(_:at:)``, or until the end of the run; its row is written then.
  public mutating func faultBegan(_ row: FaultRow) -> FaultID {
    faultCount += 1
    let id = FaultID(rawValue: faultCount)
    openFaults.append((id, row))
    if row.outcome == .injected { causes.add(id, label: row.label, start: row.at, end: nil) }
    return id
  }

  /// Notes the end of a fault; one that has ended already is ignored.
  public mutating func faultEnded(_ id: FaultID, at: Instant) {
    guard let index = openFaults.firstIndex(where: { $0.id == id }) else { return }
    var row = openFaults.remove(at: index).row
    row.until = at
    rows.faults.append(row)
    causes.end(id, at: at)
    pruneCauses()
  }
}
