import Emulation

/// How capacity is bought.
public enum Market: String, Hashable, Sendable, CaseIterable {
  /// At a fixed price, and kept until it is given back.
  case onDemand = "on-demand"
  /// At a market's price, and revocable.
  case spot
}

/// A kind of machine, by the name its provider gives it, such as `c5.large`.
public struct InstanceType: Hashable, Comparable, Sendable {
  /// The provider's name.
  public var name: String
  /// Makes a kind from its name.
  public init(_ name: String) { self.name = name }
  /// Orders by the bytes of the name.
  public static func < (left: InstanceType, right: InstanceType) -> Bool { left.name < right.name }
}

/// A pool of like capacity, from which an instance is taken: one fault domain.
public struct Placement: Hashable, Comparable, Sendable {
  /// Where.
  public var site: SiteID
  /// On what kind of machine.
  public var instance: InstanceType
  /// How it is bought.
  public var market: Market

  /// Makes a placement.
  public init(site: SiteID, instance: InstanceType, market: Market) {
    self.site = site
    self.instance = instance
    self.market = market
  }

  /// Orders by site, then on-demand before spot, then instance type.
  public static func < (left: Placement, right: Placement) -> Bool {
    if left.site != right.site { return left.site < right.site }
    if left.market != right.market { return left.market == .onDemand }
    return left.instance < right.instance
  }
}

/// Capacity that can be had now, and what it costs.
public struct Offer: Hashable, Sendable {
  /// The pool.
  public var placement: Placement
  /// The price now.
  public var price: HourlyPrice
  /// The estimated rate at which an instance of this pool is revoked, per hour; zero for on-demand capacity.
  public var interruptionsPerHour: Double
  /// Whether voters can be placed there, too, and not only nodes of the fleet.
  public var takesVoters: Bool

  /// Makes an offer.
  public init(
    placement: Placement, price: HourlyPrice, interruptionsPerHour: Double = 0, takesVoters: Bool = true
  ) {
    self.placement = placement
    self.price = price
    self.interruptionsPerHour = interruptionsPerHour
    self.takesVoters = takesVoters
  }
}
