/// What each operation does.
extension Store {
  mutating func execute(_ operation: Operation) -> OperationResult {
    switch operation {
    case .get(let key):
      return .value(read(key))
    case .put(let key, let value):
      guard fits(key, value.count) else { return .refused(.tooLarge) }
      set(key, value)
      return .stored
    case .delete(let key):
      return .deleted(existed: remove(key))
    case .compareAndSwap(let key, let expected, let new):
      let found = read(key)
      guard found == expected else { return .swapped(false, found: found) }
      guard fits(key, new.count) else { return .refused(.tooLarge) }
      set(key, new)
      return .swapped(true, found: nil)
    case .increment(let key, let amount):
      return increment(key, by: amount)
    case .append(let key, let bytes):
      return append(bytes, to: key)
    case .exchange(let key, let value, let condition):
      let old = read(key)
      guard condition.holds(for: old) else { return .exchanged(false, old: old) }
      guard fits(key, value.count) else { return .refused(.tooLarge) }
      set(key, value)
      return .exchanged(true, old: old)
    case .length(let key):
      return answer(.length(key))
    case .getMany(let keys):
      return answer(.values(keys))
    case .countPresent(let keys):
      return answer(.presence(keys))
    case .putMany(let pairs):
      guard pairs.elements.allSatisfy({ fits($0.key, $0.value.count) }) else { return .refused(.tooLarge) }
      for pair in pairs.elements { set(pair.key, pair.value) }
      return .stored
    case .deleteMany(let keys):
      var removed = 0
      for key in keys.elements where remove(key) { removed += 1 }
      return .removed(removed)
    }
  }

  /// What this state answers to a question.
  public func answer(_ query: Query) -> OperationResult {
    switch query {
    case .value(let key): .value(read(key))
    case .length(let key): .length(slots[key]?.value.count ?? 0)
    case .values(let keys): .values(keys.elements.map(read))
    case .presence(let keys): .present(keys.elements.reduce(0) { slots[$1] == nil ? $0 : $0 + 1 })
    }
  }

  private func fits(_ key: Key, _ valueBytes: Int) -> Bool {
    key.bytes.count <= limits.keyBytes && valueBytes <= limits.valueBytes
  }

  private mutating func increment(_ key: Key, by amount: Int64) -> OperationResult {
    let old: Int64
    if let text = read(key) {
      guard let number = Store.integer(text) else { return .refused(.notAnInteger) }
      old = number
    } else {
      old = 0
    }
    let (sum, overflow) = old.addingReportingOverflow(amount)
    guard !overflow else { return .refused(.overflow) }
    let text = Array(String(sum).utf8)
    guard fits(key, text.count) else { return .refused(.tooLarge) }
    set(key, text)
    return .incremented(sum)
  }

  private mutating func append(_ bytes: [UInt8], to key: Key) -> OperationResult {
    guard let index = slots.index(forKey: key) else {
      guard fits(key, bytes.count) else { return .refused(.tooLarge) }
      set(key, bytes)
      return .appended(length: bytes.count)
    }
    let (length, overflow) = slots.values[index].value.count.addingReportingOverflow(bytes.count)
    guard !overflow, fits(key, length) else { return .refused(.tooLarge) }
    hashSum &-= slots.values[index].hash
    slots.values[index].value.append(contentsOf: bytes)
    let hash = Store.entryHash(key, slots.values[index].value)
    slots.values[index].hash = hash
    hashSum &+= hash
    return .appended(length: length)
  }

  mutating func set(_ key: Key, _ value: Value) {
    let hash = Store.entryHash(key, value)
    if let old = slots.updateValue(Slot(value: value, hash: hash), forKey: key) { hashSum &-= old.hash }
    hashSum &+= hash
  }

  mutating func remove(_ key: Key) -> Bool {
    guard let old = slots.removeValue(forKey: key) else { return false }
    hashSum &-= old.hash
    return true
  }

  /// A decimal integer of 64 bits: digits with an optional minus sign, nothing else.
  static func integer(_ text: Value) -> Int64? {
    let isNegative = text.first == UInt8(ascii: "-")
    let digits = text.dropFirst(isNegative ? 1 : 0)
    guard !digits.isEmpty else { return nil }
    var value: Int64 = 0
    for byte in digits {
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
      let digit = Int64(byte - UInt8(ascii: "0"))
      let (tenfold, first) = value.multipliedReportingOverflow(by: 10)
      // The lowest integer has no positive counterpart, so negative numbers are built downwards.
      let (next, second) =
        isNegative ? tenfold.subtractingReportingOverflow(digit) : tenfold.addingReportingOverflow(digit)
      if first || second { return nil }
      value = next
    }
    return value
  }
}
