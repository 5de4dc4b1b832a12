import Emulation

/// The name of an instance type, such as `c5.large`.
public struct InstanceTypeName: Hashable, Comparable, Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
  /// The name as its provider writes it.
  public var rawValue: String
  /// Makes a name.
  public init(_ rawValue: String) { self.rawValue = rawValue }
  /// Makes a name from a literal.
  public init(stringLiteral value: String) { rawValue = value }
  /// Orders by Unicode scalar.
  public static func < (left: InstanceTypeName, right: InstanceTypeName) -> Bool {
    left.rawValue.unicodeScalars.lexicographicallyPrecedes(right.rawValue.unicodeScalars)
  }
  /// The name.
  public var description: String { rawValue }
}

/// What a provider rents out: a size of machine and what it costs in each region.
public struct InstanceType: Hashable, Sendable {
  /// The name, such as `c5.large`.
  public let name: InstanceTypeName
  /// How many virtual CPUs it has.
  public let vcpus: Int
  /// The network bandwidth that it keeps up; for minutes it may reach more.
  public let network: Bandwidth
  /// What it costs, by region, in the order of the table.
  public let prices: [RegionPrice]

  /// The prices in a region, or nil when the table has none.
  public func price(in region: String) -> RegionPrice? { prices.first { $0.region == region } }
}

/// What one instance type costs in one region.
public struct RegionPrice: Hashable, Sendable {
  /// The region's name, such as `us-east-1`.
  public let region: String
  /// The on-demand price.
  public let onDemand: HourlyRate
  /// The lowest spot price over the region's availability zones.
  public let spotLowest: HourlyRate
  /// The mean spot price over the region's availability zones.
  public let spotMean: HourlyRate
  /// The highest spot price over the region's availability zones.
  public let spotHighest: HourlyRate
  /// How often spot instances of this type are interrupted there.
  public let interruptions: InterruptionBand
}
