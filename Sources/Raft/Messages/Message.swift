/// A message on its way between two members of one group.
@frozen
public struct Envelope: Sendable, Hashable {
  /// Who said it.
  public var from: NodeID
  /// Who is to hear it.
  public var to: NodeID
  /// What is said.
  public var message: Message

  /// Makes an envelope.
  @inlinable
  public init(from: NodeID, to: NodeID, message: Message) {
    self.from = from
    self.to = to
    self.message = message
  }
}

/// Everything that members of a group say to each other: one type for each message.
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
