/// Exponentially weighted moving average: each new value counts for `alpha`, what came before for the rest.
///
/// Uses only addition and multiplication, so that every machine agrees.
public struct ExponentialAverage: Hashable, Sendable {
  /// The weight of the newest value, in 0 ... 1.
  public var alpha: Double
  /// The average; nil before the first value.
  public private(set) var level: Double?

  /// Makes an average of nothing.
  public init(alpha: Double) { self.alpha = alpha }

  /// Takes a value in.
  public mutating func observe(_ value: Double) {
    level = level.map { alpha * value + (1 - alpha) * $0 } ?? value
  }
}

/// Additive Holt-Winters smoothing: a level, a trend and a season of fixed length (Winters 1960).
///
/// The first season is only collected: its mean is the first level, its deviations are the first seasonal terms, and
/// the trend starts at 0. Until then a forecast repeats the last value. Uses only the four operations of arithmetic.
public struct HoltWinters: Hashable, Sendable {
  /// Weights and the length of the season.
  public struct Settings: Hashable, Sendable {
    /// The weight of the newest value in the level, in 0 ... 1.
    public var alpha: Double
    /// The weight of the newest step in the trend, in 0 ... 1.
    public var beta: Double
    /// The weight of the newest deviation in the season, in 0 ... 1.
    public var gamma: Double
    /// The epochs of a season, at least 1.
    public var season: Int

    /// Makes settings; a season of 24 epochs of an hour is a day.
    public init(alpha: Double = 0.3, beta: Double = 0.05, gamma: Double = 0.3, season: Int = 24) {
      self.alpha = alpha
      self.beta = beta
      self.gamma = gamma
      self.season = max(1, season)
    }
  }

  /// The settings.
  public let settings: Settings
  private var level = 0.0
  private var trend = 0.0
  private var seasonal: [Double] = []
  private var count = 0
  private var last = 0.0

  /// Makes a forecaster that has seen nothing.
  public init(_ settings: Settings) { self.settings = settings }

  /// Takes a value in.
  public mutating func observe(_ value: Double) {
    defer {
      count += 1
      last = value
    }
    if count < settings.season {
      seasonal.append(value)
      if count == settings.season - 1 {
        level = seasonal.reduce(0, +) / Double(settings.season)
        seasonal = seasonal.map { $0 - level }
      }
      return
    }
    let place = count % settings.season
    let before = level
    level = settings.alpha * (value - seasonal[place]) + (1 - settings.alpha) * (level + trend)
    trend = settings.beta * (level - before) + (1 - settings.beta) * trend
    seasonal[place] = settings.gamma * (value - level) + (1 - settings.gamma) * seasonal[place]
  }

  /// The next value, never negative.
  public var forecast: Double {
    guard count >= settings.season else { return max(0, last) }
    return max(0, level + trend + seasonal[count % settings.season])
  }
}
