import KeyValue
import Raft

/// How fresh a read must be.
public enum ReadConsistency: String, Hashable, Sendable, CaseIterable {
  /// Reflects every operation that ended before the read began (thesis, 6.4).
  case linearizable
  /// Reflects every operation that ended before the age that ``ServerSettings/boundedAge`` allows.
  case bounded
  /// Answers from the state of whichever server is asked.
  case local
}

/// A client's request to a server.
public struct ClientRequest: Hashable, Sendable {
  /// Whose request it is.
  public var client: ClientID
  /// Its number; a retry repeats it.
  public var sequence: SequenceNumber
  /// What is asked.
  public var operation: Operation
  /// How fresh a read must be; without meaning for writes.
  public var consistency: ReadConsistency

  /// Makes a request.
  public init(client: ClientID, sequence: SequenceNumber, operation: Operation, consistency: ReadConsistency) {
    self.client = client
    self.sequence = sequence
    self.operation = operation
    self.consistency = consistency
  }
}

/// A server's answer to a client.
public struct ClientReply: Hashable, Sendable {
  /// Whose request is answered.
  public var client: ClientID
  /// Which request is answered.
  public var sequence: SequenceNumber
  /// The answer.
  public var outcome: Outcome
  /// The part that the server played when it answered.
  public var role: Responder

  /// The answer to a request.
  public enum Outcome: Hashable, Sendable {
    /// The operation took effect once, and this is its result.
    case done(OperationResult)
    /// The server does not lead and did nothing; ask the server named, when one is.
    case redirect(to: NodeID?)
    /// The server's group no longer has the key and did nothing; ask the group that has it by this routing.
    indirect case moved(KeyRouter)
    /// The server did nothing and will not now: try again later.
    case busy
    /// The server did nothing now, since it no longer knows the session: whether an earlier attempt took effect is
    /// unknown. The client goes on with numbers above the one named.
    case sessionExpired(above: SequenceNumber)
    /// What a group answers to whoever moves its keys.
    indirect case sharded(ShardAnswer)
    /// The server lost leadership while the operation was under way: whether it takes effect is unknown.
    case unknown(leader: NodeID?)
  }

  /// Makes a reply.
  public init(client: ClientID, sequence: SequenceNumber, outcome: Outcome, role: Responder) {
    self.client = client
    self.sequence = sequence
    self.outcome = outcome
    self.role = role
  }
}
