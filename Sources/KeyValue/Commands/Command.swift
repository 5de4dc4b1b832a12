/// One entry of the replicated log as the key-value store sees it: an operation, and whose it is.
///
/// Sessions need no command of their own: the first command of a client opens its session (see ``Store``).
public struct Command: Hashable, Sendable {
  /// Whose command it is.
  public var client: ClientID
  /// Its number within the client's session; a retry repeats it.
  public var sequence: SequenceNumber
  /// What is to be done.
  public var operation: Operation

  /// Makes a command.
  public init(client: ClientID, sequence: SequenceNumber, operation: Operation) {
    self.client = client
    self.sequence = sequence
    self.operation = operation
  }
}
