import Experiment
import NIOCore
import Raft
import Wire

/// The links to all other nodes, by the slot of their number.
struct PeerTable {
  private var slots: ContiguousArray<PeerLink?> = []
  /// The links in the order in which they became known.
  private(set) var links: ContiguousArray<PeerLink> = []
  /// The links that have frames of this turn.
  var touched: ContiguousArray<PeerLink> = []

  /// The most nodes that are known: a peer that invents numbers cannot make the table grow without bound.
  static let capacity = 4_096

  /// The link to a node; nil for one that is not known.
  @inline(__always)
  subscript(node: NodeID) -> PeerLink? { node.slot < slots.count ? slots[node.slot] : nil }

  /// The link at a slot; nil for one that is not known.
  func linkAtSlot(_ slot: Int) -> PeerLink? { slot < slots.count ? slots[slot] : nil }

  /// The link to a node, made now if it was not known; nil when there are too many.
  mutating func link(to node: NodeID, allocator: ByteBufferAllocator) -> PeerLink? {
    if let link = self[node] { return link }
    guard links.count < PeerTable.capacity, node <= NodeID.largest else { return nil }
    while slots.count <= node.slot { slots.append(nil) }
    let link = PeerLink(node, allocator: allocator)
    slots[node.slot] = link
    links.append(link)
    return link
  }
}
