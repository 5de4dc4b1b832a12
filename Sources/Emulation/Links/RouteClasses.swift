import Raft

/// One of the routes that a link's packets may take for a while.
public struct RouteClass: Hashable, Sendable {
  /// The link's delay is multiplied by this, in 0 ... 100.
  public var factor: Double
  /// What is added to the delay after that.
  public var extra: TimeSpan
  /// The jitter while the route is in use; nil keeps the link's own.
  public var jitter: Jitter?
  /// The mean of the exponential time for which the route stays in use, at least ``RouteClasses/shortestHold``.
  public var hold: TimeSpan
  /// How likely the route is chosen when another one ends, relative to the others; positive.
  public var weight: Double

  /// Makes a route.
  public init(
    factor: Double = 1, extra: TimeSpan = .zero, jitter: Jitter? = nil, hold: TimeSpan, weight: Double = 1
  ) {
    self.factor = factor
    self.extra = extra
    self.jitter = jitter
    self.hold = hold
    self.weight = weight
  }
}

/// A link's routes: a continuous-time Markov chain that begins in the first one.
///
/// Each route stays in use for an exponential time with its own mean; the next one is drawn among the *others* by
/// weight. The schedule comes from a stream of the link's own, so that it depends on the seed and the time and not on
/// the traffic. The spread between measurements of one path, far above its jitter, is what routes stand for: "Path
/// Persistence in the Cloud" (Reda et al., CCR 2020) saw changes every ten seconds and penalties up to a third.
public struct RouteClasses: Hashable, Sendable {
  /// The most routes of a link.
  public static let most = 16
  /// The shortest mean time that a route may stay in use.
  public static let shortestHold = TimeSpan.milliseconds(100)

  /// The routes; the first one is in use at the start.
  public var classes: [RouteClass]

  /// Makes routes; they are checked when the network is made.
  public init(_ classes: [RouteClass]) { self.classes = classes }

  /// Four routes between 5 % faster and 20 % slower than the measured delay, held for ten seconds to two minutes.
  ///
  /// An assumption that spans the published spread; not a fit.
  public static let cloud = RouteClasses([
    RouteClass(factor: 1, hold: .seconds(120), weight: 4),
    RouteClass(factor: 0.95, hold: .seconds(60), weight: 1),
    RouteClass(factor: 1.08, hold: .seconds(30), weight: 2),
    RouteClass(factor: 1.2, hold: .seconds(10), weight: 1),
  ])

  /// What is wrong with the routes, or nil.
  var fault: String? {
    guard (1...Self.most).contains(classes.count) else { return "a link needs 1 to \(Self.most) routes" }
    for route in classes {
      if !(route.factor >= 0 && route.factor <= 100) { return "a route's factor must lie in 0 ... 100" }
      if route.extra < .zero || route.extra > LinkModel.longestDelay {
        return "a route's extra delay must lie in 0s ... \(LinkModel.longestDelay)"
      }
      if route.hold < Self.shortestHold || route.hold > .seconds(31_536_000) {
        return "a route's hold must lie in \(Self.shortestHold) ... one year"
      }
      if !(route.weight > 0 && route.weight <= 1e9) { return "a route's weight must be positive and at most 1e9" }
      if let fault = route.jitter?.fault { return fault }
    }
    return nil
  }
}
