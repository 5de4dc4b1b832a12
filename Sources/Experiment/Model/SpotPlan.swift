import Cloud
import Raft

/// The spot market of every site: what the fleet's instance type costs there, and when it is taken back.
public struct SpotPlan: Hashable, Sendable {
  /// The price of a spot instance over time.
  public var price = PricePlan.catalog
  /// When instances are taken back.
  public var revocation = RevocationPlan()
  /// How long before it is taken back an instance is told; nil for never.
  public var notice: TimeSpan? = .seconds(120)
  /// The probability that the notice is lost.
  public var noticeLost = 0.0
  /// How long before its notice an instance is told that it is at risk; nil for never.
  public var rebalance: TimeSpan?
  /// From the request until the instance exists, and from then until its node works.
  public var startUp = StartUp(pending: .seconds(30), boot: .zero)

  /// What markets call the notice.
  public var noticeRule: NoticeRule {
    NoticeRule(
      notice: notice.map { NoticeRule.Signal(lead: $0, lost: noticeLost) },
      rebalance: rebalance.map { NoticeRule.Signal(lead: $0) })
  }

  /// The most steps that recorded prices and traces may have together, so that the spec of a run directory, which holds
  /// them, can be read again.
  static let stepLimit = 20_000

  /// How many steps recorded prices and traces have together.
  var stepCount: Int {
    var count = 0
    if case .recorded(let series) = price { count += series.values.reduce(0) { $0 + $1.steps.count } }
    switch revocation.base {
    case .model: break
    case .availability(let series): count += series.values.reduce(0) { $0 + $1.steps.count }
    case .counts(let series, _): count += series.values.reduce(0) { $0 + $1.steps.count }
    }
    return count
  }

  /// Forgets what is recorded of other sites.
  mutating func keep(_ sites: [String]) {
    if case .recorded(let series) = price { price = .recorded(series.only(sites)) }
    switch revocation.base {
    case .model: break
    case .availability(let series): revocation.base = .availability(series.only(sites))
    case .counts(let series, let rule): revocation.base = .counts(series.only(sites), rule)
    }
  }
}

/// Where spot prices come from.
public enum PricePlan: Hashable, Sendable {
  /// The mean spot price of the site's region in the catalog.
  case catalog
  /// One price for all sites.
  case constant(HourlyRate)
  /// A walk around a median, drawn anew for every site; nil takes the catalog's mean for the median.
  case generated(median: HourlyRate?, deviation: Double, reversion: TimeSpan)
  /// What was once paid, read from a file or given in the spec.
  case recorded(PerSite<PriceSeries>)
}

/// When spot instances are taken back.
public struct RevocationPlan: Hashable, Sendable {
  /// What takes them back one by one, or all of a site's at once.
  public var base = BaseRevocation.model(.none)
  /// Shocks on top of it; nil for none.
  public var shocks: CorrelatedShocks?

  /// The model of a site's market; nothing is taken back at a site of which nothing is recorded.
  public func model(at site: String) -> RevocationModel {
    let revocation: Revocation =
      switch base {
      case .model(let model): model
      case .availability(let series): series[site].map { .trace(.availability($0)) } ?? .none
      case .counts(let series, let rule): series[site].map { .trace(.counts($0, rule)) } ?? .none
      }
    return RevocationModel(revocation, shocks: shocks)
  }
}

/// A revocation model by itself, as specs give it.
public enum BaseRevocation: Hashable, Sendable {
  /// A model, the same at all sites.
  case model(Revocation)
  /// Whether instances could be had once.
  case availability(PerSite<StepSeries<Bool>>)
  /// How many instances there were once.
  case counts(PerSite<StepSeries<Int>>, CountRule)
}
