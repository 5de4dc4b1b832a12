import Emulation

/// `predictive`: plans as `budget` does for a load that it forecasts from the epochs it has seen, site by site and for
/// reads and writes apart. Prices are taken to stay.
public struct PredictivePolicy: MembershipPolicy {
  /// How the next epoch's load is forecast.
  public enum Method: Hashable, Sendable {
    /// An exponentially weighted average; `alpha` is the weight of the newest epoch, in 0 ... 1.
    case exponentialAverage(alpha: Double)
    /// Level, trend and season.
    case holtWinters(HoltWinters.Settings)
  }

  /// What may be set.
  public struct Settings: Hashable, Sendable {
    /// The method; by default Holt-Winters with a season of 24 epochs.
    public var method: Method
    /// How the fleet is sized.
    public var sizing: FleetSizing

    /// Makes settings.
    public init(method: Method = .holtWinters(HoltWinters.Settings()), sizing: FleetSizing = FleetSizing()) {
      self.method = method
      self.sizing = sizing
    }
  }

  /// The settings.
  public let settings: Settings
  private var controller: FleetController
  private var series: [SiteID: Pair] = [:]

  /// Makes the policy.
  public init(_ settings: Settings = Settings()) {
    self.settings = settings
    controller = FleetController(settings.sizing)
  }

  /// Takes the last epoch's load in and plans for the next.
  public mutating func decide(_ observation: Observation) -> [ProposedAction] {
    let loads = observation.sites.map { site in
      var pair = series[site.id] ?? Pair(reads: Series(settings.method), writes: Series(settings.method))
      pair.reads.observe(site.reads.offeredPerSecond)
      pair.writes.observe(site.writes.offeredPerSecond)
      series[site.id] = pair
      return SiteLoad(site: site.id, readsPerSecond: pair.reads.forecast, writesPerSecond: pair.writes.forecast)
    }
    return controller.decide(observation, expecting: [EpochForecast(loads: loads, offers: observation.offers)])
  }

  private struct Pair {
    var reads: Series
    var writes: Series
  }

  private enum Series {
    case average(ExponentialAverage)
    case holtWinters(HoltWinters)

    init(_ method: Method) {
      self =
        switch method {
        case .exponentialAverage(let alpha): .average(ExponentialAverage(alpha: alpha))
        case .holtWinters(let settings): .holtWinters(HoltWinters(settings))
        }
    }

    mutating func observe(_ value: Double) {
      switch self {
      case .average(var average):
        average.observe(value)
        self = .average(average)
      case .holtWinters(var model):
        model.observe(value)
        self = .holtWinters(model)
      }
    }

    var forecast: Double {
      switch self {
      case .average(let average): average.level ?? 0
      case .holtWinters(let model): model.forecast
      }
    }
  }
}
