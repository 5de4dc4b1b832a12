/// What a node wants its host to do, filled by the node's inputs and drained by the host.
///
/// Messages in `messages` may be sent at once: the node itself withholds what rests on writes that are not durable
/// yet and releases it when the host reports them. Buffers keep their capacity between turns.
public struct Effects: Sendable {
  /// Messages to send now, in order.
  public var messages: ContiguousArray<Envelope> = []
  /// Writes to make durable, in order; completions are reported with ``RaftNode/writesCompleted(through:at:)``.
  public var writes: ContiguousArray<Write> = []
  /// Reads that have their index, or were turned away.
  public var reads: ContiguousArray<ReadOutcome> = []
  /// Chunks of snapshots that the node wants to send; answered with ``RaftNode/supplySnapshotChunk(_:bytes:isLast:at:)``.
  public var snapshotChunkRequests: ContiguousArray<SnapshotChunkRequest> = []
  /// Chunks of a snapshot that arrived, to be staged in order (none but an empty one for a snapshot at position zero,
  /// which stands for an empty state machine and the first configuration); after the last one the host restores the state
  /// machine, makes it durable and calls ``RaftNode/snapshotInstalled(_:at:)``. It becomes durable only after every
  /// write issued before it, replaces the whole stored log, and writes issued meanwhile carry no entries.
  public var snapshotChunks: ContiguousArray<InstallSnapshot> = []
  /// What happened, for traces and callers; nothing needs to be done about it.
  public var events: ContiguousArray<Event> = []

  /// No effects.
  public init() {}

  /// Whether there is nothing to do.
  @inlinable
  public var isEmpty: Bool {
    messages.isEmpty && writes.isEmpty && reads.isEmpty && snapshotChunkRequests.isEmpty && snapshotChunks.isEmpty
      && events.isEmpty
  }

  /// Forgets everything and keeps the buffers.
  @inlinable
  public mutating func removeAll() {
    if !messages.isEmpty { messages.removeAll(keepingCapacity: true) }
    if !writes.isEmpty { writes.removeAll(keepingCapacity: true) }
    if !reads.isEmpty { reads.removeAll(keepingCapacity: true) }
    if !snapshotChunkRequests.isEmpty { snapshotChunkRequests.removeAll(keepingCapacity: true) }
    if !snapshotChunks.isEmpty { snapshotChunks.removeAll(keepingCapacity: true) }
    if !events.isEmpty { events.removeAll(keepingCapacity: true) }
  }
}

extension RaftNode {
  /// Whether ``effects`` holds anything.
  @inlinable
  public var hasOwnEffects: Bool { !effects.isEmpty }
}

/// The term, the vote and a lower bound of the commit index: what a node must remember beside its log.
public struct HardState: Sendable, Hashable {
  /// The latest term the node has seen.
  public var term: Term
  /// Whom the node voted for in that term.
  public var vote: NodeID?
  /// An index known to be committed; written with configuration entries and never above the log's end.
  public var commit: LogIndex

  /// Makes a hard state.
  public init(term: Term = .zero, vote: NodeID? = nil, commit: LogIndex = .zero) {
    self.term = term
    self.vote = vote
    self.commit = commit
  }
}

/// Numbers a node's writes in the order they were issued; never reused, so that a late completion cannot be taken
/// for that of a later write (trap 30).
@frozen
public struct WriteSequence: Hashable, Comparable, Sendable {
  /// The number.
  public var rawValue: UInt64

  /// Makes a sequence number from a plain number.
  @inlinable
  public init(_ rawValue: UInt64) { self.rawValue = rawValue }

  /// Orders by number.
  @inlinable
  public static func < (left: WriteSequence, right: WriteSequence) -> Bool { left.rawValue < right.rawValue }
}

/// One atomic write: all of it is durable or none of it is. Writes become durable in the order of their sequence
/// numbers (trap 31).
public struct Write: Sendable {
  /// The number to report when the write is durable.
  public var sequence: WriteSequence
  /// The hard state, when it changed.
  public var hardState: HardState?
  /// The index of the first of `entries`; the stored log is cut before it, even when there are no entries. Without
  /// entries it may lie beyond the end of the stored log, when a snapshot replaced that meanwhile: then nothing is cut.
  public var firstIndex: LogIndex
  /// The entries that end the log; empty when only the hard state changed.
  public var entries: ArraySlice<Entry>

  /// Makes a write.
  public init(sequence: WriteSequence, hardState: HardState?, firstIndex: LogIndex, entries: ArraySlice<Entry>) {
    self.sequence = sequence
    self.hardState = hardState
    self.firstIndex = firstIndex
    self.entries = entries
  }
}

/// The end of a wait for a read index.
public struct ReadOutcome: Sendable, Hashable {
  /// The batch of reads.
  public var id: ReadID
  /// The index to apply before the batch is served; nil when leadership was lost or is unknown: ask anew.
  public var index: LogIndex?

  /// Makes an outcome.
  public init(id: ReadID, index: LogIndex?) {
    self.id = id
    self.index = index
  }
}

/// A chunk that the leader wants to send to a follower that is being given a snapshot.
public struct SnapshotChunkRequest: Sendable, Hashable {
  /// The follower.
  public var to: NodeID
  /// The last entry covered by the snapshot that the node was told of last.
  public var last: LogIndex
  /// The offset in bytes.
  public var offset: Int
  /// The most bytes to supply.
  public var limit: Int

  /// Makes a request.
  public init(to: NodeID, last: LogIndex, offset: Int, limit: Int) {
    self.to = to
    self.last = last
    self.offset = offset
    self.limit = limit
  }
}

/// What happened to a node, for traces, statistics and waiting callers.
public enum Event: Sendable, Hashable {
  /// The node's role changed.
  case roleChanged(Role, term: Term)
  /// The node learnt who leads the term.
  case leaderChanged(NodeID?, term: Term)
  /// A campaign began.
  case campaignStarted(Campaign, term: Term)
  /// Entries from `first` on were cut off because the leader's log has others.
  case logTruncated(first: LogIndex)
  /// A configuration took effect.
  case configurationApplied(Configuration, at: LogIndex)
  /// A learner has caught up with the leader and may be promoted.
  case learnerCaughtUp(NodeID)
  /// A secretary works for this leader from now on.
  case secretaryHired(NodeID)
  /// A secretary is to leave soon: others serve its followers from now on.
  case secretaryRetiring(NodeID)
  /// A secretary was silent for too long, or began a new life: its followers are served otherwise.
  case secretaryLost(NodeID)
  /// Leadership transfer to the node was given up.
  case transferAborted(NodeID)
  /// The leader began to give the follower a snapshot.
  case snapshotStarted(NodeID, last: LogIndex)
  /// The node stopped for good rather than risk committed data.
  case stopped(NodeFault)
  /// A snapshot replaced the log's beginning.
  case snapshotInstalled(last: LogPosition)
}

/// Why a campaign began.
public enum Campaign: Sendable, Hashable {
  /// A campaign for pre-votes after an election timeout.
  case preVote
  /// A campaign for votes after an election timeout or a won pre-vote.
  case election
  /// A campaign that the leader asked for.
  case transfer
}

/// The part that a node plays in its term.
public enum Role: Sendable, Hashable {
  case follower
  case preCandidate
  case candidate
  case leader
}
