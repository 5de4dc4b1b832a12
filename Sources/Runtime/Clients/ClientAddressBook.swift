import DequeModule
import RESP
import Raft
import Server

/// Where answers go: connections of clients by slot, with a generation, so that an answer for one that ended reaches nobody.
///
/// The number of a connection is, from the top, one bit that is clear, 15 bits of generation and 16 bits of slot; with the
/// bit set, the rest is a node's number. The ticket of a request stands below it.
struct ClientAddressBook {
  /// Who is at the other end of a connection.
  enum Endpoint {
    /// A client that speaks frames.
    case frames(FrameConnection)
    /// A client that speaks RESP2.
    case resp(RESPHandler)
  }

  /// Whom an address means.
  enum Destination {
    /// A connection, and the ticket of the request.
    case connection(Endpoint, Ticket)
    /// A node that passed on what its client asked.
    case node(NodeID)
    /// A connection that is gone.
    case nobody
  }

  /// The most connections of clients at once.
  static let capacity = 1 << 16
  private static let nodeMark: UInt32 = 1 << 31

  private struct Slot {
    var endpoint: Endpoint?
    var generation: UInt32 = 0
  }

  private var slots: ContiguousArray<Slot> = []
  /// Slots without a connection, the longest unused one first: so a generation comes round as late as possible.
  private var free = Deque<Int>()

  /// How many connections there are.
  var count: Int { slots.count - free.count }

  /// All connections.
  var endpoints: [Endpoint] { slots.compactMap(\.endpoint) }

  /// Takes a connection in; answers its slot, or nil when there are too many.
  mutating func add(_ endpoint: Endpoint) -> Int? {
    if let slot = free.popFirst() {
      slots[slot].endpoint = endpoint
      return slot
    }
    guard slots.count < ClientAddressBook.capacity else { return nil }
    slots.append(Slot(endpoint: endpoint))
    return slots.count - 1
  }

  /// Forgets a connection that ended.
  mutating func remove(_ slot: Int) {
    guard slots[slot].endpoint != nil else { return }
    slots[slot].endpoint = nil
    slots[slot].generation = (slots[slot].generation + 1) & 0x7FFF
    free.append(slot)
  }

  /// The number of a connection.
  @inline(__always)
  func number(of slot: Int) -> UInt32 { slots[slot].generation << 16 | UInt32(slot) }

  /// The address of a connection that needs no tickets.
  @inline(__always)
  func address(of slot: Int) -> ClientAddress { ClientAddress(connection: number(of: slot), ticket: Ticket(0)) }

  /// The address of what a node passed on.
  static func address(ofNode node: NodeID) -> ClientAddress {
    ClientAddress(connection: nodeMark | node.rawValue, ticket: Ticket(0))
  }

  /// Whom an address means.
  @inline(__always)
  func destination(of address: ClientAddress) -> Destination {
    let number = address.connection
    if number & ClientAddressBook.nodeMark != 0 { return .node(NodeID(number & ~ClientAddressBook.nodeMark)) }
    let slot = Int(number & 0xFFFF)
    guard slot < slots.count, slots[slot].generation == number >> 16, let endpoint = slots[slot].endpoint else {
      return .nobody
    }
    return .connection(endpoint, address.ticket)
  }
}
