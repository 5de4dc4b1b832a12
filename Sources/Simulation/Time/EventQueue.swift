import Raft

/// The events still to come, earliest first and, at one instant, in the order they were scheduled.
///
/// A 4-ary heap of keys beside a slab of payloads. A key is `time << 64 | sequence << 24 | slot`: it is the whole
/// order, so that two runs pop the same events whatever the heap's shape. Payloads are moved in and out of the slab
/// and never copied. Room for 2^24 pending events and 2^40 scheduled ones.
struct EventQueue<Payload>: ~Copyable {
  /// The most events that may be pending at once.
  static var capacityLimit: Int { 1 << 24 }

  /// The heap's keys; `keys[3]` is the root, which puts the four children of a node on one cache line.
  private var keys: UnsafeMutablePointer<UInt128>
  /// The payloads by slot.
  private var slab: UnsafeMutablePointer<Payload>
  /// Slots of the slab that are free, as a stack.
  private var freeSlots: UnsafeMutablePointer<UInt32>
  private var freeCount = 0
  private var capacity: Int
  private var usedSlots = 0
  private var sequence: UInt64 = 0
  /// How many events are pending.
  private(set) var count = 0

  /// An empty queue with room for `capacity` events before it grows.
  init(capacity: Int = 1_024) {
    self.capacity = max(4, capacity)
    keys = Self.allocateKeys(self.capacity)
    slab = .allocate(capacity: self.capacity)
    freeSlots = .allocate(capacity: self.capacity)
  }

  deinit {
    for position in 0..<count { slab.advanced(by: Self.slot(of: keys[position + 3])).deinitialize(count: 1) }
    UnsafeMutableRawPointer(keys).deallocate()
    slab.deallocate()
    freeSlots.deallocate()
  }

  /// How many events were ever scheduled.
  var scheduled: UInt64 { sequence }

  /// The time of the earliest event; ``Instant/distantFuture`` when there is none.
  @inline(__always)
  var earliest: Instant { count == 0 ? .distantFuture : Self.time(of: keys[3]) }

  /// Adds an event; `time` must not be negative.
  @inline(__always)
  mutating func schedule(at time: Instant, _ payload: consuming Payload) {
    let slot = takeSlot()
    slab.advanced(by: slot).initialize(to: payload)
    let key = UInt128(UInt64(time.nanoseconds)) << 64 | UInt128(sequence << 24 | UInt64(slot))
    sequence += 1
    siftUp(from: count, key)
    count += 1
  }

  /// Takes the earliest event out of the order if it is due at `limit` or before; its payload waits in the slab for
  /// ``take(_:)``, which must follow.
  @inline(__always)
  mutating func next(notAfter limit: Instant) -> (time: Instant, slot: Int)? {
    guard count > 0 else { return nil }
    let first = keys[3]
    let time = Self.time(of: first)
    guard time <= limit else { return nil }
    count -= 1
    if count > 0 { siftDown(keys[count + 3]) }
    return (time, Self.slot(of: first))
  }

  /// Moves a payload out of the slab and frees its slot.
  @inline(__always)
  mutating func take(_ slot: Int) -> Payload {
    freeSlots[freeCount] = UInt32(truncatingIfNeeded: slot)
    freeCount += 1
    return slab.advanced(by: slot).move()
  }

  @inline(__always)
  private static func time(of key: UInt128) -> Instant {
    Instant(nanoseconds: Int64(truncatingIfNeeded: key >> 64))
  }

  @inline(__always)
  private static func slot(of key: UInt128) -> Int {
    Int(truncatingIfNeeded: UInt64(truncatingIfNeeded: key) & 0xFF_FFFF)
  }

  @inline(__always)
  private mutating func takeSlot() -> Int {
    if freeCount > 0 {
      freeCount -= 1
      return Int(freeSlots[freeCount])
    }
    if usedSlots == capacity { grow() }
    usedSlots += 1
    return usedSlots - 1
  }

  @inline(__always)
  private mutating func siftUp(from end: Int, _ key: UInt128) {
    let heap = keys + 3
    var hole = end
    while hole > 0 {
      let parent = (hole - 1) >> 2
      let parentKey = heap[parent]
      if parentKey < key { break }
      heap[hole] = parentKey
      hole = parent
    }
    heap[hole] = key
  }

  /// Puts `key` into the empty root and lets it sink among `count` keys.
  @inline(__always)
  private mutating func siftDown(_ key: UInt128) {
    let heap = keys + 3
    let end = count
    var hole = 0
    while true {
      let child = hole << 2 + 1
      guard child + 3 < end else { break }
      // Two rounds of comparisons without branches on the outcome: the order of keys is unpredictable.
      let left = heap[child + 1] < heap[child] ? child + 1 : child
      let right = heap[child + 3] < heap[child + 2] ? child + 3 : child + 2
      let least = heap[right] < heap[left] ? right : left
      if key < heap[least] {
        heap[hole] = key
        return
      }
      heap[hole] = heap[least]
      hole = least
    }
    siftDownTail(key, from: hole)
  }

  /// Ends a descent at a node with fewer than four children.
  private mutating func siftDownTail(_ key: UInt128, from start: Int) {
    let heap = keys + 3
    var hole = start
    let child = hole << 2 + 1
    if child < count {
      var least = child
      for other in child..<min(child + 4, count) where heap[other] < heap[least] { least = other }
      if heap[least] < key {
        heap[hole] = heap[least]
        hole = least
      }
    }
    heap[hole] = key
  }

  @inline(never)
  private mutating func grow() {
    precondition(capacity < Self.capacityLimit, "more than 2^24 events are pending")
    let larger = min(capacity * 2, Self.capacityLimit)
    let newKeys = Self.allocateKeys(larger)
    newKeys.update(from: keys, count: count + 3)
    UnsafeMutableRawPointer(keys).deallocate()
    keys = newKeys
    // All slots are taken when the slab grows, so every one of them is initialised.
    let newSlab = UnsafeMutablePointer<Payload>.allocate(capacity: larger)
    newSlab.moveInitialize(from: slab, count: usedSlots)
    slab.deallocate()
    slab = newSlab
    freeSlots.deallocate()
    freeSlots = .allocate(capacity: larger)
    capacity = larger
  }

  private static func allocateKeys(_ capacity: Int) -> UnsafeMutablePointer<UInt128> {
    let bytes = UnsafeMutableRawPointer.allocate(
      byteCount: (capacity + 3) * MemoryLayout<UInt128>.stride, alignment: 64)
    let keys = bytes.bindMemory(to: UInt128.self, capacity: capacity + 3)
    keys.initialize(repeating: 0, count: capacity + 3)
    return keys
  }
}
