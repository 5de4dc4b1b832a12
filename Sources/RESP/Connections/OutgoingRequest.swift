import KeyValue
import Server

/// What a connection wants its host to do.
public struct OutgoingRequest: Hashable, Sendable {
  /// Names the request when it is answered.
  public var ticket: Ticket
  /// What is to be done.
  public var action: Action

  /// What is to be done.
  public enum Action: Hashable, Sendable {
    /// Executes an operation, without a session: so never twice, if the first time may have had an effect.
    case execute(Operation, ReadConsistency)
    /// Answers a question about the node.
    case answer(HostQuestion)
  }

  /// Makes a request.
  public init(ticket: Ticket, action: Action) {
    self.ticket = ticket
    self.action = action
  }
}

extension ClientRequest {
  /// An operation of a connection: without a session, so that nothing is remembered of it.
  public init(sessionless operation: Operation, consistency: ReadConsistency) {
    self.init(client: .sessionless, sequence: SequenceNumber(0), operation: operation, consistency: consistency)
  }
}
