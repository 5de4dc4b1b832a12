/// The bounds of what a client may send; whatever exceeds one ends the connection with a ``ProtocolError``.
public struct RequestLimits: Hashable, Sendable {
  /// The most arguments of a request, its name among them.
  public var arguments: Int
  /// The most bytes of one argument.
  public var bulkBytes: Int
  /// The most bytes of a request: its arguments and 16 for each. A command that is made of one must fit into a message
  /// between nodes (32 MiB, `FrameLimits.bodyBytes`): a larger one could be proposed, but never be replicated.
  public var requestBytes: Int
  /// The most bytes of an inline request's line.
  public var inlineBytes: Int

  /// Makes limits; each is at least 1, smaller numbers are raised to that.
  public init(
    arguments: Int = 65_536, bulkBytes: Int = 16 << 20, requestBytes: Int = (32 << 20) - 4_096,
    inlineBytes: Int = 64 << 10
  ) {
    self.arguments = max(1, arguments)
    self.bulkBytes = max(1, bulkBytes)
    self.requestBytes = max(1, requestBytes)
    self.inlineBytes = max(1, inlineBytes)
  }
}
