import Emulation
import Raft

/// What lies between the sites of an experiment.
public struct LinkPlan: Hashable, Sendable {
  /// Where the round-trip times come from.
  public var matrix = MatrixSource.builtIn("aws-2020-06")
  /// What every link adds to its delay at random.
  public var jitter = Jitter.none
  /// The capacity of every link in each direction; nil means unlimited.
  public var bandwidth: Bandwidth?
  /// The probability that a message or segment is lost.
  public var loss = 0.0
  /// The probability that a message arrives twice.
  public var duplication = 0.0
  /// Whether links keep order.
  public var ordering = Ordering.ordered
  /// The most bytes that may wait for a link.
  public var queueLimit = 16 << 20
  /// Pairs of sites that differ from the rest, later ones over earlier ones.
  public var overrides: [LinkPatch] = []
}

/// Where round-trip times come from.
public enum MatrixSource: Hashable, Sendable {
  /// A matrix that comes with the program.
  case builtIn(String)
  /// Figures of the spec's own, read from a CSV file or given in the spec.
  case figures([PairDelay])
}

/// The round-trip time from one site to another; the way back takes the same unless it is given too.
public struct PairDelay: Hashable, Sendable {
  /// The site that sends.
  public var from: String
  /// The site that answers; the same site for the time between two of its nodes.
  public var to: String
  /// The round-trip time.
  public var roundTrip: TimeSpan

  /// Makes a round-trip time.
  public init(from: String, to: String, roundTrip: TimeSpan) {
    self.from = from
    self.to = to
    self.roundTrip = roundTrip
  }
}

/// A change of some properties of the links from some sites to others; what is nil stays as it is.
public struct LinkPatch: Hashable, Sendable {
  /// The sites that send; empty means all.
  public var from: [String] = []
  /// The sites that receive; empty means all.
  public var to: [String] = []
  /// Whether the links back change too.
  public var bothWays = false
  /// The new delay in one direction.
  public var delay: TimeSpan?
  /// A time that is added to the delay in one direction.
  public var extraDelay: TimeSpan?
  /// The new jitter.
  public var jitter: Jitter?
  /// The new probability of loss.
  public var loss: Double?
  /// The new probability of duplication.
  public var duplication: Double?
  /// The new capacity.
  public var bandwidth: Capacity?
  /// The new limit of bytes that wait.
  public var queueLimit: Int?
  /// Whether order is kept from now on.
  public var ordering: Ordering?

  /// A capacity that may be without limit.
  public enum Capacity: Hashable, Sendable {
    /// As much as is sent.
    case unlimited
    /// At most this.
    case limited(Bandwidth)
  }

  /// Whether the patch concerns the link from one site to another.
  public func concerns(from source: String, to destination: String) -> Bool {
    func matches(_ sender: String, _ receiver: String) -> Bool {
      (from.isEmpty || from.contains(sender)) && (to.isEmpty || to.contains(receiver))
    }
    return matches(source, destination) || (bothWays && matches(destination, source))
  }

  /// Changes a link.
  public func apply(to link: inout LinkModel) {
    if let delay { link.delay = delay }
    if let extraDelay { link.delay = link.delay + extraDelay }
    if let jitter { link.jitter = jitter }
    if let loss { link.loss = loss }
    if let duplication { link.duplication = duplication }
    if let queueLimit { link.queueLimit = queueLimit }
    if let ordering { link.ordering = ordering }
    switch bandwidth {
    case nil: break
    case .unlimited: link.bandwidth = nil
    case .limited(let bandwidth): link.bandwidth = bandwidth
    }
  }
}
