import Raft

/// The latencies of the operations of a window, a site and a kind.
public struct LatencyWindowRow: TraceRow {
  /// The window's start.
  public var start: Instant
  /// The window's end.
  public var end: Instant
  /// The clients' site, or `all`.
  public var site: String
  /// The kind of operation, or `all`.
  public var operation: String
  /// How many operations ended well in the window.
  public var count: Int
  /// The latencies; nil when there was no such operation.
  public var latencies: Percentiles?
  /// Operations per second that ended well and within the SLO.
  public var goodput: Rate

  /// Percentiles of latency.
  public struct Percentiles: Hashable, Sendable {
    /// The median.
    public var p50: TimeSpan
    /// The 90th percentile.
    public var p90: TimeSpan
    /// The 95th percentile.
    public var p95: TimeSpan
    /// The 99th percentile.
    public var p99: TimeSpan
    /// The 99.9th percentile.
    public var p999: TimeSpan
    /// The largest latency, exactly.
    public var max: TimeSpan

    /// Makes percentiles.
    public init(p50: TimeSpan, p90: TimeSpan, p95: TimeSpan, p99: TimeSpan, p999: TimeSpan, max: TimeSpan) {
      self.p50 = p50
      self.p90 = p90
      self.p95 = p95
      self.p99 = p99
      self.p999 = p999
      self.max = max
    }
  }

  /// Makes a row.
  public init(
    start: Instant, end: Instant, site: String, operation: String, count: Int, latencies: Percentiles?, goodput: Rate
  ) {
    self.start = start
    self.end = end
    self.site = site
    self.operation = operation
    self.count = count
    self.latencies = latencies
    self.goodput = goodput
  }

  /// The columns of `latency_windows.csv`.
  public static let schema = TraceSchema(
    file: .latencyWindows,
    row: "the latencies of the operations that ended well in a window, per site and kind of operation",
    notes: """
      By the time of the end (one exactly on a boundary belongs to the window before); windows in order, empty ones \
      too. Percentiles come from a histogram with buckets less \
      than 0.8 % wide: they are off by less than 0.4 %; the maximum is exact.
      """,
    columns: [
      Column("start_s", .seconds, "the window's start"),
      Column("end_s", .seconds, "the window's end; the last one ends with the run"),
      Column("site", .text, "the clients' site, or `all`"),
      Column("operation", .text, "the kind of operation as in `latency.csv`, or `all`"),
      Column("count", .count, "operations that ended well in the window"),
      Column("p50_ms", .milliseconds, optional: true, "median latency"),
      Column("p90_ms", .milliseconds, optional: true, "90th percentile"),
      Column("p95_ms", .milliseconds, optional: true, "95th percentile"),
      Column("p99_ms", .milliseconds, optional: true, "99th percentile"),
      Column("p999_ms", .milliseconds, optional: true, "99.9th percentile"),
      Column("max_ms", .milliseconds, optional: true, "largest latency"),
      Column("goodput_per_s", .rate, "operations per second that ended well and within the SLO"),
    ])

  /// Writes the fields in the order of the schema.
  public func encode(into row: inout RowEncoder) {
    row.seconds(start)
    row.seconds(end)
    row.text(site)
    row.text(operation)
    row.count(count)
    row.milliseconds(latencies?.p50)
    row.milliseconds(latencies?.p90)
    row.milliseconds(latencies?.p95)
    row.milliseconds(latencies?.p99)
    row.milliseconds(latencies?.p999)
    row.milliseconds(latencies?.max)
    row.rate(goodput)
  }

  /// Reads the fields in the order of the schema.
  public init(from row: inout RowDecoder) throws(TraceError) {
    start = try row.instant()
    end = try row.instant()
    site = try row.text()
    operation = try row.text()
    count = try row.count()
    if count > 0 {
      latencies = Percentiles(
        p50: try row.milliseconds(), p90: try row.milliseconds(), p95: try row.milliseconds(),
        p99: try row.milliseconds(), p999: try row.milliseconds(), max: try row.milliseconds())
    } else {
      latencies = nil
      for _ in 0..<6 { try row.nothing() }
    }
    goodput = try row.rate()
  }
}
