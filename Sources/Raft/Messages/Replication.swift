/// Entries for a follower's log (Raft thesis, 3.5); with no entries, a probe for where the logs agree.
public struct AppendEntries: Sendable, Hashable {
  /// The leader's term.
  public var term: Term
  /// The wave that this message belongs to.
  public var round: Round
  /// The entry before the first one carried.
  public var previous: LogPosition
  /// The leader's commit index when it made the message: entries never travel without it (trap 37).
  public var commit: LogIndex
  /// Consecutive entries that follow `previous`; shared between all followers that get the same ones.
  public var entries: [Entry]

  /// Makes the message.
  @inlinable
  public init(term: Term, round: Round, previous: LogPosition, commit: LogIndex, entries: [Entry]) {
    self.term = term
    self.round = round
    self.previous = previous
    self.commit = commit
    self.entries = entries
  }

  /// The index of the last entry described by this message.
  @inlinable
  public var lastIndex: LogIndex { previous.index + entries.count }
}

/// The sender's durable log agrees with the leader's up to `match`.
public struct AppendAccepted: Sendable, Hashable {
  /// The follower's term.
  public var term: Term
  /// The round of the message answered.
  public var round: Round
  /// The last entry described by the message answered, never the end of the follower's log (trap 17).
  public var match: LogIndex

  /// Makes the message.
  @inlinable
  public init(term: Term, round: Round, match: LogIndex) {
    self.term = term
    self.round = round
    self.match = match
  }
}

/// The sender's log has no entry at `previous`, or another one.
public struct AppendRejected: Sendable, Hashable {
  /// The follower's term.
  public var term: Term
  /// The round of the message answered.
  public var round: Round
  /// The position that did not match.
  public var previous: LogIndex
  /// The latest position of the follower's log that can still match (trap 21).
  public var hint: LogPosition

  /// Makes the message.
  public init(term: Term, round: Round, previous: LogIndex, hint: LogPosition) {
    self.term = term
    self.round = round
    self.previous = previous
    self.hint = hint
  }
}

/// A sign of life from the leader, with as much of the commit index as the follower is known to hold (trap 23).
public struct Heartbeat: Sendable, Hashable {
  /// The leader's term.
  public var term: Term
  /// The wave that this message belongs to.
  public var round: Round
  /// The smaller of the leader's commit index and the follower's match index.
  public var commit: LogIndex

  /// Makes the message.
  @inlinable
  public init(term: Term, round: Round, commit: LogIndex) {
    self.term = term
    self.round = round
    self.commit = commit
  }
}

/// Answers a heartbeat; acknowledges leadership for its round and nothing about the log.
public struct HeartbeatResponse: Sendable, Hashable {
  /// The follower's term.
  public var term: Term
  /// The round of the heartbeat answered.
  public var round: Round

  /// Makes the message.
  @inlinable
  public init(term: Term, round: Round) {
    self.term = term
    self.round = round
  }
}

extension AppendEntries: Announcement { var wrapped: Message { .appendEntries(self) } }
extension AppendAccepted: DurablePromise { var wrapped: Message { .appendAccepted(self) } }
extension AppendRejected: Announcement { var wrapped: Message { .appendRejected(self) } }
extension Heartbeat: Announcement { var wrapped: Message { .heartbeat(self) } }
extension HeartbeatResponse: Announcement { var wrapped: Message { .heartbeatResponse(self) } }
