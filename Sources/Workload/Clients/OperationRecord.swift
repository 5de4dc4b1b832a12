import Emulation
import KeyValue
import Raft
import Server

/// One finished client operation, from its intended start to what the client knows of its end.
public struct OperationRecord: Hashable, Sendable {
  /// Whose operation it was.
  public var client: ClientID
  /// Its number within the client's session.
  public var sequence: SequenceNumber
  /// Where the client is.
  public var site: SiteID
  /// What was asked.
  public var operation: Operation
  /// The kind of operation as the mix names it.
  public var kind: OperationKind
  /// How fresh a read had to be.
  public var consistency: ReadConsistency
  /// When the operation was meant to start: latency counts from here (no coordinated omission).
  public var intended: Instant
  /// When the first attempt was sent.
  public var started: Instant
  /// When the client learnt or gave up on the outcome.
  public var ended: Instant
  /// The server that answered last, and its role; nil when none did.
  public var server: NodeID?
  /// The role of the server that answered last.
  public var role: Responder?
  /// How many times the operation was sent.
  public var attempts: Int
  /// What the client knows of the end.
  public var outcome: Outcome

  /// What the client knows of an operation's end.
  public enum Outcome: Hashable, Sendable {
    /// It took effect once, with this result.
    case ok(OperationResult)
    /// It certainly took no effect.
    case failed
    /// It may or may not have taken effect, now or later.
    case unknown
  }

  /// Makes a record.
  public init(
    client: ClientID, sequence: SequenceNumber, site: SiteID, operation: Operation, kind: OperationKind,
    consistency: ReadConsistency, intended: Instant, started: Instant, ended: Instant, server: NodeID?,
    role: Responder?,
    attempts: Int, outcome: Outcome
  ) {
    self.client = client
    self.sequence = sequence
    self.site = site
    self.operation = operation
    self.kind = kind
    self.consistency = consistency
    self.intended = intended
    self.started = started
    self.ended = ended
    self.server = server
    self.role = role
    self.attempts = attempts
    self.outcome = outcome
  }
}
