import Raft

/// What a run comes to, for the table at its end. Only operations meant to start after the warm-up count.
public struct Summary: Hashable, Sendable {
  /// Operations of a site and a kind, `all` included.
  public struct Line: Hashable, Sendable {
    /// The clients' site, or `all`.
    public var site: String
    /// The kind of operation, or `all`.
    public var operation: String
    /// Operations that ended well.
    public var ok: Int
    /// Operations that certainly took no effect.
    public var failed: Int
    /// Operations whose effect is unknown.
    public var unknown: Int
    /// Latencies of those that ended well; nil when none did.
    public var latencies: LatencyWindowRow.Percentiles?
    /// Operations per second that ended well and within the SLO; nil when no time was measured.
    public var goodput: Rate?

    /// Operations offered.
    public var offered: Int { ok + failed + unknown }
  }

  /// The end of the warm-up.
  public var start: Instant
  /// The end of the run.
  public var end: Instant
  /// One line per site and kind: sites in their order and then `all`, kinds in their order and then `all`.
  public var lines: [Line]
  /// Elections won in the whole run, the first one of each group included.
  public var elections: Int
  /// Time without a leader after the warm-up, added up over groups, until the run's end.
  public var leaderless: TimeSpan
  /// Time after the warm-up in which reads of some group had an outage.
  public var readsUnavailable: TimeSpan
  /// Time after the warm-up in which writes of some group had an outage.
  public var writesUnavailable: TimeSpan
  /// Time after the warm-up in which reads or writes of some group had an outage.
  public var unavailable: TimeSpan
  /// Operations that took longer than the recorder's horizon and are counted in a later availability window.
  public var late: Int

  /// The line of all operations.
  public var total: Line? { lines.last }
}

/// Gathers the summary while the run goes on.
struct SummaryBuilder: Sendable {
  private let warmup: Instant
  private var latencies: [LatencyCell]
  private var outcomes: [OutcomeCell]
  private var outages: [OutageKind: [OutageDetector.Interval]] = [:]
  private var leaderless = TimeSpan.zero
  /// Elections won so far.
  private(set) var elections = 0

  init(warmup: TimeSpan, cells: Int) {
    self.warmup = .zero + warmup
    latencies = [LatencyCell](repeating: LatencyCell(), count: cells)
    outcomes = [OutcomeCell](repeating: OutcomeCell(), count: cells)
  }

  @inline(__always)
  mutating func record(_ outcome: OutcomeWord, intended: Instant, latency: TimeSpan, cell: Int, isGood: Bool) {
    guard intended >= warmup else { return }
    outcomes[cell].count(outcome, isGood: isGood)
    if outcome == .ok { latencies[cell].latencies.record(latency) }
  }

  mutating func countElection() { elections += 1 }

  mutating func addLeaderless(from start: Instant, to end: Instant) {
    let start = max(start, warmup)
    if end > start { leaderless = leaderless + (end - start) }
  }

  mutating func add(_ outage: OutageDetector.Interval, kind: OutageKind) {
    outages[kind, default: []].append(outage)
  }

  func summary(at end: Instant, grid: CellGrid, late: Int) -> Summary {
    var lines: [Summary.Line] = []
    let cells = zip(outcomes, latencies).map { (outcome: $0, latency: $1) }
    let measured = max(end - warmup, .zero)
    grid.forEachRow(
      cells, empty: (OutcomeCell(), LatencyCell()),
      sum: {
        $0.outcome.add($1.outcome)
        $0.latency.add($1.latency)
      },
      { site, operation, cell in
        lines.append(
          Summary.Line(
            site: site, operation: operation, ok: cell.outcome.ok, failed: cell.outcome.failed,
            unknown: cell.outcome.unknown, latencies: cell.latency.latencies.row,
            goodput: Rate(Int64(cell.outcome.good), in: measured)))
      })
    let reads = outages[.read] ?? []
    let writes = outages[.write] ?? []
    return Summary(
      start: warmup, end: end, lines: lines, elections: elections, leaderless: leaderless,
      readsUnavailable: covered(reads), writesUnavailable: covered(writes), unavailable: covered(reads + writes),
      late: late)
  }

  /// The time that intervals cover after the warm-up, each moment counted once.
  private func covered(_ intervals: [OutageDetector.Interval]) -> TimeSpan {
    var total = TimeSpan.zero
    var reached = warmup
    for interval in intervals.sorted(by: { ($0.start, $0.end) < ($1.start, $1.end) }) where interval.end > reached {
      total = total + (interval.end - max(interval.start, reached))
      reached = interval.end
    }
    return total
  }
}
