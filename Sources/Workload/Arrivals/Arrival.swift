import Raft

/// When operations begin.
public enum Arrival: Hashable, Sendable {
  /// Closed loop: each of `clients` clients per site begins its next operation `think` after the last one ended.
  /// First operations are spread at random over the first `think`.
  case closed(clients: Int, think: TimeSpan)
  /// Open loop: exponential gaps at a total rate in operations per second, spread evenly over the sites.
  case poisson(rate: Double)
  /// Open loop: equal gaps at a total rate in operations per second, spread evenly over the sites, which take turns.
  case constant(rate: Double)
  /// Open loop: exponential gaps at a rate that changes at given times (seconds from the phase's start, ops/s);
  /// nothing arrives before the first point, and the last rate lasts until the phase ends.
  case trace(points: [RatePoint])
}

/// A rate from a moment on.
public struct RatePoint: Hashable, Sendable {
  /// Since the start of the phase.
  public var time: TimeSpan
  /// Operations per second, all sites together.
  public var rate: Double
  /// Makes a point.
  public init(time: TimeSpan, rate: Double) {
    self.time = time
    self.rate = rate
  }
}
