import Emulation

/// How an instance is paid for, which decides whether its provider may take it back.
public enum Purchase: String, Hashable, Sendable, CaseIterable {
  /// At a fixed price; the provider never ends it.
  case onDemand = "on-demand"
  /// At the market's price; the provider may end it.
  case spot
}

/// A pool of capacity: one instance type at one site. Spot instances of one pool are one fault domain.
public struct MarketID: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// Where the pool is.
  public var site: SiteID
  /// What is rented out there.
  public var type: InstanceTypeName

  /// Names a pool.
  public init(site: SiteID, type: InstanceTypeName) {
    self.site = site
    self.type = type
  }

  /// Orders by site, then by type.
  public static func < (left: MarketID, right: MarketID) -> Bool {
    left.site == right.site ? left.type < right.type : left.site < right.site
  }

  /// The pool as text, such as `c5.large@0`.
  public var description: String { "\(type)@\(site.rawValue)" }
}
