import Raft

/// A fault of the timeline and what became of it.
public struct FaultRow: TraceRow {
  /// When it was due.
  public var at: Instant
  /// When it ended; nil for one that is over at once or never ends.
  public var until: Instant?
  /// What kind of fault it is.
  public var fault: String
  /// The target as the spec names it.
  public var target: String
  /// The nodes, links or sites that the target stood for.
  public var resolved: String?
  /// What became of it.
  public var outcome: FaultOutcome
  /// Anything more to know.
  public var detail: String?

  /// Makes a row.
  public init(
    at: Instant, until: Instant? = nil, fault: String, target: String, resolved: String?, outcome: FaultOutcome,
    detail: String? = nil
  ) {
    self.at = at
    self.until = until
    self.fault = fault
    self.target = target
    self.resolved = resolved
    self.outcome = outcome
    self.detail = detail
  }

  /// The fault in a few words, as a cause of outages, such as `crash us-east-1.0`.
  public var label: String {
    let object = resolved ?? target
    return object.isEmpty ? fault : "\(fault) \(object)"
  }

  /// The columns of `faults.csv`.
  public static let schema = TraceSchema(
    file: .faults, row: "a fault of the timeline and what became of it",
    notes: "In the order in which their end was known.",
    columns: [
      Column("at_s", .seconds, "when the fault was due"),
      Column("until_s", .seconds, optional: true, "when it ended; none when it was over at once or never ended"),
      Column("fault", .text, "the kind of fault"),
      Column("target", .text, "the target as the spec names it"),
      Column("resolved", .text, optional: true, "what the target stood for when the fault was due"),
      Column("outcome", .word(FaultOutcome.self), "what became of it"),
      Column("detail", .text, optional: true, "anything more to know"),
    ])

  /// Writes the fields in the order of the schema.
  public func encode(into row: inout RowEncoder) {
    row.seconds(at)
    row.seconds(until)
    row.text(fault)
    row.text(target)
    row.text(resolved)
    row.word(outcome)
    row.text(detail)
  }

  /// Reads the fields in the order of the schema.
  public init(from row: inout RowDecoder) throws(TraceError) {
    at = try row.instant()
    until = try row.optionalInstant()
    fault = try row.text()
    target = try row.text()
    resolved = try row.optionalText()
    outcome = try row.word()
    detail = try row.optionalText()
  }
}
