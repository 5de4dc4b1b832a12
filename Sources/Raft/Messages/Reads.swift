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

/// Asks a voter what its log holds: enough of them together know an index that reads must wait for (Charapko and others,
/// "Linearizable quorum reads in Paxos", 2019).
public struct QuorumReadRequest: Sendable, Hashable {
  /// The batch of reads.
  public var id: ReadID

  /// Makes the message.
  public init(id: ReadID) { self.id = id }
}

/// What a voter knows, for a read that asks a quorum.
public struct QuorumReadResponse: Sendable, Hashable {
  /// The batch of reads.
  public var id: ReadID
  /// The voter's term: whatever it acknowledged is of this term or a lower one.
  public var term: Term
  /// The end of the voter's log: whatever it acknowledged is there.
  public var last: LogIndex
  /// The configuration in force at the sender, which votes in it and has no other one in its log; nil when that is not
  /// so, or the configuration is joint, and the answer does not count.
  public var configuration: Configuration?

  /// Makes the message.
  public init(id: ReadID, term: Term, last: LogIndex, configuration: Configuration?) {
    self.id = id
    self.term = term
    self.last = last
    self.configuration = configuration
  }
}

extension QuorumReadRequest: Announcement { var wrapped: Message { .quorumReadRequest(self) } }
extension QuorumReadResponse: Announcement { var wrapped: Message { .quorumReadResponse(self) } }
extension ReadIndexRequest: Announcement { var wrapped: Message { .readIndexRequest(self) } }
extension ReadIndexResponse: Announcement { var wrapped: Message { .readIndexResponse(self) } }
