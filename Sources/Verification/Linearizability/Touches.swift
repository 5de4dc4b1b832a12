/// The operations that a client invoked in the very nanosecond in which one of its own returned.
///
/// Operations that touch in time count as concurrent: clocks and latencies have a resolution, so either may have come
/// first. For the operations of one client that is not so: it knows its own order, and under virtual time a closed loop
/// without think time does exactly this.
struct Touches {
  /// Known operations that another one touches, those of a client and a moment together, by sequence.
  private var earlier: ContiguousArray<Int32> = []
  /// For each operation, which of `earlier` come before it; empty when there are none at all.
  private var ranges: ContiguousArray<Range<Int32>> = []

  /// Whether no operations touch.
  var isEmpty: Bool { ranges.isEmpty }

  /// Whether an operation must not come before another one that it touches.
  func hold(back operation: Int32) -> Bool { !ranges.isEmpty && !ranges[Int(operation)].isEmpty }

  /// Whether an operation has to wait, given which are placed.
  func hold(back operation: Int32, placed: borrowing ContiguousArray<Bool>) -> Bool {
    guard !ranges.isEmpty else { return false }
    for position in ranges[Int(operation)] where !placed[Int(earlier[Int(position)])] { return true }
    return false
  }

  private struct Ending {
    var time: Int64
    var client: UInt64
    var sequence: UInt64
    var operation: Int32

    func precedes(_ other: Ending) -> Bool {
      if time != other.time { return time < other.time }
      if client != other.client { return client < other.client }
      return sequence < other.sequence
    }
  }

  /// No operations.
  init() {}

  /// Finds the touching operations of a key.
  init(among key: borrowing KeyOperations, in history: borrowing History) {
    var endings = Touches.touched(among: key, in: history)
    guard !endings.isEmpty else { return }
    endings.sort { $0.precedes($1) }
    for ending in endings { earlier.append(ending.operation) }
    for operation in 0..<key.count {
      let own = history.operations[Int(key.places[operation])]
      let moment = Ending(time: own.invoked, client: own.client, sequence: own.sequence, operation: 0)
      let first = Touches.first(of: endings) { ($0.time, $0.client) >= (moment.time, moment.client) }
      let end = Touches.first(of: endings) { !$0.precedes(moment) }
      ranges.append(Int32(first)..<Int32(end))
    }
  }

  /// The known operations that return at a moment at which another one is invoked.
  private static func touched(
    among key: borrowing KeyOperations, in history: borrowing History
  ) -> ContiguousArray<Ending> {
    var endings: ContiguousArray<Ending> = []
    // Two runs, each by invocation: the known operations and the open ones.
    var known = 0
    var open = key.knownCount
    for operation in key.byReturn {
      let time = key.returns[Int(operation)]
      while known < key.knownCount, key.invocations[known] < time { known += 1 }
      while open < key.count, key.invocations[open] < time { open += 1 }
      let touchesKnown = known < key.knownCount && key.invocations[known] == time
      guard touchesKnown || (open < key.count && key.invocations[open] == time) else { continue }
      let own = history.operations[Int(key.places[Int(operation)])]
      endings.append(Ending(time: time, client: own.client, sequence: own.sequence, operation: operation))
    }
    return endings
  }

  /// The first of the endings from which on a condition holds.
  private static func first(of endings: ContiguousArray<Ending>, where holds: (Ending) -> Bool) -> Int {
    var (low, high) = (0, endings.count)
    while low < high {
      let middle = (low + high) / 2
      if holds(endings[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
