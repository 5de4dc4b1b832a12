import Raft

/// How the link to a peer is to behave in one direction from now on; all of it replaces what was set before.
public struct LinkUpdate: Hashable, Sendable {
  /// The peer that the link leads to.
  public var peer: NodeID
  /// The propagation delay in one direction.
  public var delay: TimeSpan
  /// What is added to it at random.
  public var jitter: Jitter
  /// How many of a million messages are lost, at most 1,000,000.
  public var lossPerMillion: UInt32
  /// The capacity in bits per second; nil means unlimited.
  public var bitsPerSecond: UInt64?
  /// Whether nothing passes at all.
  public var isPartitioned: Bool

  /// A random addition to a delay, never negative.
  public enum Jitter: Hashable, Sendable {
    /// None.
    case none
    /// The absolute value of a normal draw with mean zero.
    case normal(deviation: TimeSpan)
    /// A lognormal draw: `median · exp(sigma · N(0, 1))`.
    case lognormal(median: TimeSpan, sigma: Double)
    /// A gamma draw with mean `shape · scale`.
    case gamma(shape: Double, scale: TimeSpan)
    /// A Lomax draw: `scale · (U^(-1/shape) - 1)`.
    case pareto(shape: Double, scale: TimeSpan)
  }

  /// Makes an update.
  public init(
    peer: NodeID, delay: TimeSpan, jitter: Jitter = .none, lossPerMillion: UInt32 = 0, bitsPerSecond: UInt64? = nil,
    isPartitioned: Bool = false
  ) {
    self.peer = peer
    self.delay = delay
    self.jitter = jitter
    self.lossPerMillion = lossPerMillion
    self.bitsPerSecond = bitsPerSecond
    self.isPartitioned = isPartitioned
  }
}
