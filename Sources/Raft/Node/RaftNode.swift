/// One member of a Raft group, without I/O: inputs in, ``effects`` out, time and randomness passed in.
///
/// The host calls one or several inputs, then ``endTurn(at:)``, then drains ``effects``: sends `messages`, makes
/// `writes` durable in order and reports them, applies entries up to ``applicableIndex`` and reports that, and calls
/// ``advance(to:)`` when ``nextDeadline`` is reached. Nothing in it reads a clock, draws unseeded randomness, or
/// allocates on the path of a heartbeat.
///
/// What hosts ask for often is inlined: a getter that is called gets a copy of the whole node.
public struct RaftNode: Sendable {
  /// This node.
  public let id: NodeID
  /// How the node behaves.
  public let settings: Settings
  /// What the host is to do.
  public var effects = Effects()

  // What survives a crash.

  /// The latest term the node has seen.
  public internal(set) var term: Term
  /// Whom the node voted for in its term.
  public internal(set) var vote: NodeID?
  @usableFromInline var log: RaftLog
  @usableFromInline var writes: WriteTracker

  // What every node keeps.

  /// The part the node plays in its term.
  public internal(set) var role: Role = .follower
  /// The leader of the term, when known.
  public internal(set) var leader: NodeID?
  /// The configuration in force.
  public internal(set) var configuration: Configuration
  /// The last index known to be committed.
  public internal(set) var commitIndex: LogIndex
  /// The last index that the host reported as applied.
  public internal(set) var appliedIndex: LogIndex
  /// How often the rarer paths were taken.
  public internal(set) var counters = NodeCounters()
  /// Why the node stopped for good; it ignores every input from then on.
  public internal(set) var fault: NodeFault?
  /// The entries above the applied index that change the configuration.
  @usableFromInline var pendingConfigurations: [LogIndex] = []
  /// The configurations in force between the snapshot and the applied index, oldest first, each with the index that
  /// ended it.
  var earlierConfigurations: [(until: LogIndex, configuration: Configuration)] = []
  var quorum: Quorum
  var random: RandomSource
  #if Mutants
    /// The known-bad variant that the node plays; none but under the fuzzer.
    @usableFromInline package internal(set) var mutant: Mutant? {
      didSet { mutantTag = mutant?.tag ?? 0 }
    }
    /// The same as a number: hosts ask all the time, and comparing numbers needs no copy of the node.
    @usableFromInline var mutantTag: UInt8 = 0
  #endif
  var now: Instant

  // What followers and candidates keep.

  /// The timeout drawn for this term; drawn anew whenever an election timer starts over in a new part.
  var electionTimeout: TimeSpan
  @usableFromInline var electionDeadline: Instant
  /// Until when other candidates are ignored because a leader was heard (thesis, 4.2.3).
  var stickyUntil: Instant = .zero
  /// The highest round seen from the leader of this term.
  var seenRound: Round = .zero
  var ballots: ContiguousArray<Ballot> = []
  /// The snapshot that is arriving, and how many of its bytes are here.
  var arriving: ArrivingSnapshot?

  // What leaders keep.

  @usableFromInline var leadership = Leadership()
  /// Per-member progress by slot; meaningful while leading.
  var progress: ContiguousArray<Progress> = []
  /// The slots of all members but this node, in order.
  var peers: ContiguousArray<Int> = []
  /// Where members stand, by slot, as far as the host said so.
  var localities: ContiguousArray<Locality?> = []

  // What feeds observers.

  /// Who takes a committed feed from this node, and the commit index up to which they were sent entries.
  var feeds = FeedSubscriptions()
  var fed: LogIndex = .zero

  /// The term of the entry at `index`; nil when it is compacted away or beyond the end.
  public func term(at index: LogIndex) -> Term? { log.term(at: index) }

  /// The entry at an index between ``firstIndex`` and the end of the log.
  @inlinable
  public func entry(at index: LogIndex) -> Entry { log[index] }

  /// The index of the first entry held; entries before it are in the snapshot.
  @inlinable
  public var firstIndex: LogIndex { log.firstIndex }

  /// The end of the log.
  @inlinable
  public var lastPosition: LogPosition { log.last }

