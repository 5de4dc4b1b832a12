/// The states that one key can be in, numbered from 0; state 0 is absence.
///
/// States are told apart only as far as an operation can tell: every value that one demands has a state of its own,
/// and all that nobody demands are one state. On keys where values are derived from others (by increments and
/// appends) that is coarser still than the text, but as fine as needed: a text that a demanded value begins with is
/// known exactly; of any other one, its length counts where operations tell a length, and the integer that it spells
/// where operations add. What follows from such states is the same whatever their text is.
struct StateTable {
  /// A text on a key where values are derived, as far as it matters.
  private struct Text: Hashable {
    /// The text itself; nil when no demanded value begins with it.
    var prefix: DemandedValues.Prefix?
    var length: Int64 = 0
    var numeral = Numeral()
  }

  /// The values of the states; -1 for one that is not a demanded value.
  private(set) var values: ContiguousArray<ValueNumber> = []
  /// The state of each demanded value; -1 for other values.
  private var states: ContiguousArray<Int32>
  /// The state of all present values that nobody demands, where no values are derived; -1 for none yet.
  private var other: Int32 = -1
  private var demanded = DemandedValues()
  private var derives = false
  private var countsLengths = false
  private var readsNumerals = false
  private var texts: ContiguousArray<Text> = []
  /// States by their texts, by open addressing; -1 is empty.
  private var slots: ContiguousArray<Int32> = []

  /// A table for keys of a history with this many values.
  init(valueCount: Int) { states = ContiguousArray(repeating: -1, count: valueCount + 1) }

  /// How many states there are so far.
  var count: Int { values.count }

  // MARK: Preparing

  /// Forgets the last key's states.
  mutating func reset() {
    for value in values where value >= 0 { states[Int(value)] = -1 }
    values.removeAll(keepingCapacity: true)
    values.append(0)
    states[0] = 0
    other = -1
    derives = false
  }

  /// Gives a value that an operation demands a state of its own; before any state is asked for.
  mutating func demand(_ value: ValueNumber) {
    guard states[Int(value)] < 0 else { return }
    states[Int(value)] = Int32(values.count)
    values.append(value)
  }

  /// Makes ready for values that are derived from others; after all demands.
  mutating func derive(countingLengths: Bool, readingNumerals: Bool, in history: borrowing History) {
    derives = true
    countsLengths = countingLengths
    readsNumerals = readingNumerals
    var sorted: ContiguousArray<(bytes: [UInt8], value: ValueNumber)> = []
    for value in values.dropFirst() { sorted.append((history.bytes(of: value) ?? [], value)) }
    sorted.sort { DemandedValues.precedes($0.bytes, $1.bytes) }
    demanded = DemandedValues(sorted: ContiguousArray(sorted.map(\.bytes)))
    texts.removeAll(keepingCapacity: true)
    texts.append(Text())
    slots = ContiguousArray(repeating: -1, count: 16)
    values.removeSubrange(1...)
    for (bytes, value) in sorted {
      states[Int(value)] = Int32(values.count)
      add(text(bytes, behind: empty))
      values[values.count - 1] = value
    }
  }

  // MARK: States

  /// The state of a key that holds a value of the history.
  mutating func state(of value: ValueNumber, in history: borrowing History) -> Int32 {
    if states[Int(value)] >= 0 { return states[Int(value)] }
    if derives { return state(of: history.bytes(of: value) ?? []) }
    if other < 0 {
      other = Int32(values.count)
      values.append(-1)
    }
    return other
  }

  /// The state of a key that holds these bytes; only where values are derived.
  mutating func state(of bytes: [UInt8]) -> Int32 { find(text(bytes, behind: empty)) }

  /// The state after bytes are appended; only where values are derived, and none when the length that results is
  /// not the one expected.
  mutating func state(appending piece: [UInt8], to state: Int32, length: Int64? = nil) -> Int32? {
    let base = state == 0 ? empty : texts[Int(state)]
    if let length, base.length + Int64(piece.count) != length { return nil }
    return find(text(piece, behind: base))
  }

  /// The integer that a key spells, 0 when it is absent; only where operations add.
  func integer(of state: Int32) -> Int64? { state == 0 ? 0 : texts[Int(state)].numeral.value }

  /// The length of what a key holds, 0 for absence; only where lengths are counted.
  func length(of state: Int32) -> Int64 { texts[Int(state)].length }

  /// The text that a key holds, as long as a demanded value begins with it; only where values are derived.
  func text(of state: Int32) -> ArraySlice<UInt8> {
    texts[Int(state)].prefix.map { demanded.text($0) } ?? []
  }

  /// Whether a key holds a text without any bytes, as far as can be told; only where values are derived.
  func isEmptyText(_ state: Int32) -> Bool {
    guard let prefix = texts[Int(state)].prefix else { return texts[Int(state)] == Text() }
    return prefix.length == 0
  }

  private var empty: Text { Text(prefix: demanded.start) }

  private func text(_ piece: [UInt8], behind base: Text) -> Text {
    var text = base
    text.prefix = base.prefix.flatMap { demanded.extend($0, by: piece) }
    if countsLengths { text.length += Int64(piece.count) }
    if readsNumerals { text.numeral.append(piece) }
    return text
  }

  private mutating func find(_ text: Text) -> Int32 {
    var slot = StateTable.hash(text) & (slots.count - 1)
    while slots[slot] >= 0 {
      if texts[Int(slots[slot])] == text { return slots[slot] }
      slot = (slot + 1) & (slots.count - 1)
    }
    return add(text)
  }

  @discardableResult
  private mutating func add(_ text: Text) -> Int32 {
    let state = Int32(values.count)
    values.append(-1)
    texts.append(text)
    if texts.count * 2 > slots.count {
      slots = ContiguousArray(repeating: -1, count: slots.count * 2)
      for state in texts.indices.dropFirst() { fill(Int32(state)) }
    } else {
      fill(state)
    }
    return state
  }

  private mutating func fill(_ state: Int32) {
    var slot = StateTable.hash(texts[Int(state)]) & (slots.count - 1)
    while slots[slot] >= 0 { slot = (slot + 1) & (slots.count - 1) }
    slots[slot] = state
  }

  private static func hash(_ text: Text) -> Int {
    var hash = UInt64(bitPattern: text.length) &* 0x9E37_79B9_7F4A_7C15 ^ text.numeral.tableHash
    if let prefix = text.prefix { hash ^= UInt64(prefix.length) << 32 &+ UInt64(prefix.low) &+ 1 }
    hash = (hash ^ hash >> 29) &* 0xBF58_476D_1CE4_E5B9
    return Int(truncatingIfNeeded: hash >> 20)
  }

  // MARK: Words

  /// A state in words; nil when it is no one value.
  func text(of state: Int32, in history: borrowing History) -> String? {
    if state == 0 { return "nothing" }
    let value = values[Int(state)]
    if value >= 0 { return StepText.text(of: value, in: history) }
    guard derives else { return nil }
    let text = texts[Int(state)]
    if let integer = text.numeral.value { return "\"\(integer)\"" }
    return countsLengths ? "\(text.length) bytes" : nil
  }
}
