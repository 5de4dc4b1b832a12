/// What a leader keeps beside its members' progress; begins anew with every term it leads.
@usableFromInline
struct Leadership: Sendable {
  /// The index of the empty entry that began the term: entries from here on are of the current term (trap 16).
  var termStart: LogIndex = .zero
  /// The last wave sent.
  var round: Round = .zero
  /// The first entry appended in this turn and not yet written.
  var unwritten: LogIndex?
  /// Whether entries were appended since the last wave of append messages.
  var unsent = false
  /// Whether followers are to be told of a new commit index at the end of the turn.
  var commitToAnnounce = false
  /// How many incoming voters have a match above the commit index.
  var ahead = 0
  /// Bytes appended in this term and not committed yet.
  var uncommittedBytes = 0
  /// No configuration may be proposed before this index is applied (traps 36, 38).
  var pendingConfiguration: LogIndex = .zero
  @usableFromInline var transfer: Transfer?
  /// Set once the leader has applied a configuration in which it does not vote.
  var departure: Departure?
  /// Whether a transfer in this term may still elect somebody: no lease is trusted from then on (trap 51).
  var isLeaseForfeited = false

  @usableFromInline var heartbeatDeadline: Instant = .distantFuture
  @usableFromInline var quorumDeadline: Instant = .distantFuture
  @usableFromInline var readDeadline: Instant = .distantFuture
  /// When commit progress is checked next; never unless a bound is set.
  @usableFromInline var stallDeadline: Instant = .distantFuture

  /// Reads waiting for a round, oldest first; those behind `assignedReads` have no round yet.
  var reads = Queue<PendingRead>()
  var assignedReads = 0
  /// When the last round for reads alone started.
  var lastReadRound: Instant?
  var rounds = RoundTimes()

  /// The secretaries at work.
  @usableFromInline var fleet = Fleet()

  /// The entries last cut from the log, shared by all followers that need the same ones.
  var slice: [Entry] = []
  var sliceFirst: LogIndex = .zero
  var sliceLogEnd: LogIndex = .zero

  @usableFromInline
  struct Transfer: Sendable {
    var target: NodeID
    @usableFromInline var deadline: Instant
    var wasTold = false
  }

  /// A leader's last duty: to make sure that those who remain know that it was removed.
  struct Departure: Sendable {
    /// The entry that removed the leader.
    var index: LogIndex
    /// Append messages of this round and later ones carry a commit index that covers it.
    var round: Round
    /// The slots whose disks know.
    var informed: [Int] = []
  }

  struct PendingRead: Sendable {
    var id: ReadID
    /// Who asked; the leader itself included.
    var from: NodeID
    var index: LogIndex
    /// The round that confirms it.
    var round: Round
  }

  @inlinable
  var nextDeadline: Instant {
    var earliest = min(heartbeatDeadline, quorumDeadline)
    if readDeadline < earliest { earliest = readDeadline }
    if stallDeadline < earliest { earliest = stallDeadline }
    if fleet.deadline < earliest { earliest = fleet.deadline }
    if let transfer, transfer.deadline < earliest { earliest = transfer.deadline }
    return earliest
  }
}

/// When recent rounds were sent: what a lease is measured from (trap 58).
struct RoundTimes: Sendable {
  private static let capacity = 256
  private var rounds = ContiguousArray<UInt64>()
  private var times = ContiguousArray<Int64>()
  private var newest = -1

  /// Notes a round; rounds sent within a millisecond of the last one noted are left out, which only shortens leases.
  mutating func note(_ round: Round, at now: Instant) {
    if newest >= 0 && now.nanoseconds - times[newest] < 1_000_000 { return }
    newest = (newest + 1) % RoundTimes.capacity
    if newest == rounds.count {
      rounds.append(round.rawValue)
      times.append(now.nanoseconds)
    } else {
      rounds[newest] = round.rawValue
      times[newest] = now.nanoseconds
    }
  }

  /// When the latest noted round at most `round` was sent.
  func sent(atMost round: Round) -> Instant? {
    for back in 0..<rounds.count {
      let slot = (newest - back + RoundTimes.capacity) % RoundTimes.capacity
      guard slot < rounds.count else { return nil }
      if rounds[slot] <= round.rawValue { return Instant(nanoseconds: times[slot]) }
    }
    return nil
  }
}
