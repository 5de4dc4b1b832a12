import Raft

/// An interval in which operations of a kind waited and none succeeded.
public struct OutageRow: TraceRow {
  /// The group.
  public var group: String
  /// The kind of operation.
  public var kind: OutageKind
  /// Its start.
  public var start: Instant
  /// Its end.
  public var end: Instant
  /// What caused it, or `unexplained`.
  public var cause: String

  /// Its length.
  public var duration: TimeSpan { end - start }

  /// Makes a row.
  public init(group: String, kind: OutageKind, start: Instant, end: Instant, cause: String) {
    self.group = group
    self.kind = kind
    self.start = start
    self.end = end
    self.cause = cause
  }

  /// The columns of `outages.csv`.
  public static let schema = TraceSchema(
    file: .outages, row: "an interval in which operations of a kind waited and none succeeded",
    notes: """
      In the order in which they were certain. Only intervals longer than a threshold (one second unless set \
      otherwise) are outages; idle spells no longer than that do not interrupt one. The start is the last success \
      before, or the intended start of the first operation that waited when that is later; the end is the first \
      success after, or the end of the last operation that waited in vain.
      """,
    columns: [
      Column("group", .text, "the Raft group"),
      Column("kind", .word(OutageKind.self), "the kind of operation"),
      Column("start_s", .seconds, "the start"),
      Column("end_s", .seconds, "the end"),
      Column("duration_s", .seconds, "`end_s` - `start_s`"),
      Column(
        "cause", .text,
        "the faults at work when it began, else why the leader was lost, else `unexplained`; several joined by `; `"),
    ])

  /// Writes the fields in the order of the schema.
  public func encode(into row: inout RowEncoder) {
    row.text(group)
    row.word(kind)
    row.seconds(start)
    row.seconds(end)
    row.seconds(Fixed.span(from: start, to: end))
    row.text(cause)
  }

  /// Reads the fields in the order of the schema.
  public init(from row: inout RowDecoder) throws(TraceError) {
    group = try row.text()
    kind = try row.word()
    start = try row.instant()
    end = try row.instant()
    let duration = try row.span()
    guard duration == Fixed.span(from: start, to: end) else { throw row.mistake("end_s - start_s") }
    cause = try row.text()
  }
}
