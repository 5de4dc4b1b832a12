import Raft

/// A first-in-first-out queue of messages in one reused buffer; messages are moved in and out of it.
struct MessageRing: ~Copyable {
  private var slots: UnsafeMutablePointer<Envelope>
  /// A power of two.
  private var capacity: Int
  private var head = 0
  private(set) var count = 0

  init(capacity: Int = 1_024) {
    self.capacity = capacity
    slots = .allocate(capacity: capacity)
  }

  deinit {
    for offset in 0..<count { (slots + ((head + offset) & (capacity - 1))).deinitialize(count: 1) }
    slots.deallocate()
  }

  mutating func append(_ envelope: Envelope) {
    if count == capacity { grow() }
    (slots + ((head + count) & (capacity - 1))).initialize(to: envelope)
    count += 1
  }

  /// The oldest message; the queue must not be empty.
  mutating func removeFirst() -> Envelope {
    precondition(count > 0, "no message is waiting")
    let envelope = (slots + head).move()
    head = (head + 1) & (capacity - 1)
    count -= 1
    return envelope
  }

  private mutating func grow() {
    let larger = UnsafeMutablePointer<Envelope>.allocate(capacity: capacity * 2)
    for offset in 0..<count {
      (larger + offset).moveInitialize(from: slots + ((head + offset) & (capacity - 1)), count: 1)
    }
    slots.deallocate()
    slots = larger
    capacity *= 2
    head = 0
  }
}
