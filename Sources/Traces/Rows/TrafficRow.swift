import Raft

/// What a node sent, received and worked in a window.
public struct TrafficRow: TraceRow {
  /// The window's start.
  public var start: Instant
  /// The window's end.
  public var end: Instant
  /// The node.
  public var node: String
  /// Its site.
  public var site: String
  /// Its role at the window's end.
  public var role: NodeRole
  /// What crossed its network interface.
  public var counters: TrafficCounters
  /// How busy its processor was; nil when not known.
  public var cpuBusy: Ratio?
  /// How busy its network interface was; nil when not known.
  public var nicBusy: Ratio?
  /// How busy its disk was; nil when not known.
  public var diskBusy: Ratio?
  /// Its log at the window's end.
  public var log: LogGauges

  /// Makes a row.
  public init(
    start: Instant, end: Instant, node: String, site: String, role: NodeRole, counters: TrafficCounters,
    cpuBusy: Ratio?, nicBusy: Ratio?, diskBusy: Ratio?, log: LogGauges
  ) {
    self.start = start
    self.end = end
    self.node = node
    self.site = site
    self.role = role
    self.counters = counters
    self.cpuBusy = cpuBusy
    self.nicBusy = nicBusy
    self.diskBusy = diskBusy
    self.log = log
  }

  /// The columns of `traffic.csv`.
  public static let schema = TraceSchema(
    file: .traffic, row: "what a node sent, received and worked in a window",
    notes: "Windows in order, nodes in the order of their numbers. Messages among nodes and with clients count.",
    columns: [
      Column("start_s", .seconds, "the window's start"),
      Column("end_s", .seconds, "the window's end; the last one ends with the run"),
      Column("node", .text, "the node"),
      Column("site", .text, "its site"),
      Column("role", .word(NodeRole.self), "its role at the window's end"),
      Column("messages_out", .count, "messages sent"),
      Column("bytes_out", .count, "bytes sent"),
      Column("messages_in", .count, "messages received"),
      Column("bytes_in", .count, "bytes received"),
      Column("wan_bytes_out", .count, "bytes sent to other sites"),
      Column("local_bytes_out", .count, "bytes sent within the site"),
      Column("cpu_busy_ratio", .ratio, optional: true, "the share of the window in which the processor worked"),
      Column("nic_busy_ratio", .ratio, optional: true, "the share in which the network interface sent"),
      Column("disk_busy_ratio", .ratio, optional: true, "the share in which the disk wrote"),
      Column("last_index", .count, "the log's last index at the window's end"),
      Column("commit_index", .count, "the commit index at the window's end"),
      Column("applied_index", .count, "the applied index at the window's end"),
    ])

  /// Writes the fields in the order of the schema.
  public func encode(into row: inout RowEncoder) {
    row.seconds(start)
    row.seconds(end)
    row.text(node)
    row.text(site)
    row.word(role)
    row.count(counters.messagesOut)
    row.count(counters.bytesOut)
    row.count(counters.messagesIn)
    row.count(counters.bytesIn)
    row.count(counters.wanBytesOut)
    row.count(counters.localBytesOut)
    row.ratio(cpuBusy)
    row.ratio(nicBusy)
    row.ratio(diskBusy)
    row.count(log.last.rawValue)
    row.count(log.commit.rawValue)
    row.count(log.applied.rawValue)
  }

  /// Reads the fields in the order of the schema.
  public init(from row: inout RowDecoder) throws(TraceError) {
    start = try row.instant()
    end = try row.instant()
    node = try row.text()
    site = try row.text()
    role = try row.word()
    counters = TrafficCounters(
      messagesOut: try row.count(), bytesOut: try row.count(), messagesIn: try row.count(), bytesIn: try row.count(),
      wanBytesOut: try row.count(), localBytesOut: try row.count())
    cpuBusy = try row.optionalRatio()
    nicBusy = try row.optionalRatio()
    diskBusy = try row.optionalRatio()
    log = LogGauges(
      last: LogIndex(try row.unsigned()), commit: LogIndex(try row.unsigned()), applied: LogIndex(try row.unsigned()))
  }
}

/// What crossed a node's network interface.
public struct TrafficCounters: Hashable, Sendable {
  /// Messages sent.
  public var messagesOut: Int
  /// Bytes sent.
  public var bytesOut: Int
  /// Messages received.
  public var messagesIn: Int
  /// Bytes received.
  public var bytesIn: Int
  /// Bytes sent to other sites.
  public var wanBytesOut: Int
  /// Bytes sent within the site.
  public var localBytesOut: Int

  /// Makes counters.
  public init(
    messagesOut: Int = 0, bytesOut: Int = 0, messagesIn: Int = 0, bytesIn: Int = 0, wanBytesOut: Int = 0,
    localBytesOut: Int = 0
  ) {
    self.messagesOut = messagesOut
    self.bytesOut = bytesOut
    self.messagesIn = messagesIn
    self.bytesIn = bytesIn
    self.wanBytesOut = wanBytesOut
    self.localBytesOut = localBytesOut
  }
}

/// How far a node's log has come.
public struct LogGauges: Hashable, Sendable {
  /// The last index.
  public var last: LogIndex
  /// The commit index.
  public var commit: LogIndex
  /// The applied index.
  public var applied: LogIndex

  /// Makes gauges.
  public init(last: LogIndex, commit: LogIndex, applied: LogIndex) {
    self.last = last
    self.commit = commit
    self.applied = applied
  }
}
