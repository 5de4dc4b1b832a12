/// Asks whether an election would succeed, without raising anyone's term (Raft thesis, 9.6).
public struct PreVoteRequest: Sendable, Hashable {
  /// The term that the sender would campaign in.
  public var term: Term
  /// The end of the sender's log.
  public var last: LogPosition

  /// Makes a request.
  public init(term: Term, last: LogPosition) {
    self.term = term
    self.last = last
  }
}

/// Answers a pre-vote request.
public struct PreVoteResponse: Sendable, Hashable {
  /// The term asked about when granted, the responder's own term when refused (trap 3).
  public var term: Term
  /// Whether the responder would vote for the sender.
  public var isGranted: Bool
  /// An entry that the responder knows to be committed.
  public var committed: LogPosition

  /// Makes a response.
  public init(term: Term, isGranted: Bool, committed: LogPosition = .zero) {
    self.term = term
    self.isGranted = isGranted
    self.committed = committed
  }
}

/// Asks for a vote (Raft thesis, 3.4).
public struct VoteRequest: Sendable, Hashable {
  /// The candidate's term.
  public var term: Term
  /// The end of the candidate's durable log.
  public var last: LogPosition
  /// Whether the leader asked for this campaign, which lifts leader stickiness (thesis, 3.10; trap 50).
  public var isTransfer: Bool

  /// Makes a request.
  public init(term: Term, last: LogPosition, isTransfer: Bool) {
    self.term = term
    self.last = last
    self.isTransfer = isTransfer
  }
}

/// Answers a vote request.
public struct VoteResponse: Sendable, Hashable {
  /// The responder's term.
  public var term: Term
  /// Whether the candidate has the responder's vote in that term.
  public var isGranted: Bool
  /// An entry that the responder knows to be committed.
  public var committed: LogPosition

  /// Makes a response.
  public init(term: Term, isGranted: Bool, committed: LogPosition = .zero) {
    self.term = term
    self.isGranted = isGranted
    self.committed = committed
  }
}

/// Tells the target of a leadership transfer to campaign at once (Raft thesis, 3.10).
///
/// The term and the position fence it: one that arrives late elects nobody (trap 51).
public struct TimeoutNow: Sendable, Hashable {
  /// The sender's term.
  public var term: Term
  /// The end of the sender's log, which the target must have.
  public var last: LogPosition

  /// Makes the message.
  public init(term: Term, last: LogPosition) {
    self.term = term
    self.last = last
  }
}

extension PreVoteRequest: Announcement { var wrapped: Message { .preVoteRequest(self) } }
extension PreVoteResponse: Announcement { var wrapped: Message { .preVoteResponse(self) } }
extension VoteRequest: DurablePromise { var wrapped: Message { .voteRequest(self) } }
extension VoteResponse: DurablePromise { var wrapped: Message { .voteResponse(self) } }
extension TimeoutNow: Announcement { var wrapped: Message { .timeoutNow(self) } }
