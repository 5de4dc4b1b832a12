import KeyValue
import Raft
import Server
import Workload

/// A client operation.
public struct LatencyRow: TraceRow {
  /// When it was meant to start.
  public var intended: Instant
  /// When its first attempt was sent.
  public var started: Instant
  /// The client's site.
  public var site: String
  /// The client.
  public var client: ClientID
  /// The kind of operation.
  public var operation: OperationKind
  /// How fresh a read had to be; nil for writes.
  public var consistency: ReadConsistency?
  /// The group that owns the key.
  public var group: String
  /// The server that answered last.
  public var server: String?
  /// The role in which it answered.
  public var role: NodeRole?
  /// From the intended start to the end.
  public var latency: TimeSpan
  /// How many times it was sent.
  public var attempts: Int
  /// How it ended.
  public var outcome: OutcomeWord

  /// Makes a row.
  public init(
    intended: Instant, started: Instant, site: String, client: ClientID, operation: OperationKind,
    consistency: ReadConsistency?, group: String, server: String?, role: NodeRole?, latency: TimeSpan, attempts: Int,
    outcome: OutcomeWord
  ) {
    self.intended = intended
    self.started = started
    self.site = site
    self.client = client
    self.operation = operation
    self.consistency = consistency
    self.group = group
    self.server = server
    self.role = role
    self.latency = latency
    self.attempts = attempts
    self.outcome = outcome
  }

  /// The columns of `latency.csv`.
  public static let schema = TraceSchema(
    file: .latency, row: "a client operation",
    notes: "In the order in which operations ended; a sample, or no file, when the run was told so.",
    columns: [
      Column("intended_s", .seconds, "when the operation was meant to start: latency counts from here"),
      Column("started_s", .seconds, "when its first attempt was sent"),
      Column("site", .text, "where the client is"),
      Column("client", .count, "the client's number"),
      Column("operation", .word(OperationKind.self), "the kind of operation"),
      Column("consistency", .word(ReadConsistency.self), optional: true, "how fresh a read had to be; none for writes"),
      Column("group", .text, "the Raft group that owns the key"),
      Column("server", .text, optional: true, "the node that answered last"),
      Column("role", .word(NodeRole.self), optional: true, "the role in which it answered"),
      Column("latency_ms", .milliseconds, "from the intended start to the end (no coordinated omission)"),
      Column("attempts", .count, "how many times the operation was sent"),
      Column("outcome", .word(OutcomeWord.self), "what the client knows of the end"),
    ])

  /// Writes the fields in the order of the schema.
  public func encode(into row: inout RowEncoder) {
    row.seconds(intended)
    row.seconds(started)
    row.text(site)
    row.count(client.rawValue)
    row.word(operation)
    row.word(consistency)
    row.text(group)
    row.text(server)
    row.word(role)
    row.milliseconds(latency)
    row.count(attempts)
    row.word(outcome)
  }

  /// Reads the fields in the order of the schema.
  public init(from row: inout RowDecoder) throws(TraceError) {
    intended = try row.instant()
    started = try row.instant()
    site = try row.text()
    client = ClientID(try row.unsigned())
    operation = try row.word()
    consistency = try row.optionalWord()
    group = try row.text()
    server = try row.optionalText()
    role = try row.optionalWord()
    latency = try row.milliseconds()
    attempts = try row.count()
    outcome = try row.word()
  }
}
