import Raft

/// A table by log index that keeps a bounded stretch of the newest indices.
struct IndexedWindow<Slot: Sendable>: Sendable {
  /// The lowest index kept.
  private(set) var floor = LogIndex(1)
  private var slots: ContiguousArray<Slot> = []
  private var head = 0
  private let vacant: Slot
  /// The most indices kept.
  let capacity: Int

  init(vacant: Slot, capacity: Int) {
    self.vacant = vacant
    self.capacity = max(1, capacity)
  }

  /// How many indices are kept.
  var count: Int { slots.count - head }

  /// The highest index ever set, or the one below the floor.
  var end: LogIndex { LogIndex(floor.rawValue + UInt64(count) - 1) }

  /// What stands at an index; nil where nothing is kept.
  subscript(index: LogIndex) -> Slot? {
    index >= floor && index <= end ? slots[head + (index - floor)] : nil
  }

  /// Sets what stands at an index; one below the floor is ignored, and a far one moves the floor up.
  mutating func set(_ index: LogIndex, to slot: Slot) {
    guard index >= floor else { return }
    if index > end {
      let gap = index - end - 1
      if gap >= capacity {
        slots.removeAll(keepingCapacity: true)
        head = 0
        floor = index
      } else {
        slots.append(contentsOf: repeatElement(vacant, count: gap))
      }
      slots.append(slot)
      if count > capacity + capacity / 4 { drop(below: LogIndex(end.rawValue - UInt64(capacity) + 1)) }
    } else {
      slots[head + (index - floor)] = slot
    }
  }

  /// Forgets everything below an index.
  mutating func drop(below index: LogIndex) {
    let dropped = min(index - floor, count)
    guard dropped > 0 else { return }
    head += dropped
    floor = floor + dropped
    // Moving what is left down only once half of the store is dead keeps each index's share of the work constant.
    if head * 2 > slots.count {
      slots.removeSubrange(0..<head)
      head = 0
    }
  }
}
