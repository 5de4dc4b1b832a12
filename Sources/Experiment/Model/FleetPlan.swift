import Cloud
import Raft

/// The stateless part of an elastic group: who works from the start, and on what machines.
public struct FleetPlan: Hashable, Sendable {
  /// How many secretaries each site has from the start.
  public var secretaries: [SiteCount] = []
  /// How many observers each site has from the start.
  public var observers: [SiteCount] = []
  /// The instance type that fleets are hired on.
  public var instance: InstanceTypeName = "c5.large"
  /// How they are paid for.
  public var purchase = Purchase.spot
  /// The most followers that one secretary serves.
  public var capacity = 64
  /// Whom observers take their feed from.
  public var feed = ObserverSettings.FeedPreference.nearest

  /// Whether anybody works from the start.
  public var isEmpty: Bool { (secretaries + observers).allSatisfy { $0.count == 0 } }
}

/// What a run costs.
public struct CostPlan: Hashable, Sendable {
  /// How time becomes money.
  public var billing = Billing.perSecond
  /// What voters and other machines that are not of the catalog cost, each hour; nil takes the catalog's price.
  public var onDemand: HourlyRate?
  /// Whether data between sites is billed, at the prices of AWS in 2022.
  public var transfer = true

  /// How time becomes money.
  public enum Billing: String, Hashable, Sendable, CaseIterable {
    /// Seconds, at least 60, and a first hour that the provider interrupts is free (AWS since October 2017).
    case perSecond = "per-second"
    /// Started hours, and an hour that the provider interrupts is free (AWS before October 2017).
    case perHour = "per-hour"

    /// The rule.
    public var rule: BillingRule {
      switch self {
      case .perSecond: .aws
      case .perHour: .awsBefore2017
      }
    }
  }
}

/// What may be spent on instances.
public struct BudgetPlan: Hashable, Sendable {
  /// In one epoch; nil means no cap.
  public var perEpoch: Money?
  /// In the whole run; nil means no cap.
  public var total: Money?
}
