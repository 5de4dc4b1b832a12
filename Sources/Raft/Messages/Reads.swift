/// Names a batch of reads that wait for one read index; chosen by the requester, never used twice by it.
@frozen
public struct ReadID: Hashable, Sendable {
  /// The name as a plain number.
  public var rawValue: UInt64

  /// Makes a name from a plain number.
  @inlinable
  public init(_ rawValue: UInt64) { self.rawValue = rawValue }
}

/// Asks the leader for an index that reads at the sender must wait for (Raft thesis, 6.4).
public struct ReadIndexRequest: Sendable, Hashable {
  /// The sender's term.
  public var term: Term
  /// The batch of reads.
  public var id: ReadID

  /// Makes the message.
  public init(term: Term, id: ReadID) {
    self.term = term
    self.id = id
  }
}

/// Answers with the index: whoever has applied it may serve the batch.
public struct ReadIndexResponse: Sendable, Hashable {
  /// The leader's term.
  public var term: Term
  /// The batch of reads.
  public var id: ReadID
  /// The index to wait for; nil when the leader cannot confirm it and the batch must be asked for anew.
  public var index: LogIndex?

  /// Makes the message.
  public init(term: Term, id: ReadID, index: LogIndex?) {
    self.term = term
    self.id = id
    self.index = index
  }
}

extension ReadIndexRequest: Announcement { var wrapped: Message { .readIndexRequest(self) } }
extension ReadIndexResponse: Announcement { var wrapped: Message { .readIndexResponse(self) } }
