/// Numbers the routings of a run: each change of the groups has a version one higher than the one before it.
public struct RoutingVersion: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// The version as a plain number.
  public var rawValue: UInt64

  /// Makes a version from a plain number.
  public init(_ rawValue: UInt64) { self.rawValue = rawValue }

  /// The version after this one.
  public var next: RoutingVersion { RoutingVersion(rawValue + 1) }

  /// Orders by number.
  public static func < (left: RoutingVersion, right: RoutingVersion) -> Bool { left.rawValue < right.rawValue }

  /// The value as text.
  public var description: String { "v\(rawValue)" }
}
