/// A place with its own row in the latency matrix: a dense number, named at the edge.
public struct SiteID: Hashable, Comparable, Sendable {
  /// The number, which is an index into tables of sites.
  public var rawValue: UInt16
  /// Makes a site from its number.
  public init(_ rawValue: UInt16) { self.rawValue = rawValue }
  /// The number as an array index.
  public var slot: Int { Int(rawValue) }
  /// Orders by number.
  public static func < (left: SiteID, right: SiteID) -> Bool { left.rawValue < right.rawValue }
}
