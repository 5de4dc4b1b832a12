/// A Raft group; Multi-Raft has several, each with a shard of the key space.
public struct GroupID: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// The group's number, from 0.
  public var rawValue: UInt16

  /// Makes a group from its number.
  public init(_ rawValue: UInt16) { self.rawValue = rawValue }

  /// The group that there always is.
  public static let first = GroupID(0)

  /// Orders by number.
  public static func < (left: GroupID, right: GroupID) -> Bool { left.rawValue < right.rawValue }

  /// The value as text.
  public var description: String { "g\(rawValue)" }
}
