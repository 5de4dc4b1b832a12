/// The states that one key can be in, numbered from 0; state 0 is absence.
///
/// When no operation derives a value from another one (increments and appends do), a state is a value's number
/// renumbered densely for the key; otherwise states are told apart by their digests.
struct StateTable {
  /// The value numbers of the states; -1 for one that no operation mentions.
  private(set) var values: ContiguousArray<ValueNumber> = []
  private var derives = false
  private var digests: ContiguousArray<Digest> = []
  /// The state of each value number; -1 for none.
  private var states: ContiguousArray<Int32>
  /// Digest states by open addressing; -1 is empty.
  private var slots: ContiguousArray<Int32> = []

  /// A table for keys of a history with this many values.
  init(valueCount: Int) { states = ContiguousArray(repeating: -1, count: valueCount + 1) }

  /// How many states there are so far.
  var count: Int { values.count }

  /// Forgets the last key's states.
  mutating func reset(derives: Bool) {
    for value in values where value >= 0 { states[Int(value)] = -1 }
    values.removeAll(keepingCapacity: true)
    self.derives = derives
    values.append(0)
    states[0] = 0
    guard derives else { return }
    digests.removeAll(keepingCapacity: true)
    digests.append(.absent)
    slots = ContiguousArray(repeating: -1, count: 16)
  }

  /// The state of a key that holds a value of the history.
  mutating func state(of value: ValueNumber, in history: borrowing History) -> Int32 {
    if states[Int(value)] >= 0 { return states[Int(value)] }
    guard derives, let bytes = history.bytes(of: value) else {
      let state = Int32(values.count)
      values.append(value)
      states[Int(value)] = state
      return state
    }
    let state = self.state(of: Digest(bytes))
    states[Int(value)] = state
    values[Int(state)] = value
    return state
  }

  /// The state of a key with a digest; only for keys that derive values.
  mutating func state(of digest: Digest) -> Int32 {
    var slot = Int(truncatingIfNeeded: digest.tableHash) & (slots.count - 1)
    while slots[slot] >= 0 {
      if digests[Int(slots[slot])] == digest { return slots[slot] }
      slot = (slot + 1) & (slots.count - 1)
    }
    let state = Int32(values.count)
    slots[slot] = state
    values.append(-1)
    digests.append(digest)
    if digests.count * 2 > slots.count { grow() }
    return state
  }

  /// The digest of a state; only for keys that derive values.
  func digest(of state: Int32) -> Digest { digests[Int(state)] }

  private mutating func grow() {
    let count = slots.count * 2
    slots = ContiguousArray(repeating: -1, count: count)
    for state in digests.indices.dropFirst() {
      var slot = Int(truncatingIfNeeded: digests[state].tableHash) & (count - 1)
      while slots[slot] >= 0 { slot = (slot + 1) & (count - 1) }
      slots[slot] = Int32(state)
    }
  }

  /// A state in words.
  func text(of state: Int32, in history: borrowing History) -> String {
    if state == 0 { return "nothing" }
    let value = values[Int(state)]
    if value >= 0 { return StepText.text(of: value, in: history) }
    let digest = digests[Int(state)]
    return digest.integer.map { "\"\($0)\"" } ?? "\(digest.length) bytes"
  }
}
