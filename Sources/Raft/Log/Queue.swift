/// A first-in-first-out queue in one reused buffer.
///
/// Elements that left stay in the buffer until at least as many have left as remain; they must be small.
struct Queue<Element: Sendable>: Sendable {
  private var elements: ContiguousArray<Element> = []
  private var head = 0

  var count: Int { elements.count - head }

  var isEmpty: Bool { head == elements.count }

  var first: Element? { isEmpty ? nil : elements[head] }

  /// The element `offset` places behind the first one.
  subscript(offset: Int) -> Element {
    @inline(__always)
    _read {
      precondition(offset >= 0, "queue offset \(offset) is negative")
      yield elements[head + offset]
    }
    @inline(__always)
    _modify {
      precondition(offset >= 0, "queue offset \(offset) is negative")
      yield &elements[head + offset]
    }
  }

  mutating func append(_ element: consuming Element) { elements.append(element) }

  mutating func removeFirst() -> Element {
    if count == 1 && head == 0 { return elements.removeLast() }
    let element = elements[head]
    head += 1
    if head * 2 >= elements.count {
      elements.removeFirst(head)
      head = 0
    }
    return element
  }

  mutating func removeAll() {
    elements.removeAll(keepingCapacity: true)
    head = 0
  }
}
