import Raft

/// A spot instance that its provider took back.
public struct RevocationRow: TraceRow {
  /// When it was gone.
  public var at: Instant
  /// When its node was told; nil when the kill came unannounced.
  public var noticed: Instant?
  /// The pool that the instance came from.
  public var market: String
  /// Its node.
  public var node: String
  /// What the node was there for.
  public var role: NodeRole
  /// Its site.
  public var site: String
  /// Why the provider took it back.
  public var cause: String
  /// The market's price at that moment, in billionths of a US dollar per hour.
  public var price: Int64
  /// How long the instance had lived.
  public var age: TimeSpan
  /// What the node was doing.
  public var activity: String

  /// Makes a row.
  public init(
    at: Instant, noticed: Instant?, market: String, node: String, role: NodeRole, site: String, cause: String,
    price: Int64, age: TimeSpan, activity: String
  ) {
    self.at = at
    self.noticed = noticed
    self.market = market
    self.node = node
    self.role = role
    self.site = site
    self.cause = cause
    self.price = price
    self.age = age
    self.activity = activity
  }

  /// The columns of `revocations.csv`.
  public static let schema = TraceSchema(
    file: .revocations, row: "a spot instance that its provider took back", notes: "In the order of the kills.",
    columns: [
      Column("at_s", .seconds, "when the instance was gone"),
      Column("noticed_s", .seconds, optional: true, "when its node was told; empty when the kill came unannounced"),
      Column("market", .text, "the pool: instance type and site"),
      Column("node", .text, "the node"),
      Column("role", .word(NodeRole.self), "what the node was there for"),
      Column("site", .text, "its site"),
      Column("cause", .text, "why the provider took it back: `lifetime`, `price`, `trace`, a shock, or `fault`"),
      Column("price_per_hour_usd", .usd, "the market's price at that moment"),
      Column("age_s", .seconds, "how long the instance had lived"),
      Column("activity", .text, "what the node was doing"),
    ])

  /// Writes the fields in the order of the schema.
  public func encode(into row: inout RowEncoder) {
    row.seconds(at)
    row.seconds(noticed)
    row.text(market)
    row.text(node)
    row.word(role)
    row.text(site)
    row.text(cause)
    row.usd(price)
    row.seconds(age)
    row.text(activity)
  }

  /// Reads the fields in the order of the schema.
  public init(from row: inout RowDecoder) throws(TraceError) {
    at = try row.instant()
    noticed = try row.optionalInstant()
    market = try row.text()
    node = try row.text()
    role = try row.word()
    site = try row.text()
    cause = try row.text()
    price = try row.usd()
    age = try row.span()
    activity = try row.text()
  }
}
