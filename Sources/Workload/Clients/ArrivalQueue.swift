import Raft

/// The operations of an open loop that wait for a session, first come first served.
struct ArrivalQueue: Sendable {
  /// An operation that is still to be drawn: when it was meant to start, and in which phase.
  struct Waiting: Sendable {
    var intended: Instant
    var phase: Int
  }

  private var items: ContiguousArray<Waiting> = []
  private var head = 0

  var count: Int { items.count - head }

  var first: Waiting? { head < items.count ? items[head] : nil }

  mutating func append(_ waiting: Waiting) { items.append(waiting) }

  mutating func removeFirst() {
    head += 1
    // Moving the rest costs no more than the removals since the last move.
    if head * 2 > items.count {
      items.removeFirst(head)
      head = 0
    }
  }
}
