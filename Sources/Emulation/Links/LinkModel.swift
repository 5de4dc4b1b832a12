import Raft

/// Whether a link keeps the order of what is sent on one connection.
public enum Ordering: String, Hashable, Sendable, CaseIterable {
  /// Like TCP: nothing overtakes; a lost segment delays what follows it by a retransmission.
  case ordered
  /// Like datagrams: each message takes its own delay and may be lost.
  case unordered
}

/// One direction of a link between two sites (or between the machines of one site).
public struct LinkModel: Hashable, Sendable {
  /// The longest delay that is accepted: one minute.
  public static let longestDelay = TimeSpan.seconds(60)

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
  /// The routes among which the link changes as time passes; nil means that the delay stays as it is.
  public var routes: RouteClasses?

  /// Makes a link with the given delay and nothing else in its way.
  public init(delay: TimeSpan) {
    self.delay = delay
    jitter = .none
    loss = 0
    duplication = 0
    bandwidth = nil
    queueLimit = 16 << 20
    ordering = .ordered
    routes = nil
  }

  /// What is wrong with the values, or nil when a network can be made of them.
  public var fault: String? {
    if delay < .zero || delay > Self.longestDelay { return "a link's delay must lie in 0s ... \(Self.longestDelay)" }
    if !(loss >= 0 && loss <= 1) { return "a link's loss must lie in 0 ... 1" }
    if !(duplication >= 0 && duplication <= 1) { return "a link's duplication must lie in 0 ... 1" }
    if let bandwidth, bandwidth.bitsPerSecond < 1_000 { return "a link's bandwidth must be at least 1 kbit/s" }
    if queueLimit < 0 { return "a link's queue limit must not be negative" }
    return jitter.fault ?? routes?.fault
  }
}
