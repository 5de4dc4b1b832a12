/// One member of a Raft group, without I/O: inputs in, ``effects`` out, time and randomness passed in.
///
/// The host calls one or several inputs, then ``endTurn(at:)``, then drains ``effects``: sends `messages`, makes
/// `writes` durable in order and reports them, applies entries up to ``applicableIndex`` and reports that, and calls
/// ``advance(to:)`` when ``nextDeadline`` is reached.
public struct RaftNode: Sendable {
  /// This node.
  public let id: NodeID
  /// What the host is to do.
  public var effects = Effects()
  /// The part the node plays in its term.
  public var role: Role { fatalError("skeleton") }
  /// The latest term the node has seen.
  public var term: Term { fatalError("skeleton") }
  /// The leader of the term, when known.
  public var leader: NodeID? { fatalError("skeleton") }
  /// The configuration in force.
  public var configuration: Configuration { fatalError("skeleton") }
  /// The last index known to be committed.
  public var commitIndex: LogIndex { fatalError("skeleton") }
  /// The last index that the host may apply now: committed, and durable here.
  public var applicableIndex: LogIndex { fatalError("skeleton") }
  /// The last index that the host reported as applied.
  public var appliedIndex: LogIndex { fatalError("skeleton") }
  /// The index of the first entry held; entries before it are in the snapshot.
  public var firstIndex: LogIndex { fatalError("skeleton") }
  /// The end of the log.
  public var lastPosition: LogPosition { fatalError("skeleton") }
  /// The snapshot that the log continues.
  public var snapshot: SnapshotDescription { fatalError("skeleton") }
  /// When ``advance(to:)`` is to be called next.
  public var nextDeadline: Instant { fatalError("skeleton") }

  /// Starts a node from what its disk holds.
  public init(id: NodeID, state: DurableState, settings: Settings, random: RandomSource, now: Instant) {
    fatalError("skeleton")
  }

  /// The entry at an index between ``firstIndex`` and the end of the log.
  public func entry(at index: LogIndex) -> Entry { fatalError("skeleton") }
  /// The term of the entry at `index`; nil when it is compacted away or beyond the end.
  public func term(at index: LogIndex) -> Term? { fatalError("skeleton") }

  /// Takes a message from another member.
  public mutating func receive(_ envelope: Envelope, at now: Instant) { fatalError("skeleton") }
  /// Tells the node that time has passed ``nextDeadline``.
  public mutating func advance(to now: Instant) { fatalError("skeleton") }
  /// Sends and persists what the turn's inputs left to be batched; call after the last input of a turn.
  public mutating func endTurn(at now: Instant) { fatalError("skeleton") }

  /// Appends a command to the leader's log and returns its place, where it may still be overwritten.
  public mutating func propose(_ command: [UInt8]) throws(ProposalRefusal) -> LogPosition { fatalError("skeleton") }
  /// Appends a change of the configuration to the leader's log.
  public mutating func propose(_ change: ConfigurationChange) throws(ConfigurationRefusal) -> LogPosition {
    fatalError("skeleton")
  }
  /// Hands leadership to `target` once it has the whole log; gives up after an election timeout.
  public mutating func transferLeadership(to target: NodeID, at now: Instant) throws(TransferRefusal) {
    fatalError("skeleton")
  }
  /// Asks for an index that makes reads linearizable; the answer appears in `effects.reads`. A follower asks its
  /// leader.
  public mutating func requestReadIndex(_ id: ReadID, at now: Instant) { fatalError("skeleton") }

  /// Reports that all writes up to `sequence` are durable.
  public mutating func writesCompleted(through sequence: WriteSequence, at now: Instant) { fatalError("skeleton") }
  /// Reports that the host has applied all entries up to `index`, at most ``applicableIndex``.
  public mutating func applied(through index: LogIndex, at now: Instant) { fatalError("skeleton") }
  /// Reports a durable snapshot of the state machine at `index` (applied already) and drops the log up to `keeping`.
  public mutating func compact(snapshotAt index: LogIndex, keepingFrom first: LogIndex) { fatalError("skeleton") }
  /// Answers a request of `effects.snapshotChunkRequests`.
  public mutating func supplySnapshotChunk(
    _ request: SnapshotChunkRequest, bytes: [UInt8], isLast: Bool, at now: Instant
  ) { fatalError("skeleton") }
  /// Reports that a received snapshot is durable and restored into the state machine.
  public mutating func snapshotInstalled(_ snapshot: SnapshotDescription, at now: Instant) { fatalError("skeleton") }
}
