/// The append messages on their way to one follower, by the last index of each.
struct Inflights: Sendable {
  private var ends: ContiguousArray<UInt64> = []
  private var head = 0
  private(set) var count = 0

  func isFull(limit: Int) -> Bool { count >= limit }

  mutating func add(_ end: LogIndex) {
    if count == ends.count { grow() }
    ends[(head + count) & (ends.count - 1)] = end.rawValue
    count += 1
  }

  /// Forgets the messages whose entries are all acknowledged.
  mutating func free(through index: LogIndex) {
    while count > 0 && ends[head] <= index.rawValue {
      head = (head + 1) & (ends.count - 1)
      count -= 1
    }
  }

  mutating func removeAll() {
    head = 0
    count = 0
  }

  private mutating func grow() {
    var larger = ContiguousArray<UInt64>(repeating: 0, count: max(8, ends.count * 2))
    for offset in 0..<count { larger[offset] = ends[(head + offset) & (ends.count - 1)] }
    ends = larger
    head = 0
  }
}
