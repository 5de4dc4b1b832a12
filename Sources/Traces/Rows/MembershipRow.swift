import Raft

/// A change of voters or fleet.
public struct MembershipRow: TraceRow {
  /// When it took effect.
  public var at: Instant
  /// The group.
  public var group: String
  /// What happened.
  public var change: MembershipChange
  /// The node concerned.
  public var node: String
  /// Its role after the change, or before it when it left.
  public var role: NodeRole
  /// Its site.
  public var site: String
  /// The market its instance comes from.
  public var market: String?
  /// Who decided.
  public var decidedBy: String
  /// Why.
  public var reason: String?
  /// The group's size after the change.
  public var counts: Counts

  /// How many nodes a group has in each role.
  public struct Counts: Hashable, Sendable {
    /// Voters.
    public var voters: Int
    /// Learners.
    public var learners: Int
    /// Secretaries.
    public var secretaries: Int
    /// Observers.
    public var observers: Int

    /// Makes counts.
    public init(voters: Int, learners: Int = 0, secretaries: Int = 0, observers: Int = 0) {
      self.voters = voters
      self.learners = learners
      self.secretaries = secretaries
      self.observers = observers
    }
  }

  /// Makes a row.
  public init(
    at: Instant, group: String, change: MembershipChange, node: String, role: NodeRole, site: String, market: String?,
    decidedBy: String, reason: String?, counts: Counts
  ) {
    self.at = at
    self.group = group
    self.change = change
    self.node = node
    self.role = role
    self.site = site
    self.market = market
    self.decidedBy = decidedBy
    self.reason = reason
    self.counts = counts
  }

  /// The columns of `membership.csv`.
  public static let schema = TraceSchema(
    file: .membership, row: "a change of voters or fleet", notes: "In the order in which changes took effect.",
    columns: [
      Column("at_s", .seconds, "when the change took effect"),
      Column("group", .text, "the Raft group"),
      Column("change", .word(MembershipChange.self), "what happened"),
      Column("node", .text, "the node concerned"),
      Column("role", .word(NodeRole.self), "its role after the change, or before it when it left"),
      Column("site", .text, "its site"),
      Column("market", .text, optional: true, "the market its instance comes from"),
      Column("decided_by", .text, "who decided, such as `spec`, `fault` or a policy's name"),
      Column("reason", .text, optional: true, "why"),
      Column("voters", .count, "voters after the change"),
      Column("learners", .count, "learners after the change"),
      Column("secretaries", .count, "secretaries after the change"),
      Column("observers", .count, "observers after the change"),
    ])

  /// Writes the fields in the order of the schema.
  public func encode(into row: inout RowEncoder) {
    row.seconds(at)
    row.text(group)
    row.word(change)
    row.text(node)
    row.word(role)
    row.text(site)
    row.text(market)
    row.text(decidedBy)
    row.text(reason)
    row.count(counts.voters)
    row.count(counts.learners)
    row.count(counts.secretaries)
    row.count(counts.observers)
  }

  /// Reads the fields in the order of the schema.
  public init(from row: inout RowDecoder) throws(TraceError) {
    at = try row.instant()
    group = try row.text()
    change = try row.word()
    node = try row.text()
    role = try row.word()
    site = try row.text()
    market = try row.optionalText()
    decidedBy = try row.text()
    reason = try row.optionalText()
    counts = Counts(
      voters: try row.count(), learners: try row.count(), secretaries: try row.count(), observers: try row.count())
  }
}
