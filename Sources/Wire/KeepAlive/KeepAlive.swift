import Raft

/// Asks the other end of a connection for a sign of life.
public struct Ping: Hashable, Sendable {
  /// The sender's clock when it asked.
  public var sentAt: Instant

  /// Makes the frame.
  public init(sentAt: Instant) { self.sentAt = sentAt }
}

/// Answers a ``Ping``: from it the asker knows the round trip, and by how much the two clocks differ at most.
public struct Pong: Hashable, Sendable {
  /// The asker's clock when it asked, as the ping had it.
  public var pingSentAt: Instant
  /// The answerer's clock when it answered.
  public var sentAt: Instant

  /// Makes the frame.
  public init(pingSentAt: Instant, sentAt: Instant) {
    self.pingSentAt = pingSentAt
    self.sentAt = sentAt
  }
}
