import KeyValue
import Server

/// The requests of a connection that are not answered yet, in their order: a ring that grows to what is needed.
struct RequestQueue: Sendable {
  /// How far a request is.
  enum State: Sendable {
    /// Waits for earlier ones of the other kind.
    case waiting(OutgoingRequest.Action)
    /// The host has it.
    case issued
    /// It ended.
    case completed(Completion)
    /// It never left the connection, and this is its reply.
    case answered([UInt8])
  }

  struct Slot: Sendable {
    var state: State
    var form: ReplyForm
    var isRead: Bool
    /// What the request counts in memory.
    var bytes: Int
    /// The first key, which a redirect names the slot of; nil when the request has none.
    var key: Key?
  }

  private var ring: ContiguousArray<Slot> = []
  private var start = 0
  private(set) var count = 0
  /// The ticket of the first request.
  private(set) var first = Ticket(0)

  /// The ticket of the next request.
  var next: Ticket { Ticket(first.rawValue &+ UInt32(truncatingIfNeeded: count)) }

  /// Where a ticket's request stands; nil when it is not here.
  func place(of ticket: Ticket) -> Int? {
    let place = Int(ticket.rawValue &- first.rawValue)
    return place < count ? place : nil
  }

  subscript(place: Int) -> Slot {
    _read { yield ring[(start + place) & (ring.count - 1)] }
    _modify { yield &ring[(start + place) & (ring.count - 1)] }
  }

  mutating func append(_ slot: Slot) {
    if count == ring.count { grow() }
    ring[(start + count) & (ring.count - 1)] = slot
    count += 1
  }

  mutating func removeFirst() {
    ring[start].state = .issued
    ring[start].key = nil
    start = (start + 1) & (ring.count - 1)
    count -= 1
    first = Ticket(first.rawValue &+ 1)
  }

  private mutating func grow() {
    var larger: ContiguousArray<Slot> = []
    let capacity = max(16, ring.count * 2)
    larger.reserveCapacity(capacity)
    for place in 0..<count { larger.append(self[place]) }
    while larger.count < capacity {
      larger.append(Slot(state: .issued, form: .natural, isRead: false, bytes: 0, key: nil))
    }
    (ring, start) = (larger, 0)
  }
}
