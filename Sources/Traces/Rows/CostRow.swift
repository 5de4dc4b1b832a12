import Raft

/// A line of a run's bill: an instance's life, or the data that one site sent to another.
public struct CostRow: TraceRow {
  /// What a line is for.
  public enum Kind: String, Hashable, Sendable, CaseIterable {
    /// An instance, from its launch to its end.
    case instance
    /// Data sent from one site to another.
    case transfer
  }

  /// What the line is for.
  public var kind: Kind
  /// The node on the instance, or `site>site` for data.
  public var item: String
  /// The instance's role; nil for data.
  public var role: NodeRole?
  /// The site of the instance, or the one that sent.
  public var site: String
  /// The instance type, or the site that received.
  public var detail: String
  /// `on-demand` or `spot`; nil for data.
  public var market: String?
  /// When the bill began; nil for data.
  public var start: Instant?
  /// When the bill ended; nil for data.
  public var end: Instant?
  /// Who ended the instance; nil for data.
  public var endedBy: String?
  /// The time that is paid for; nil for data.
  public var billed: TimeSpan?
  /// The bytes sent; nil for instances.
  public var bytes: Int?
  /// What it costs, in billionths of a US dollar.
  public var cost: Int64

  /// Makes a line for an instance.
  public init(
    instance: String, role: NodeRole, site: String, type: String, market: String, start: Instant, end: Instant,
    endedBy: String, billed: TimeSpan, cost: Int64
  ) {
    kind = .instance
    item = instance
    self.role = role
    self.site = site
    detail = type
    self.market = market
    self.start = start
    self.end = end
    self.endedBy = endedBy
    self.billed = billed
    self.cost = cost
  }

  /// Makes a line for data.
  public init(from source: String, to destination: String, bytes: Int, cost: Int64) {
    kind = .transfer
    item = "\(source)>\(destination)"
    site = source
    detail = destination
    self.bytes = bytes
    self.cost = cost
  }

  /// The columns of `cost.csv`.
  public static let schema = TraceSchema(
    file: .cost, row: "a line of the bill: an instance's life, or the data that one site sent to another",
    notes: "Instances in the order of their requests, then data by source and destination. The bill is the sum.",
    columns: [
      Column("kind", .word(Kind.self), "what the line is for"),
      Column("item", .text, "the node on the instance, or `from>to`"),
      Column("role", .word(NodeRole.self), optional: true, "the instance's role"),
      Column("site", .text, "the site of the instance, or the one that sent"),
      Column("detail", .text, "the instance type, or the site that received"),
      Column("market", .text, optional: true, "`on-demand` or `spot`"),
      Column("start_s", .seconds, optional: true, "when the bill began"),
      Column("end_s", .seconds, optional: true, "when the bill ended"),
      Column("ended_by", .text, optional: true, "`user`, `provider` or `end-of-run`"),
      Column("billed_s", .seconds, optional: true, "the time that is paid for"),
      Column("bytes", .count, optional: true, "the bytes sent"),
      Column("cost_usd", .usd, "what it costs"),
    ])

  /// Writes the fields in the order of the schema.
  public func encode(into row: inout RowEncoder) {
    row.word(kind)
    row.text(item)
    row.word(role)
    row.text(site)
    row.text(detail)
    row.text(market)
    row.seconds(start)
    row.seconds(end)
    row.text(endedBy)
    row.seconds(billed)
    row.count(bytes)
    row.usd(cost)
  }

  /// Reads the fields in the order of the schema.
  public init(from row: inout RowDecoder) throws(TraceError) {
    kind = try row.word()
    item = try row.text()
    role = try row.optionalWord()
    site = try row.text()
    detail = try row.text()
    market = try row.optionalText()
    start = try row.optionalInstant()
    end = try row.optionalInstant()
    endedBy = try row.optionalText()
    billed = try row.optionalInstant().map { $0 - .zero }
    bytes = try row.optionalCount()
    cost = try row.usd()
  }
}
