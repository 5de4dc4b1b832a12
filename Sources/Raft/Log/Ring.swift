/// A first-in-first-out queue in one reused buffer whose capacity is a power of two.
struct Ring<Element: Sendable>: Sendable {
  private var slots: ContiguousArray<Element?> = []
  private var head = 0
  private(set) var count = 0

  var isEmpty: Bool { count == 0 }

  var first: Element? { isEmpty ? nil : slots[head] }

  /// The element `offset` places behind the first one.
  subscript(offset: Int) -> Element {
    get {
      precondition(offset >= 0 && offset < count, "ring offset \(offset) outside 0..<\(count)")
      return slots[(head + offset) & (slots.count - 1)]!
    }
    set {
      precondition(offset >= 0 && offset < count, "ring offset \(offset) outside 0..<\(count)")
      slots[(head + offset) & (slots.count - 1)] = newValue
    }
  }

  mutating func append(_ element: Element) {
    if count == slots.count { grow() }
    slots[(head + count) & (slots.count - 1)] = element
    count += 1
  }

  mutating func removeFirst() -> Element {
    precondition(count > 0, "removal from an empty ring")
    let element = slots[head]!
    slots[head] = nil
    head = (head + 1) & (slots.count - 1)
    count -= 1
    return element
  }

  mutating func removeAll() {
    while !isEmpty { _ = removeFirst() }
    head = 0
  }

  private mutating func grow() {
    var larger = ContiguousArray<Element?>(repeating: nil, count: max(4, slots.count * 2))
    for offset in 0..<count { larger[offset] = slots[(head + offset) & (slots.count - 1)] }
    slots = larger
    head = 0
  }
}
