import Raft

/// Something that a policy asked for, and what became of it.
public struct ActionRow: TraceRow {
  /// What became of a proposal.
  public enum Outcome: String, Hashable, Sendable, CaseIterable {
    /// It was carried out.
    case done
    /// It was not allowed, could not be done, or was given up.
    case skipped
    /// It was begun, and nothing had shown that it took effect when the run ended.
    case unknown
    /// The policy itself failed and asked for nothing.
    case fault
  }

  /// The epoch at whose end it was asked for.
  public var epoch: Int
  /// When.
  public var at: Instant
  /// The policy.
  public var policy: String
  /// What was asked for, such as `hire`; nil for a fault.
  public var action: String?
  /// Of whom or where.
  public var target: String?
  /// Why the policy wanted it, or what went wrong inside it.
  public var reason: String
  /// What became of it.
  public var outcome: Outcome
  /// Why it was not allowed.
  public var refusal: String?

  /// Makes a row.
  public init(
    epoch: Int, at: Instant, policy: String, action: String?, target: String?, reason: String, outcome: Outcome,
    refusal: String?
  ) {
    self.epoch = epoch
    self.at = at
    self.policy = policy
    self.action = action
    self.target = target
    self.reason = reason
    self.outcome = outcome
    self.refusal = refusal
  }

  /// The columns of `actions.csv`.
  public static let schema = TraceSchema(
    file: .actions, row: "something that a policy asked for, and what became of it",
    notes: "In the order in which it was asked for.",
    columns: [
      Column("epoch", .count, "the epoch at whose end it was asked for"),
      Column("at_s", .seconds, "when"),
      Column("policy", .text, "the policy"),
      Column("action", .text, optional: true, "what was asked for; empty when the policy failed"),
      Column("target", .text, optional: true, "of whom, or where"),
      Column("reason", .text, "why the policy wanted it, or what went wrong inside it"),
      Column("outcome", .word(Outcome.self), "what became of it"),
      Column("refusal", .text, optional: true, "why it was not allowed"),
    ])

  /// Writes the fields in the order of the schema.
  public func encode(into row: inout RowEncoder) {
    row.count(epoch)
    row.seconds(at)
    row.text(policy)
    row.text(action)
    row.text(target)
    row.text(reason)
    row.word(outcome)
    row.text(refusal)
  }

  /// Reads the fields in the order of the schema.
  public init(from row: inout RowDecoder) throws(TraceError) {
    epoch = try row.count()
    at = try row.instant()
    policy = try row.text()
    action = try row.optionalText()
    target = try row.optionalText()
    reason = try row.text()
    outcome = try row.word()
    refusal = try row.optionalText()
  }
}
