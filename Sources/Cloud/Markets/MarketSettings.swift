import Raft

/// What a pool of capacity is like.
public struct MarketSettings: Hashable, Sendable {
  /// Which pool it is.
  public var id: MarketID
  /// The price of an on-demand instance.
  public var onDemand: HourlyRate
  /// The price of a spot instance over time.
  public var spot: PriceSeries
  /// When spot instances are taken back.
  public var revocation: RevocationModel
  /// What is said before that.
  public var notice: NoticeRule
  /// How long an instance takes to be of use.
  public var startUp: StartUp

  /// Describes a pool.
  public init(
    id: MarketID, onDemand: HourlyRate, spot: PriceSeries, revocation: RevocationModel = .none,
    notice: NoticeRule = .aws, startUp: StartUp = .immediate
  ) {
    self.id = id
    self.onDemand = onDemand
    self.spot = spot
    self.revocation = revocation
    self.notice = notice
    self.startUp = startUp
  }

  /// The price of an instance over time.
  public func prices(_ purchase: Purchase) -> PriceSeries {
    switch purchase {
    case .onDemand: .constant(onDemand)
    case .spot: spot
    }
  }

  /// What is wrong with the settings, or nil.
  var fault: String? {
    let rates = [onDemand] + spot.steps.map(\.value)
    if let rate = rates.first(where: { $0 < .free || $0 > .highest }) {
      return "a price is \(rate); it must lie in 0 ... \(HourlyRate.highest)"
    }
    return revocation.fault ?? notice.fault ?? startUp.fault
  }
}

/// What a caller of ``SpotMarkets`` got wrong.
public enum MarketError: Error, Hashable, Sendable, CustomStringConvertible {
  /// Two settings name one pool.
  case repeatedMarket(MarketID)
  /// A pool's settings are out of bounds: what was found and what was expected.
  case invalidMarket(MarketID, String)
  /// No such pool was set up.
  case unknownMarket(MarketID)
  /// No such instance was asked for.
  case unknownInstance(InstanceID)

  /// The error in one line.
  public var description: String {
    switch self {
    case .repeatedMarket(let id): "market \(id) is set up twice; a market is a site and an instance type"
    case .invalidMarket(let id, let fault): "market \(id): \(fault)"
    case .unknownMarket(let id): "there is no market \(id)"
    case .unknownInstance(let id): "there is no instance \(id)"
    }
  }
}
