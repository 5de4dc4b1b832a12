import Raft

/// A place with its own row in the latency matrix: a dense number, named at the edge.
public struct SiteID: Hashable, Comparable, Sendable {
  /// The number, which is an index into tables of sites.
  public var rawValue: UInt16
  /// Makes a site from its number.
  public init(_ rawValue: UInt16) { self.rawValue = rawValue }
  /// The number as an array index.
  public var slot: Int { Int(rawValue) }
  /// Orders by number.
  public static func < (left: SiteID, right: SiteID) -> Bool { left.rawValue < right.rawValue }
}

/// A random addition to a link's one-way delay, never negative.
public enum Jitter: Hashable, Sendable {
  /// None: every packet takes the link's delay.
  case none
  /// The absolute value of a normal draw with mean zero.
  case normal(deviation: TimeSpan)
  /// A lognormal draw: `median · exp(sigma · N(0, 1))`.
  case lognormal(median: TimeSpan, sigma: Double)
  /// A gamma draw with mean `shape · scale`.
  case gamma(shape: Double, scale: TimeSpan)
  /// A Pareto (Lomax) draw: `scale · (U^(-1/shape) - 1)`, heavy-tailed, with mean `scale / (shape - 1)`.
  case pareto(shape: Double, scale: TimeSpan)
}

/// Bits per second.
public struct Bandwidth: Hashable, Comparable, Sendable {
  /// Bits per second.
  public var bitsPerSecond: UInt64
  /// Makes a bandwidth.
  public init(bitsPerSecond: UInt64) { self.bitsPerSecond = bitsPerSecond }
  /// Orders by number.
  public static func < (left: Bandwidth, right: Bandwidth) -> Bool { left.bitsPerSecond < right.bitsPerSecond }
}

/// Whether a link keeps the order of what is sent on one connection.
public enum Ordering: String, Hashable, Sendable, CaseIterable {
  /// Like TCP: nothing overtakes; a lost segment delays what follows it by a retransmission.
  case ordered
  /// Like datagrams: each message takes its own delay and may be lost.
  case unordered
}

/// One direction of a link between two sites.
public struct LinkModel: Hashable, Sendable {
  /// The propagation delay in one direction.
  public var delay: TimeSpan
  /// What is added to it at random.
  public var jitter: Jitter
  /// The probability that a message (unordered) or a segment (ordered) is lost, in 0 ... 1.
  public var loss: Double
  /// The probability that a message arrives twice, in 0 ... 1; ordered links deliver once.
  public var duplication: Double
  /// The link's capacity, shared by all senders; nil means unlimited.
  public var bandwidth: Bandwidth?
  /// The most bytes that may wait for the link; more are dropped (unordered) or held back (ordered).
  public var queueLimit: Int
  /// Whether order is kept.
  public var ordering: Ordering

  /// Makes a link with the given delay and nothing else in its way.
  public init(delay: TimeSpan) {
    self.delay = delay
    jitter = .none
    loss = 0
    duplication = 0
    bandwidth = nil
    queueLimit = 16 << 20
    ordering = .ordered
  }
}
