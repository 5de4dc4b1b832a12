@testable import Raft

/// A set of a few small nodes as bits, so that all of them can be listed and compared cheaply.
struct NodeSet: Hashable {
  var bits: UInt8

  init(bits: UInt8) { self.bits = bits }

  init(_ nodes: [NodeID]) { bits = nodes.reduce(0) { $0 | 1 << UInt8($1.rawValue) } }

  /// All sets of nodes below `count`.
  static func all(of count: Int) -> [NodeSet] { (0..<(1 << count)).map { NodeSet(bits: UInt8($0)) } }

  var count: Int { bits.nonzeroBitCount }

  var isEmpty: Bool { bits == 0 }

  var slots: [Int] { (0..<8).filter { bits >> UInt8($0) & 1 == 1 } }

  var nodes: [NodeID] { slots.map(n) }

  func contains(_ slot: Int) -> Bool { bits >> UInt8(slot) & 1 == 1 }

  func intersection(_ other: NodeSet) -> NodeSet { NodeSet(bits: bits & other.bits) }

  func subtracting(_ other: NodeSet) -> NodeSet { NodeSet(bits: bits & ~other.bits) }

  func symmetricDifference(_ other: NodeSet) -> NodeSet { NodeSet(bits: bits ^ other.bits) }

  /// Whether more than half of the voters are in the set; true when there are none.
  func holdsMajority(of voters: NodeSet) -> Bool { voters.isEmpty || intersection(voters).count * 2 > voters.count }

  /// Whether the set is a quorum by definition: a majority of every half that exists.
  func isQuorum(of configuration: Configuration) -> Bool {
    holdsMajority(of: NodeSet(configuration.voters)) && holdsMajority(of: NodeSet(configuration.outgoing))
  }
}
