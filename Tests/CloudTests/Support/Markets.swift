import Cloud
import Emulation
import Raft

extension MarketSettings {
  /// A market at a site with nothing else than what a test asks for.
  static func plain(
    _ site: UInt16 = 0, _ type: InstanceTypeName = "c5.large", _ revocation: RevocationModel = .none,
    notice: NoticeRule = .none, spot: PriceSeries = .constant(.microUSD(30_000)), startUp: StartUp = .immediate
  ) -> MarketSettings {
    MarketSettings(
      id: MarketID(site: SiteID(site), type: type), onDemand: .microUSD(85_000), spot: spot, revocation: revocation,
      notice: notice, startUp: startUp)
  }
}

extension SpotMarkets {
  /// Asks each market for `count` spot instances.
  mutating func fill(_ count: Int) throws {
    for market in settings { for _ in 0..<count { _ = try request(.spot, from: market.id) } }
  }
}

extension Instant {
  /// Seconds after the start.
  static func at(_ seconds: Double) -> Instant { .zero + TimeSpan(seconds: seconds) }
}

extension MarketEvent {
  /// The event in one line: seconds, instance, what.
  var line: String {
    let what =
      switch kind {
      case .launched: "launched"
      case .ready: "ready"
      case .refused(let reason): "refused \(reason.rawValue)"
      case .rebalance: "rebalance"
      case .notice(let kill, let cause): "notice \(kill.seconds) \(cause.rawValue)"
      case .killed(let cause): "killed \(cause.rawValue)"
      }
    return "\(at.seconds) \(instance) \(what)"
  }

  /// Whether the provider took the instance back.
  var isKill: Bool {
    if case .killed = kind { true } else { false }
  }

  /// Whether it is a notice.
  var isNotice: Bool {
    if case .notice = kind { true } else { false }
  }
}

/// Steps at whole seconds.
func steps<Value>(_ values: [(Double, Value)], period: Double? = nil) -> StepSeries<Value> {
  StepSeries(
    values.map { StepSeries.Step(at: TimeSpan(seconds: $0.0), value: $0.1) },
    period: period.map(TimeSpan.init(seconds:)))!
}
