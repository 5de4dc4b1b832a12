/// The bounds of a store. They are part of the replicated state: every replica of a group has the same.
public struct StoreLimits: Hashable, Sendable {
  /// The most sessions that are remembered; one more, and the least recently used one expires.
  public var sessions: Int
  /// The longest key in bytes.
  public var keyBytes: Int
  /// The longest value in bytes.
  public var valueBytes: Int

  /// Makes limits; each is at least 1, smaller numbers are raised to that.
  public init(sessions: Int = 262_144, keyBytes: Int = 4_096, valueBytes: Int = 16 << 20) {
    self.sessions = max(1, sessions)
    self.keyBytes = max(1, keyBytes)
    self.valueBytes = max(1, valueBytes)
  }
}
