import Raft

/// What a market has to do at an instant.
enum MarketTask: Hashable, Sendable {
  case kill(InstanceID)
  /// The replayed count of a market has fallen: nothing may run above it.
  case enforce(market: Int)
  case shock(process: Int)
  /// The provider makes up its mind about a coming fall of a market's replayed count.
  case decide(market: Int, fall: Instant)
  case launch(InstanceID)
  case ready(InstanceID)
  case rebalance(InstanceID)
  case notice(InstanceID)

  /// The order of tasks of one instant: ends before starts, so that what was freed can be given out.
  fileprivate var rank: UInt8 {
    switch self {
    case .kill: 0
    case .enforce: 1
    case .shock: 2
    case .decide: 3
    case .launch: 4
    case .ready: 5
    case .rebalance: 6
    case .notice: 7
    }
  }

  fileprivate var subject: UInt32 {
    switch self {
    case .kill(let id), .launch(let id), .ready(let id), .rebalance(let id), .notice(let id): id.rawValue
    case .enforce(let index), .shock(let index), .decide(let index, _): UInt32(index)
    }
  }
}

/// What is to be done, earliest first: a binary heap ordered by instant, kind, subject and age.
struct MarketQueue: Sendable {
  struct Entry: Sendable {
    var at: Instant
    var task: MarketTask
    fileprivate var number: UInt64

    fileprivate func precedes(_ other: Entry) -> Bool {
      (at.nanoseconds, task.rank, task.subject, number)
        < (other.at.nanoseconds, other.task.rank, other.task.subject, other.number)
    }
  }

  private var heap: [Entry] = []
  private var added: UInt64 = 0

  var first: Entry? { heap.first }

  mutating func add(_ task: MarketTask, at instant: Instant) {
    guard instant < .distantFuture else { return }
    added += 1
    heap.append(Entry(at: instant, task: task, number: added))
    var place = heap.count - 1
    while place > 0, heap[place].precedes(heap[(place - 1) / 2]) {
      heap.swapAt(place, (place - 1) / 2)
      place = (place - 1) / 2
    }
  }

  mutating func removeFirst() {
    heap.swapAt(0, heap.count - 1)
    heap.removeLast()
    var place = 0
    while true {
      var least = place
      for child in (2 * place + 1)...(2 * place + 2) where child < heap.count && heap[child].precedes(heap[least]) {
        least = child
      }
      guard least != place else { return }
      heap.swapAt(place, least)
      place = least
    }
  }
}
