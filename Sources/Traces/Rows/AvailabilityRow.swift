import Raft

/// The outcomes of the operations of a window, a site and a kind.
public struct AvailabilityRow: TraceRow {
  /// The window's start.
  public var start: Instant
  /// The window's end.
  public var end: Instant
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
  /// The share of operations that ended well within the SLO; nil when none was offered.
  public var withinSLO: Ratio?

  /// Operations that were meant to start in the window.
  public var offered: Int { ok + failed + unknown }

  /// The share of operations that ended well; nil when none was offered.
  public var success: Ratio? { Ratio(Int64(ok), of: Int64(offered)) }

  /// Makes a row.
  public init(
    start: Instant, end: Instant, site: String, operation: String, ok: Int, failed: Int, unknown: Int,
    withinSLO: Ratio?
  ) {
    self.start = start
    self.end = end
    self.site = site
    self.operation = operation
    self.ok = ok
    self.failed = failed
    self.unknown = unknown
    self.withinSLO = withinSLO
  }

  /// The columns of `availability.csv`.
  public static let schema = TraceSchema(
    file: .availability,
    row: "the outcomes of the operations meant to start in a window, per site and kind of operation",
    notes: "By the time of the intended start; windows in order, empty ones too.",
    columns: [
      Column("start_s", .seconds, "the window's start"),
      Column("end_s", .seconds, "the window's end; the last one ends with the run"),
      Column("site", .text, "the clients' site, or `all`"),
      Column("operation", .text, "the kind of operation as in `latency.csv`, or `all`"),
      Column("offered", .count, "operations meant to start in the window: `ok` + `failed` + `unknown`"),
      Column("ok", .count, "operations that ended well"),
      Column("failed", .count, "operations that certainly took no effect"),
      Column("unknown", .count, "operations that may or may not have taken effect"),
      Column("success_ratio", .ratio, optional: true, "`ok` / `offered`"),
      Column("within_slo_ratio", .ratio, optional: true, "the share of `offered` that ended well within the SLO"),
    ])

  /// Writes the fields in the order of the schema.
  public func encode(into row: inout RowEncoder) {
    row.seconds(start)
    row.seconds(end)
    row.text(site)
    row.text(operation)
    row.count(offered)
    row.count(ok)
    row.count(failed)
    row.count(unknown)
    row.ratio(success)
    row.ratio(withinSLO)
  }

  /// Reads the fields in the order of the schema.
  public init(from row: inout RowDecoder) throws(TraceError) {
    start = try row.instant()
    end = try row.instant()
    site = try row.text()
    operation = try row.text()
    let offered = try row.count()
    ok = try row.count()
    failed = try row.count()
    unknown = try row.count()
    let (some, overflow) = ok.addingReportingOverflow(failed)
    let (all, overflows) = some.addingReportingOverflow(unknown)
    guard !overflow, !overflows, offered == all else { throw row.mistake("offered = ok + failed + unknown") }
    let success = try row.optionalRatio()
    guard success == Ratio(Int64(ok), of: Int64(offered)) else { throw row.mistake("ok / offered") }
    withinSLO = try row.optionalRatio()
  }
}
