/// One batch for all followers that a secretary serves: an entry crosses the leader's network interface once per
/// secretary instead of once per follower (elastic Raft, 4.2).
///
/// Everything in it is the leader's. From it the secretary cuts one ordinary ``AppendEntries`` per target.
public struct RelayAppend: Sendable, Hashable {
  /// The batch as the leader would send it to the target that lags most: the secretary derives, it never originates.
  public var append: AppendEntries
  /// The life of the secretary that the batch is for: another life drops it.
  public var incarnation: Incarnation
  /// Counts the leader's assignments: a batch with a lower number than one seen before is about targets of the past.
  public var assignment: UInt32
  /// Whom to send a cut, and from which index on.
  public var targets: [RelayTarget]

  /// Makes the message.
  public init(append: AppendEntries, incarnation: Incarnation, assignment: UInt32, targets: [RelayTarget]) {
    self.append = append
    self.incarnation = incarnation
    self.assignment = assignment
    self.targets = targets
  }
}

/// A follower and the first entry of a batch that it lacks.
public struct RelayTarget: Sendable, Hashable {
  /// The follower.
  public var node: NodeID
  /// The first entry that it is to be sent.
  public var next: LogIndex

  /// Makes a target.
  public init(node: NodeID, next: LogIndex) {
    self.node = node
    self.next = next
  }
}

/// Tells the leader why followers will not get what it handed over; advice, and nothing rests on it.
public struct RelayNotice: Sendable, Hashable {
  /// The term of the batch.
  public var term: Term
  /// The life of the secretary.
  public var incarnation: Incarnation
  /// What happened.
  public var reason: Reason

  /// Why followers will not get what the leader handed over.
  public enum Reason: Sendable, Hashable {
    /// A target's next entry is not in the batch.
    case gap(NodeID)
    /// Whole batches were dropped, oldest first, since more came in than could be passed on in time.
    case overloaded
  }

  /// Makes the message.
  public init(term: Term, incarnation: Incarnation, reason: Reason) {
    self.term = term
    self.incarnation = incarnation
    self.reason = reason
  }
}

/// Followers' own words on their way to the leader, carried by a secretary in one message: intact, never summed up.
public struct CarriedResponses: Sendable, Hashable {
  /// The responses as their senders addressed them.
  public var envelopes: [Envelope]

  /// Makes the message.
  public init(envelopes: [Envelope]) { self.envelopes = envelopes }
}

extension RelayAppend: Announcement { var wrapped: Message { .relayAppend(self) } }
