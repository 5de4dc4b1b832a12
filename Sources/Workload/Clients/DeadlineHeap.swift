import Raft

/// The deadlines of a fixed number of slots, at most one each, with the earliest at hand: a binary heap that knows
/// where each slot stands. Equal deadlines are ordered by slot.
struct DeadlineHeap: Sendable {
  private static let absent: Int32 = -1
  private var heap: ContiguousArray<Int32> = []
  private var places: ContiguousArray<Int32>
  private var deadlines: ContiguousArray<Instant>

  init(slots: Int) {
    places = ContiguousArray(repeating: DeadlineHeap.absent, count: slots)
    deadlines = ContiguousArray(repeating: .distantFuture, count: slots)
  }

  /// The earliest deadline; `distantFuture` when there is none.
  var earliest: Instant { heap.isEmpty ? .distantFuture : deadlines[Int(heap[0])] }

  /// The slot with the earliest deadline.
  var earliestSlot: Int? { heap.isEmpty ? nil : Int(heap[0]) }

  /// Gives a slot a deadline in place of the one it had.
  mutating func set(_ slot: Int, _ deadline: Instant) {
    deadlines[slot] = deadline
    if places[slot] == DeadlineHeap.absent {
      places[slot] = Int32(heap.count)
      heap.append(Int32(slot))
    }
    siftUp(Int(places[slot]))
    siftDown(Int(places[slot]))
  }

  /// Takes a slot's deadline away.
  mutating func remove(_ slot: Int) {
    let place = Int(places[slot])
    guard place >= 0 else { return }
    places[slot] = DeadlineHeap.absent
    let last = heap.removeLast()
    guard place < heap.count else { return }
    heap[place] = last
    places[Int(last)] = Int32(place)
    siftUp(place)
    siftDown(Int(places[Int(last)]))
  }

  private func precedes(_ left: Int32, _ right: Int32) -> Bool {
    let (first, second) = (deadlines[Int(left)], deadlines[Int(right)])
    return first == second ? left < right : first < second
  }

  private mutating func siftUp(_ start: Int) {
    let slot = heap[start]
    var place = start
    while place > 0 {
      let parent = (place - 1) / 2
      guard precedes(slot, heap[parent]) else { break }
      move(heap[parent], to: place)
      place = parent
    }
    move(slot, to: place)
  }

  private mutating func siftDown(_ start: Int) {
    let slot = heap[start]
    var place = start
    while true {
      var child = 2 * place + 1
      guard child < heap.count else { break }
      if child + 1 < heap.count, precedes(heap[child + 1], heap[child]) { child += 1 }
      guard precedes(heap[child], slot) else { break }
      move(heap[child], to: place)
      place = child
    }
    move(slot, to: place)
  }

  private mutating func move(_ slot: Int32, to place: Int) {
    heap[place] = slot
    places[Int(slot)] = Int32(place)
  }
}
