import Raft

/// An epoch: what was offered and served, who was there, what it cost, and what the policy did.
public struct EpochRow: TraceRow {
  /// The epoch's number, from 0.
  public var epoch: Int
  /// When the epoch began and ended by the markets' clock, in time since the start of the run.
  public var start: Instant
  /// When it ended by the markets' clock.
  public var end: Instant
  /// The part of the traces' time that stands for it.
  public var sampledStart: Instant
  /// The end of that part.
  public var sampledEnd: Instant
  /// Operations.
  public var operations: Operations
  /// Who was there at its end.
  public var counts: MembershipRow.Counts
  /// Instances that providers took back in it.
  public var revocations: Int
  /// What it cost, in billionths of a US dollar, data excluded.
  public var cost: Int64
  /// What the policy asked for.
  public var actions: Actions

  /// Operations of an epoch.
  public struct Operations: Hashable, Sendable {
    /// Offered.
    public var offered: Int
    /// Ended well.
    public var ok: Int
    /// Ended well and within the SLO.
    public var good: Int
    /// The 95th percentile of reads that ended well.
    public var readP95: TimeSpan?
    /// The 95th percentile of writes that ended well.
    public var writeP95: TimeSpan?
    /// The median of reads that ended well.
    public var readP50: TimeSpan?
    /// The median of writes that ended well.
    public var writeP50: TimeSpan?

    /// Nothing happened yet.
    public init() { (offered, ok, good) = (0, 0, 0) }
  }

  /// What a policy asked for in an epoch.
  public struct Actions: Hashable, Sendable {
    /// Carried out, or begun.
    public var done: Int
    /// Not allowed, with the reasons.
    public var skipped: Int
    /// The first reason, or what went wrong inside the policy.
    public var note: String?

    /// Nothing was asked for.
    public init() { (done, skipped) = (0, 0) }
  }

  /// Makes a row.
  public init(
    epoch: Int, start: Instant, end: Instant, sampledStart: Instant, sampledEnd: Instant, operations: Operations,
    counts: MembershipRow.Counts, revocations: Int, cost: Int64, actions: Actions
  ) {
    self.epoch = epoch
    self.start = start
    self.end = end
    self.sampledStart = sampledStart
    self.sampledEnd = sampledEnd
    self.operations = operations
    self.counts = counts
    self.revocations = revocations
    self.cost = cost
    self.actions = actions
  }

  /// The columns of `epochs.csv`.
  public static let schema = TraceSchema(
    file: .epochs, row: "an epoch: what was served, who was there, what it cost, and what the policy did",
    notes: """
      In order. Where epochs are sampled, all other files tell the sampled parts one after the other; `sampled_from_s` \
      and `sampled_to_s` are their times, `start_s` and `end_s` those of markets and policies.
      """,
    columns: [
      Column("epoch", .count, "the epoch's number, from 0"),
      Column("start_s", .seconds, "its start by the markets' clock"),
      Column("end_s", .seconds, "its end by the markets' clock"),
      Column("sampled_from_s", .seconds, "the start of the part of the traces that stands for it"),
      Column("sampled_to_s", .seconds, "the end of that part"),
      Column("offered", .count, "operations that ended in that part"),
      Column("ok", .count, "operations that ended well"),
      Column("good", .count, "operations that ended well and within the SLO"),
      Column("read_p50_ms", .milliseconds, optional: true, "the median latency of reads that ended well"),
      Column("read_p95_ms", .milliseconds, optional: true, "their 95th percentile"),
      Column("write_p50_ms", .milliseconds, optional: true, "the median latency of writes that ended well"),
      Column("write_p95_ms", .milliseconds, optional: true, "their 95th percentile"),
      Column("voters", .count, "voters at its end"),
      Column("learners", .count, "learners at its end"),
      Column("secretaries", .count, "secretaries at its end"),
      Column("observers", .count, "observers at its end"),
      Column("revocations", .count, "instances that providers took back in it"),
      Column("cost_usd", .usd, "what its instances cost at the prices in force, data excluded"),
      Column("actions_done", .count, "actions of the policy that were carried out or begun"),
      Column("actions_skipped", .count, "actions of the policy that were not allowed"),
      Column("note", .text, optional: true, "the first reason for that, or what went wrong inside the policy"),
    ])

  /// Writes the fields in the order of the schema.
  public func encode(into row: inout RowEncoder) {
    row.count(epoch)
    row.seconds(start)
    row.seconds(end)
    row.seconds(sampledStart)
    row.seconds(sampledEnd)
    row.count(operations.offered)
    row.count(operations.ok)
    row.count(operations.good)
    row.milliseconds(operations.readP50)
    row.milliseconds(operations.readP95)
    row.milliseconds(operations.writeP50)
    row.milliseconds(operations.writeP95)
    row.count(counts.voters)
    row.count(counts.learners)
    row.count(counts.secretaries)
    row.count(counts.observers)
    row.count(revocations)
    row.usd(cost)
    row.count(actions.done)
    row.count(actions.skipped)
    row.text(actions.note)
  }

  /// Reads the fields in the order of the schema.
  public init(from row: inout RowDecoder) throws(TraceError) {
    epoch = try row.count()
    start = try row.instant()
    end = try row.instant()
    sampledStart = try row.instant()
    sampledEnd = try row.instant()
    operations = Operations()
    operations.offered = try row.count()
    operations.ok = try row.count()
    operations.good = try row.count()
    operations.readP50 = try row.optionalMilliseconds()
    operations.readP95 = try row.optionalMilliseconds()
    operations.writeP50 = try row.optionalMilliseconds()
    operations.writeP95 = try row.optionalMilliseconds()
    counts = MembershipRow.Counts(
      voters: try row.count(), learners: try row.count(), secretaries: try row.count(), observers: try row.count())
    revocations = try row.count()
    cost = try row.usd()
    actions = Actions()
    actions.done = try row.count()
    actions.skipped = try row.count()
    actions.note = try row.optionalText()
  }
}
