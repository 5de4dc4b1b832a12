/// A policy that comes with eraft, and its settings.
public enum ShippedPolicy: Hashable, Sendable {
  /// A fixed fleet, kept up.
  case fixed(StaticPolicy.Settings)
  /// Thresholds on busy ratios.
  case reactive(ReactivePolicy.Settings)
  /// Most goodput for the money of an epoch.
  case budget(BudgetPolicy.Settings)
  /// The same with foresight.
  case peek(PeekPolicy.Settings)
  /// The same for a forecast load.
  case predictive(PredictivePolicy.Settings)
  /// A fleet spread over spot pools.
  case spotDiversified(SpotDiversifiedPolicy.Settings)
  /// Leadership where writes come from.
  case followLoad(FollowLoadPolicy.Settings)
  /// Whole groups at all sites.
  case multiRaft(MultiRaftPolicy.Settings)

  /// All of them with their default settings, in the order in which they are listed.
  public static let all: [ShippedPolicy] = [
    .fixed(.init()), .reactive(.init()), .budget(.init()), .peek(.init()), .predictive(.init()),
    .spotDiversified(.init()), .followLoad(.init()), .multiRaft(.init()),
  ]

  /// The name that specs use.
  public var name: String {
    switch self {
    case .fixed: "static"
    case .reactive: "reactive"
    case .budget: "budget"
    case .peek: "peek"
    case .predictive: "predictive"
    case .spotDiversified: "spot-diversified"
    case .followLoad: "follow-load"
    case .multiRaft: "multi-raft"
    }
  }

  /// What it does, in one line.
  public var summary: String {
    switch self {
    case .fixed: "keeps a fixed fleet up: replaces what was revoked, and voters that lost their instances"
    case .reactive: "a secretary for a busy leader, an observer for busy servers of reads; dismisses with hysteresis"
    case .budget: "the most predicted goodput for what an epoch may cost, greedy by gain over price"
    case .peek: "as budget, but knows the loads and prices of the next k epochs; all of the run is the oracle"
    case .predictive: "as budget, for a load forecast by an exponential average or Holt-Winters smoothing"
    case .spotDiversified: "sizes the fleet by load and spreads it over pools by price and interruption rate"
    case .followLoad: "moves leadership to the site that most writes come from, with hysteresis"
    case .multiRaft: "adds or removes a whole group at all sites"
    }
  }

  /// A fresh policy.
  public func makePolicy() -> any MembershipPolicy {
    switch self {
    case .fixed(let settings): StaticPolicy(settings)
    case .reactive(let settings): ReactivePolicy(settings)
    case .budget(let settings): BudgetPolicy(settings)
    case .peek(let settings): PeekPolicy(settings)
    case .predictive(let settings): PredictivePolicy(settings)
    case .spotDiversified(let settings): SpotDiversifiedPolicy(settings)
    case .followLoad(let settings): FollowLoadPolicy(settings)
    case .multiRaft(let settings): MultiRaftPolicy(settings)
    }
  }
}
