import Emulation
import Raft
import Workload

extension OperationKind {
  /// The kind as an array index, in the order of the declaration.
  @inline(__always)
  var slot: Int {
    switch self {
    case .read: 0
    case .update: 1
    case .insert: 2
    case .readModifyWrite: 3
    case .scan: 4
    case .delete: 5
    case .compareAndSwap: 6
    case .increment: 7
    case .append: 8
    }
  }
}

/// Places for every site and kind of operation in one dense array.
struct CellGrid: Sendable {
  /// How many kinds of operation there are.
  static let kinds = OperationKind.allCases.count
  /// The word for all sites and for all kinds.
  static let all = "all"

  /// The sites' names.
  let sites: [String]
  /// Which kinds have rows.
  private(set) var isActive: [Bool]

  init(sites: [String], active: [OperationKind]) {
    self.sites = sites
    isActive = [Bool](repeating: false, count: CellGrid.kinds)
    for kind in active { isActive[kind.slot] = true }
  }

  /// How many cells there are.
  var count: Int { sites.count * CellGrid.kinds }

  /// The cell of a site and a kind, which from now on has rows.
  @inline(__always)
  mutating func cell(site: SiteID, kind: OperationKind) -> Int {
    precondition(site.slot < sites.count, "an operation comes from a site that has no name")
    let slot = kind.slot
    if !isActive[slot] { isActive[slot] = true }
    return site.slot * CellGrid.kinds + slot
  }

  /// Calls `body` for every row of a window: each site and then all sites, each active kind and then all kinds.
  ///
  /// `sum` adds the second cell to the first; cells are summed up in one pass.
  func forEachRow<Cell>(
    _ cells: [Cell], empty: Cell, sum: (inout Cell, Cell) -> Void,
    _ body: (_ site: String, _ operation: String, _ cell: Cell) -> Void
  ) {
    var perKind = [Cell](repeating: empty, count: CellGrid.kinds)
    var overall = empty
    for (site, name) in sites.enumerated() {
      var perSite = empty
      for kind in OperationKind.allCases where isActive[kind.slot] {
        let cell = cells[site * CellGrid.kinds + kind.slot]
        body(name, kind.rawValue, cell)
        sum(&perSite, cell)
        sum(&perKind[kind.slot], cell)
      }
      body(name, CellGrid.all, perSite)
      sum(&overall, perSite)
    }
    for kind in OperationKind.allCases where isActive[kind.slot] {
      body(CellGrid.all, kind.rawValue, perKind[kind.slot])
    }
    body(CellGrid.all, CellGrid.all, overall)
  }
}

/// Latencies of a window, a site and a kind.
struct LatencyCell: Sendable {
  /// Latencies of operations that ended well.
  var latencies = LatencyHistogram()
  /// How many of them kept the SLO.
  var good = 0

  mutating func add(_ other: LatencyCell) {
    latencies.merge(other.latencies)
    good += other.good
  }
}

/// The window that operations end in now: from just after its start up to and including its end.
struct LatencyWindows: Sendable {
  private let length: TimeSpan
  private var start = Instant.zero
  private var cells: [LatencyCell]

  init(length: TimeSpan, cells: Int) {
    self.length = length
    self.cells = [LatencyCell](repeating: LatencyCell(), count: cells)
  }

  /// The end of the current window; an operation that ends later closes it.
  var end: Instant { start + length }

  @inline(__always)
  mutating func record(_ latency: TimeSpan, cell: Int, isGood: Bool) {
    cells[cell].latencies.record(latency)
    if isGood { cells[cell].good += 1 }
  }

  /// Writes the rows of the current window, which ends at `end`, and goes to the next one.
  mutating func close(at end: Instant, grid: CellGrid, into rows: inout [LatencyWindowRow]) {
    let span = end - start
    grid.forEachRow(cells, empty: LatencyCell(), sum: { $0.add($1) }) { site, operation, cell in
      rows.append(
        LatencyWindowRow(
          start: start, end: end, site: site, operation: operation, count: cell.latencies.count,
          latencies: cell.latencies.row, goodput: Rate(Int64(cell.good), in: span) ?? Rate(thousandths: 0)))
    }
    for index in cells.indices {
      cells[index].latencies.removeAll()
      cells[index].good = 0
    }
    start = end
  }

  /// Writes the last rows of a run that ends at `end`.
  mutating func finish(at end: Instant, grid: CellGrid, into rows: inout [LatencyWindowRow]) {
    while self.end < end { close(at: self.end, grid: grid, into: &rows) }
    if start < end { close(at: end, grid: grid, into: &rows) }
  }
}
