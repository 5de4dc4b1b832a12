/// How a search begins, and what it remembers of its dead ends.
extension KeySearch {
  /// Where the search could not go on.
  struct DeadEnd {
    var placed = -1
    var state: Int32 = 0
    /// The operation that left the state; -1 for none.
    var writer: Int32 = -1
    var last: ContiguousArray<Int32> = []
    var stuck: ContiguousArray<Int32> = []
  }

  /// Makes ready for the operations loaded into `key`.
  mutating func reset() {
    let known = key.knownCount
    head = Int32(2 * known)
    refill(&next, count: 2 * known + 1, with: 0)
    refill(&previous, count: 2 * known + 1, with: 0)
    var last = head
    var call = 0
    func append(_ node: Int32, _ next: inout ContiguousArray<Int32>, _ previous: inout ContiguousArray<Int32>) {
      next[Int(last)] = node
      previous[Int(node)] = last
      last = node
    }
    for ending in key.byReturn {
      // Calls come before returns of the same moment: what touches in time counts as concurrent.
      while call < known, key.invocations[call] <= key.returns[Int(ending)] {
        append(Int32(2 * call), &next, &previous)
        call += 1
      }
      append(2 * ending + 1, &next, &previous)
    }
    next[Int(last)] = head
    previous[Int(head)] = last

    isPlaced.removeAll(keepingCapacity: true)
    isPlaced.append(contentsOf: repeatElement(false, count: key.count))
    frames.removeAll(keepingCapacity: true)
    finalCount = 0
    open.removeAll(keepingCapacity: true)
    open.append(contentsOf: repeatElement(0, count: (key.count - known + 63) / 64))
    cache.clear(words: open.count)
    (low, high, state, debt) = (0, 0, key.initial, 0)
    opaque = key.opaqueCount
    best = DeadEnd()
    refill(&required, count: key.table.count, with: 0)
    refill(&demanded, count: key.table.count, with: 0)
    refill(&sources, count: key.table.count, with: 0)
    refill(&entered, count: key.table.count, with: 0)
    for operation in 0..<key.count {
      if key.demands[operation] >= 0 {
        demanded[Int(key.demands[operation])] += 1
        if operation < known { required[Int(key.demands[operation])] += 1 }
      }
      if key.products[operation] >= 0 { sources[Int(key.products[operation])] += 1 }
    }
    for states in key.possibleProducts {
      for state in states { sources[Int(state)] += 1 }
    }
    entered[Int(state)] = 1
    debt = demanded[Int(state)] > 0 ? 1 : 0
  }

  private func refill(_ array: inout ContiguousArray<Int32>, count: Int, with value: Int32) {
    array.removeAll(keepingCapacity: true)
    array.append(contentsOf: repeatElement(value, count: count))
  }

  /// Keeps where the search stands, for people.
  mutating func recordDeadEnd() {
    best = DeadEnd(
      placed: frames.count, state: state, writer: frames.last(where: \.isChoice)?.operation ?? -1,
      last: ContiguousArray(frames.suffix(8).map(\.operation)))
    var node = next[Int(head)]
    while node & 1 == 0, node != head { node = next[Int(node)] }
    let first = node >> 1
    best.stuck.append(first)
    // Beyond those that cannot come next, one that a later moment demands of the present state explains why.
    node = next[Int(head)]
    var budget = 256
    var isLate = false
    while node != head, budget > 0, best.stuck.count < 12 {
      let operation = node >> 1
      if node & 1 == 1 {
        isLate = true
      } else if operation != first, !isLate || key.demands[Int(operation)] == state {
        best.stuck.append(operation)
        if isLate { break }
      }
      node = next[Int(node)]
      budget -= 1
    }
  }
}
