import Raft

/// When a market's spot instances are taken back: one model, with correlated shocks on top if wanted.
public struct RevocationModel: Hashable, Sendable {
  /// What takes instances back one by one, or all of a market at once.
  public var base: Revocation
  /// Shocks on top of it, or nil for none.
  public var shocks: CorrelatedShocks?

  /// Makes a model.
  public init(_ base: Revocation, shocks: CorrelatedShocks? = nil) {
    self.base = base
    self.shocks = shocks
  }

  /// Nothing is ever taken back.
  public static let none = RevocationModel(.none)

  /// What is wrong with the parameters, or nil.
  public var fault: String? { base.fault ?? shocks?.fault.map { "correlated: \($0)" } }
}

/// A revocation model by itself.
public enum Revocation: Hashable, Sendable {
  /// Nothing is ever taken back.
  case none
  /// Memoryless.
  case exponential(ExponentialLifetime)
  /// A hazard that falls or rises with age.
  case weibull(WeibullLifetime)
  /// A heavy-tailed lifetime.
  case lognormal(LognormalLifetime)
  /// A bounded lifetime.
  case bathtub(BathtubLifetime)
  /// A bid against the market's price.
  case priceCrossing(PriceCrossing)
  /// An interruption band of the AWS Spot Instance Advisor.
  case advisor(AdvisorLifetime)
  /// What a market did once.
  case trace(TraceReplay)

  /// The distribution of lifetimes, when instances die independently of each other and of the time of day.
  public var lifetime: (any LifetimeModel)? {
    switch self {
    case .exponential(let model): model
    case .weibull(let model): model
    case .lognormal(let model): model
    case .bathtub(let model): model
    case .advisor(let model): model
    case .none, .priceCrossing, .trace: nil
    }
  }

  /// When an instance launched at `start` is taken back, as far as that is decided at its launch; nil for never.
  ///
  /// A replay of counts decides later, whenever the count falls.
  public func revocation(startedAt start: Instant, prices: PriceSeries, random: inout RandomSource) -> Instant? {
    switch self {
    case .priceCrossing(let model): model.revocation(startedAt: start, prices: prices)
    case .trace(.availability(let series)): series.first(from: start) { !$0 }
    case .none, .trace(.counts): nil
    case .exponential, .weibull, .lognormal, .bathtub, .advisor: lifetime.map { start + $0.draw(&random) }
    }
  }

  /// What is wrong with the parameters, or nil.
  public var fault: String? {
    switch self {
    case .none, .trace(.availability): nil
    case .trace(.counts(let series, _)):
      series.steps.contains { $0.value < 0 } ? "trace: a count is negative; counts must be at least 0" : nil
    case .priceCrossing(let model):
      model.bid < .free || model.bid > .highest
        ? "price-crossing: the bid is \(model.bid); it must lie in 0 ... \(HourlyRate.highest)" : nil
    case .exponential, .weibull, .lognormal, .bathtub, .advisor: lifetime?.fault.map { "\(kind.name): \($0)" }
    }
  }
}
