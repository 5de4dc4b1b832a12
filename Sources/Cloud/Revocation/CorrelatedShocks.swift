import Emulation
import Raft

/// `correlated`: shocks that take several instances at once, on top of any other model.
///
/// A model of ours after the co-interruptions that were measured: three Poisson processes, one per region (site), one
/// per pool (market) and one per instance. Markets of one site whose models have equal region shocks share them; that
/// is what makes their losses correlated. A shock is the provider's decision: victims are chosen and announced then,
/// and die once the rebalance and notice leads of their market are over.
public struct CorrelatedShocks: Hashable, Sendable {
  /// Shocks that take their victims from all instances of a region, or nil for none.
  public var region: Shock?
  /// Shocks that take their victims from one pool, or nil for none.
  public var pool: Shock?
  /// The mean time to a shock that takes one given instance alone, or nil for none.
  public var instance: TimeSpan?

  /// Makes shocks.
  public init(region: Shock? = nil, pool: Shock? = nil, instance: TimeSpan? = nil) {
    self.region = region
    self.pool = pool
    self.instance = instance
  }

  var fault: String? {
    if let fault = region?.fault { return "region shocks: \(fault)" }
    if let fault = pool?.fault { return "pool shocks: \(fault)" }
    if let instance, let fault = ExponentialLifetime(mean: instance).fault { return "instance shocks: \(fault)" }
    return nil
  }
}

/// A process of shocks to a region or a pool.
public struct Shock: Hashable, Sendable {
  /// The mean time between shocks; they come as a Poisson process.
  public var interval: TimeSpan
  /// How much of what runs a shock takes.
  public var severity: Severity
  /// The mean time, exponential, for which the pools hit give out nothing after a shock; zero for none.
  public var drought: TimeSpan

  /// Makes a process.
  public init(interval: TimeSpan, severity: Severity = .observed, drought: TimeSpan = .zero) {
    self.interval = interval
    self.severity = severity
    self.drought = drought
  }

  var fault: String? {
    if let fault = ExponentialLifetime(mean: interval).fault { return fault }
    if drought < .zero || drought > ExponentialLifetime.longest {
      return "the drought is \(drought); it must lie in 0s ... 100 years"
    }
    return severity.fault
  }
}

/// How many of the instances in its reach a shock takes.
public enum Severity: Hashable, Sendable {
  /// All of them with one probability, one of them with another, and otherwise any number from one to all of them.
  case mixture(all: Double, one: Double)
  /// This share of them, rounded up or down at random so that the mean is right.
  case share(Double)

  /// All with probability 0.45, one with 0.50: our reading of the loss events of four traces (16 and 4 nodes at AWS
  /// us-west-2 in 2023, Bamboo 2020).
  public static let observed = Severity.mixture(all: 0.45, one: 0.50)

  /// Draws how many of `count` are taken.
  func draw(of count: Int, _ random: inout RandomSource) -> Int {
    guard count > 0 else { return 0 }
    switch self {
    case .mixture(let all, let one):
      let chance = random.nextUnit()
      if chance < all { return count }
      return chance < all + one ? 1 : 1 + Int(random.next(below: UInt64(count)))
    case .share(let share): return random.round(Double(count) * share)
    }
  }

  var fault: String? {
    switch self {
    case .mixture(let all, let one):
      all >= 0 && one >= 0 && all + one <= 1
        ? nil : "a shock takes all with \(all) and one with \(one); both must be at least 0 and their sum at most 1"
    case .share(let share): share >= 0 && share <= 1 ? nil : "a shock's share is \(share); it must lie in 0 ... 1"
    }
  }
}

extension RandomSource {
  /// The number rounded up with the probability of its fraction, otherwise down: right on average.
  mutating func round(_ number: Double) -> Int {
    let whole = number.rounded(.down)
    return Int(whole) + (nextBool(probability: number - whole) ? 1 : 0)
  }

  /// Chooses `count` of the candidates, each set equally likely; they keep their order.
  mutating func choose<Element: Comparable>(_ count: Int, of candidates: [Element]) -> [Element] {
    guard count < candidates.count else { return candidates }
    var pool = candidates
    for place in 0..<max(count, 0) {
      pool.swapAt(place, place + Int(next(below: UInt64(pool.count - place))))
    }
    return pool.prefix(max(count, 0)).sorted()
  }
}
