/// The revocation models by the names that specs use.
public enum RevocationKind: String, Hashable, Sendable, CaseIterable {
  /// See ``Revocation/none``.
  case none
  /// See ``ExponentialLifetime``.
  case exponential
  /// See ``WeibullLifetime``.
  case weibull
  /// See ``LognormalLifetime``.
  case lognormal
  /// See ``BathtubLifetime``.
  case bathtub
  /// See ``PriceCrossing``.
  case priceCrossing = "price-crossing"
  /// See ``AdvisorLifetime``.
  case advisor
  /// See ``TraceReplay``.
  case trace
  /// See ``CorrelatedShocks``.
  case correlated

  /// The name that specs use.
  public var name: String { rawValue }

  /// What the model does, in one line.
  public var summary: String {
    switch self {
    case .none: "nothing is ever taken back"
    case .exponential: "memoryless: mean time to revocation"
    case .weibull: "shape and scale; a shape below 1 kills the young (AWS 2023: about 0.6)"
    case .lognormal: "median and sigma; the best fit to AWS 2023"
    case .bathtub: "bounded lifetime with early and late deaths (GCP preemptible, 24 h)"
    case .priceCrossing: "runs while the price is at most a bid (AWS before late 2017 only)"
    case .advisor: "memoryless at the rate of an AWS Spot Instance Advisor band"
    case .trace: "replays recorded instance counts or availability"
    case .correlated: "shocks per region, pool and instance on top of any other model"
    }
  }
}

extension Revocation {
  /// Which model it is.
  public var kind: RevocationKind {
    switch self {
    case .none: .none
    case .exponential: .exponential
    case .weibull: .weibull
    case .lognormal: .lognormal
    case .bathtub: .bathtub
    case .priceCrossing: .priceCrossing
    case .advisor: .advisor
    case .trace: .trace
    }
  }
}
