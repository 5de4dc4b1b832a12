/// Something at a site that sends and receives: a node, or a group of clients; a dense number given by the network.
public struct EndpointID: Hashable, Comparable, Sendable {
  /// The number, which is an index into tables of endpoints.
  public var rawValue: UInt32
  /// Makes an endpoint from its number.
  public init(_ rawValue: UInt32) { self.rawValue = rawValue }
  /// The number as an array index.
  public var slot: Int { Int(rawValue) }
  /// Orders by number.
  public static func < (left: EndpointID, right: EndpointID) -> Bool { left.rawValue < right.rawValue }
}