  /// The last index that a leader knows to be durable in a member's log; zero for others and when not leading.
  public func matchIndex(of member: NodeID) -> LogIndex {
    role == .leader && member.slot < progress.count ? progress[member.slot].match : .zero
  }

  /// The snapshot that the log continues.
  public var snapshot: SnapshotDescription { log.snapshot }

  /// The last index that is durable on this node.
  @inlinable
  public var durableIndex: LogIndex { writes.durableIndex }

  /// The last index that the host may apply now: committed and durable here.
  ///
  /// A configuration takes effect only once the commit index that covers it is durable, too: a node that restarts must
  /// not fall back to a configuration older than one it acted under.
  @inlinable
  @inline(__always)
  public var applicableIndex: LogIndex {
    let limit = plays(.appliesUncommitted) ? writes.durableIndex : min(commitIndex, writes.durableIndex)
    if let first = pendingConfigurations.first, first <= limit, writes.durableCommit < first {
      return max(appliedIndex, first.previous)
    }
    return limit
  }

  /// Whether the node was started with no configuration at all, to join a group: the leader gives it the
  /// configuration that the log continues, as a snapshot, before any entry.
  var isBlank: Bool { log.snapshot.configuration.voters.isEmpty }

  /// When ``advance(to:)`` is to be called next.
  @inlinable
  @inline(__always)
  public var nextDeadline: Instant {
    if fault != nil { return .distantFuture }
    return role == .leader ? leadership.nextDeadline : electionDeadline
  }

  /// Starts a node from what its disk holds.
  public init(
    id: NodeID, state: DurableState, settings: Settings, random: RandomSource, now: Instant
  ) throws(RecoveryRefusal) {
    let log = RaftLog(snapshot: state.snapshot, entries: state.entries)
    guard id <= NodeID.largest else { throw .identifierTooLarge(id) }
    // Trap 35: what was committed was durable once; a shorter log has lost it.
    guard state.hardState.commit <= log.lastIndex else {
      throw .commitBeyondLog(commit: state.hardState.commit, last: log.lastIndex)
    }
    guard log.last.term <= state.hardState.term else {
      throw .entryBeyondTerm(last: log.last, term: state.hardState.term)
    }
    self.id = id
    self.settings = settings
    self.log = log
    self.random = random
    self.now = now
    term = state.hardState.term
    vote = state.hardState.vote
    configuration = state.snapshot.configuration
    quorum = Quorum(configuration)
    commitIndex = max(state.hardState.commit, state.snapshot.last.index)
    appliedIndex = state.snapshot.last.index
    writes = WriteTracker(durableIndex: log.lastIndex, durableCommit: commitIndex)
    electionTimeout = .zero
    electionDeadline = now
    for (offset, entry) in state.entries.enumerated() where entry.isConfiguration {
      pendingConfigurations.append(log.firstIndex + offset)
    }
    // A lease was promised by someone who forgot it: whoever restarts waits it out before voting (trap 58).
    // Even in term zero: rounds are acknowledged before the term they belong to is durable.
    if case .lease = settings.readConfirmation {
      stickyUntil = now + settings.electionTimeout.lowerBound
    }
    rebuildMembership()
    restartElectionTimer()
  }
}

/// Why a node cannot start from what its disk holds: data it relied on is lost (traps 15, 35).
public enum RecoveryRefusal: Error, Sendable, Hashable {
  /// The identifier is beyond ``NodeID/largest``.
  case identifierTooLarge(NodeID)
  /// Entries that were committed are missing.
  case commitBeyondLog(commit: LogIndex, last: LogIndex)
  /// The log holds an entry of a term that the node does not remember.
  case entryBeyondTerm(last: LogPosition, term: Term)
}

/// Why a node stopped for good: going on could destroy committed data.
public enum NodeFault: Error, Sendable, Hashable {
  /// The leader says that this node acknowledged entries which it does not have (trap 23).
  case acknowledgedEntriesLost(commit: LogIndex, last: LogIndex)
  /// A leader's log contradicts an entry that this node knows to be committed.
  case committedEntryContradicted(at: LogIndex, held: Term, received: Term)
  /// Two leaders in one term.
  case twoLeaders(term: Term, NodeID, NodeID)
  /// The host could not make a write durable; `after` is the last one that is (trap 33).
  case durableWriteFailed(after: WriteSequence)
}
