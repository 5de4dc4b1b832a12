/// A message on its way between two members of one group.
@frozen
public struct Envelope: Sendable, Hashable {
  /// Who said it.
  public var from: NodeID
  /// Who is to hear it.
  public var to: NodeID
  /// What is said.
  public var message: Message
  /// The secretary's number, or one that is nobody's: an optional would make every envelope larger.
  @usableFromInline var relay: UInt32

  /// The secretary by whose hands the envelope goes; it is part of the network and says nothing of its own.
  @inlinable
  public var via: NodeID? { relay == UInt32.max ? nil : NodeID(relay) }

  /// Makes an envelope.
  @inlinable
  public init(from: NodeID, to: NodeID, message: Message, via: NodeID? = nil) {
    self.from = from
    self.to = to
    self.message = message
    relay = via?.rawValue ?? UInt32.max
  }

  /// Who puts the envelope on the wire: the secretary, for what it passes on from a leader.
  @inlinable
  public var sender: NodeID {
    guard let via else { return from }
    if case .appendEntries = message { return via }
    return from
  }

  /// Who gets the envelope first: the secretary, for what it is to carry to a leader.
  @inlinable
  public var receiver: NodeID {
    guard let via else { return to }
    if case .appendEntries = message { return to }
    return via
  }
}

/// Everything that members of a group and their fleet say to each other: one type for each message.
@frozen
public enum Message: Sendable, Hashable {
  case preVoteRequest(PreVoteRequest)
  case preVoteResponse(PreVoteResponse)
  case voteRequest(VoteRequest)
  case voteResponse(VoteResponse)
  case appendEntries(AppendEntries)
  case appendAccepted(AppendAccepted)
  case appendRejected(AppendRejected)
  case heartbeat(Heartbeat)
  case heartbeatResponse(HeartbeatResponse)
  case installSnapshot(InstallSnapshot)
  case snapshotReceived(SnapshotReceived)
  case timeoutNow(TimeoutNow)
  case readIndexRequest(ReadIndexRequest)
  case readIndexResponse(ReadIndexResponse)
  /// Behind one word, as `carriedResponses` are, so that it does not widen the frequent messages.
  indirect case relayAppend(RelayAppend)
  case relayNotice(RelayNotice)
  case carriedResponses(CarriedResponses)
  case enlistment(Enlistment)
  case enlistmentAnswer(EnlistmentAnswer)
  case feedRequest(FeedRequest)
  case feedEntries(FeedEntries)
  case feedSnapshot(FeedSnapshot)
  case feedRefusal(FeedRefusal)
  case quorumReadRequest(QuorumReadRequest)
  /// Behind one word, since it carries a configuration and is rare.
  indirect case quorumReadResponse(QuorumReadResponse)
}

/// A message that promises nothing: it may leave before any write of its sender is durable.
protocol Announcement {
  var wrapped: Message { get }
}

/// A message whose meaning rests on the sender's durable state: it leaves only after every write issued before it.
///
/// A vote, an acknowledgement, and also a request for votes: a candidate that advertised entries it could still lose
/// would be elected for a log it no longer has (traps 1, 2, 29).
protocol DurablePromise {
  var wrapped: Message { get }
}
