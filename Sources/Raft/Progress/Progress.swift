/// What a leader knows about one member's log.
///
/// Invariant: `match < next`, and `match` never decreases within a term (trap 20).
struct Progress: Sendable {
  /// How entries are sent to the member.
  enum State: Sendable {
    /// One message at a time until the leader knows where the logs agree; paused until it is answered.
    case probe(isPaused: Bool)
    /// Optimistically, several messages ahead; paused while the window is full and was probed (trap 25).
    case replicate(isPaused: Bool)
    /// A snapshot in chunks; no entries.
    case snapshot(SnapshotTransfer)
  }

  /// A snapshot on its way to the member.
  struct SnapshotTransfer: Sendable {
    /// The snapshot, pinned: chunks of two snapshots never mix.
    var snapshot: SnapshotBox
    /// The chunk that is wanted next, in bytes.
    var offset: Int
    /// When it was asked of the host last.
    var askedAt: Instant
  }

  /// The last index known to be durable and equal in the member's log.
  var match: LogIndex = .zero
  /// The next index to send.
  var next: LogIndex = LogIndex(1)
  /// How entries are sent.
  var state: State = .probe(isPaused: false)
  /// The messages on their way.
  var inflights = Inflights()
  /// The highest commit index sent.
  var sentCommit: LogIndex = .zero
  /// The highest round that the member acknowledged in this term.
  var acknowledgedRound: Round = .zero
  /// When the last message with entries, or a probe, was sent, and the wave that was current then.
  var lastSent: Instant = .zero
  var lastSentRound: Round = .zero
  /// When the member was last heard from.
  var lastHeard: Instant = .zero
  /// Since when what a secretary was to pass on has been unanswered; `distantFuture` when nothing is.
  var relayedSince: Instant = .distantFuture
  /// Until when the member is served directly, and for how long it was the last time.
  var relaySnooze: Instant = .zero
  var relayBackoff: TimeSpan = .zero
  /// Whether the learner's catching up was reported.
  var wasReportedCaughtUp = false
  /// Whether the slot belongs to a member at all.
  var isMember = false

  var isPaused: Bool {
    switch state {
    case .probe(let isPaused), .replicate(let isPaused): isPaused
    case .snapshot: true
    }
  }

  mutating func becomeProbe() {
    // After a snapshot, what it covers is known to match if it arrived, and is probed for otherwise.
    if case .snapshot(let transfer) = state {
      next = max(match.next, transfer.snapshot.value.last.index.next)
    } else {
      next = match.next
    }
    inflights.removeAll()
    state = .probe(isPaused: false)
    relayedSince = .distantFuture
  }

  mutating func becomeReplicate() {
    next = match.next
    inflights.removeAll()
    state = .replicate(isPaused: false)
  }

  mutating func becomeSnapshot(_ transfer: SnapshotTransfer) {
    inflights.removeAll()
    relayedSince = .distantFuture
    state = .snapshot(transfer)
  }

  /// Notes a message with `count` entries from `next` on.
  mutating func sent(count: Int, inflightLimit: Int) {
    switch state {
    case .probe:
      if count > 0 { state = .probe(isPaused: true) }
    case .replicate:
      if count > 0 {
        next = next + count
        inflights.add(next.previous)
      }
      state = .replicate(isPaused: inflights.isFull(limit: inflightLimit))
    case .snapshot:
      preconditionFailure("entries sent to a member that is being given a snapshot")
    }
  }

  /// Lets one more message through: the answer to a heartbeat shows that the member is there.
  mutating func resume() {
    switch state {
    case .probe: state = .probe(isPaused: false)
    case .replicate: state = .replicate(isPaused: false)
    case .snapshot: break
    }
  }

  /// Takes an acknowledgement up to `index`; whether it says anything new.
  mutating func accept(_ index: LogIndex) -> Bool {
    guard index > match else { return false }
    match = index
    next = max(next, index.next)
    return true
  }

  /// Takes a rejection of a message that followed `rejected`; whether it is news (traps 19 and 21).
  mutating func reject(_ rejected: LogIndex, possibleMatch hint: LogIndex) -> Bool {
    switch state {
    case .replicate:
      // A rejection of what is known to match is an old message.
      guard rejected > match else { return false }
      becomeProbe()
      return true
    case .probe:
      guard next.previous == rejected else { return false }
      next = max(min(rejected, hint.next), match.next)
      state = .probe(isPaused: false)
      return true
    case .snapshot:
      return false
    }
  }
}
