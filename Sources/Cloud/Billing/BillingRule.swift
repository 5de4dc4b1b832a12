import Raft

/// How time becomes money.
public struct BillingRule: Hashable, Sendable {
  /// What is counted.
  public enum Unit: Hashable, Sendable {
    /// Started seconds, but at least `minimum` (whole seconds, rounded up) per life.
    case second(minimum: TimeSpan)
    /// Started hours, counted from the launch.
    case startedHour
  }

  /// What a spot instance does not pay when its provider ends it.
  public enum Refund: String, Hashable, Sendable, CaseIterable {
    /// Nothing is given back.
    case none
    /// The whole life, if it ended within its first hour.
    case firstHour = "first-hour"
    /// The hour that was begun and not finished.
    case partialHour = "partial-hour"
  }

  /// What is counted.
  public var unit: Unit
  /// What is given back.
  public var refund: Refund

  /// Makes a rule.
  public init(unit: Unit, refund: Refund) {
    self.unit = unit
    self.refund = refund
  }

  /// AWS since October 2017, Linux: seconds, at least 60, and a first hour that the provider interrupts is free.
  public static let aws = BillingRule(unit: .second(minimum: .seconds(60)), refund: .firstHour)
  /// AWS before October 2017: started hours, and an hour that the provider interrupts is free.
  public static let awsBefore2017 = BillingRule(unit: .startedHour, refund: .partialHour)
}
