import Raft

/// Outcomes of a window, a site and a kind.
struct OutcomeCell: Hashable, Sendable {
  var ok = 0
  var failed = 0
  var unknown = 0
  /// How many of the good ones kept the SLO.
  var good = 0

  mutating func add(_ other: OutcomeCell) {
    ok += other.ok
    failed += other.failed
    unknown += other.unknown
    good += other.good
  }

  @inline(__always)
  mutating func count(_ outcome: OutcomeWord, isGood: Bool) {
    switch outcome {
    case .ok: ok += 1
    case .failed: failed += 1
    case .unknown: unknown += 1
    }
    if isGood { good += 1 }
  }
}

/// The windows of intended starts in which operations may still end.
struct AvailabilityWindows: Sendable {
  private let length: TimeSpan
  private let horizon: TimeSpan
  private let cells: Int
  /// The number of the oldest window at hand.
  private var first: Int64 = 0
  private var windows: [[OutcomeCell]] = []
  /// Operations that ended after their window was written; they are counted in the oldest one at hand.
  private(set) var late = 0

  init(length: TimeSpan, horizon: TimeSpan, cells: Int) {
    self.length = length
    self.horizon = horizon
    self.cells = cells
  }

  /// From when on the oldest window is final.
  var due: Instant { end(of: first) + horizon }

  @inline(__always)
  mutating func record(_ outcome: OutcomeWord, intended: Instant, cell: Int, isGood: Bool) {
    var window = max(intended.nanoseconds, 0) / length.nanoseconds
    if window < first {
      late += 1
      window = first
    }
    let index = Int(window - first)
    if index >= windows.count { grow(index) }
    windows[index][cell].count(outcome, isGood: isGood)
  }

  @inline(never)
  private mutating func grow(_ index: Int) {
    while windows.count <= index { windows.append([OutcomeCell](repeating: OutcomeCell(), count: cells)) }
  }

  private func start(of window: Int64) -> Instant { Instant(nanoseconds: window * length.nanoseconds) }

  private func end(of window: Int64) -> Instant { start(of: window) + length }

  /// Writes the oldest window, which ends at `end` when that is given.
  mutating func close(at end: Instant? = nil, grid: CellGrid, into rows: inout [AvailabilityRow]) {
    if windows.isEmpty { grow(0) }
    let window = windows.removeFirst()
    let start = start(of: first)
    let end = end ?? self.end(of: first)
    grid.forEachRow(window, empty: OutcomeCell(), sum: { $0.add($1) }) { site, operation, cell in
      let offered = cell.ok + cell.failed + cell.unknown
      rows.append(
        AvailabilityRow(
          start: start, end: end, site: site, operation: operation, ok: cell.ok, failed: cell.failed,
          unknown: cell.unknown, withinSLO: Ratio(Int64(cell.good), of: Int64(offered))))
    }
    first += 1
  }

  /// Writes the last windows of a run that ends at `end`; what was meant to start at the end belongs to the last one.
  mutating func finish(at end: Instant, grid: CellGrid, into rows: inout [AvailabilityRow]) {
    guard start(of: first) < end else { return }
    while self.end(of: first) < end { close(grid: grid, into: &rows) }
    while windows.count > 1 {
      let beyond = windows.removeLast()
      for cell in beyond.indices { windows[0][cell].add(beyond[cell]) }
    }
    close(at: end, grid: grid, into: &rows)
  }
}
