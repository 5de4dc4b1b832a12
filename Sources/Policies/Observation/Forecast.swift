import Emulation

/// How many epochs to come a policy asks to be told about.
public enum Foresight: Hashable, Sendable {
  /// That many; 0 means none.
  case epochs(Int)
  /// All of the run.
  case all

  /// How many epochs to tell about when the run has `left` more.
  public func epochs(outOf left: Int) -> Int {
    switch self {
    case .epochs(let count): max(0, min(count, left))
    case .all: max(0, left)
    }
  }
}

/// The load that one site's clients offer in an epoch.
public struct SiteLoad: Hashable, Sendable {
  /// The site.
  public var site: SiteID
  /// Reads offered per second.
  public var readsPerSecond: Double
  /// Writes offered per second.
  public var writesPerSecond: Double

  /// Makes a load.
  public init(site: SiteID, readsPerSecond: Double, writesPerSecond: Double) {
    self.site = site
    self.readsPerSecond = readsPerSecond
    self.writesPerSecond = writesPerSecond
  }
}

/// What one epoch to come will bring.
public struct EpochForecast: Hashable, Sendable {
  /// The load, one entry a site.
  public var loads: [SiteLoad]
  /// The capacity on offer.
  public var offers: [Offer]

  /// Makes a forecast.
  public init(loads: [SiteLoad], offers: [Offer]) {
    self.loads = loads
    self.offers = offers
  }

  /// The load of a site; none when nothing is said about it.
  public func load(at site: SiteID) -> SiteLoad {
    loads.first { $0.site == site } ?? SiteLoad(site: site, readsPerSecond: 0, writesPerSecond: 0)
  }

  /// All writes per second.
  public var writesPerSecond: Double { loads.reduce(0) { $0 + $1.writesPerSecond } }
}
