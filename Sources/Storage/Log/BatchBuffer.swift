/// The batch that is being put together: sectors in memory, each with room for its prefix, used again and again.
///
/// What is put in is copied once, straight to where it is written from.
struct BatchBuffer: ~Copyable {
  private var memory: UnsafeMutableRawPointer
  private var capacity: Int
  /// Where the next byte goes, prefixes included.
  private var place = Sector.prefix + BatchBuffer.header
  /// The bytes that the first sector carries before the first record: the length of all that the batch carries.
  static let header = 8

  init() {
    capacity = 64 << 10
    memory = .allocate(byteCount: capacity, alignment: 4096)
  }

  deinit { memory.deallocate() }

  /// Whether nothing was put in.
  var isEmpty: Bool { place == Sector.prefix + BatchBuffer.header }
  /// How many sectors the batch takes.
  var sectors: Int { Sector.count(carrying: content) }
  /// The bytes that the batch carries.
  private var content: Int {
    let (whole, rest) = place.quotientAndRemainder(dividingBy: Sector.bytes)
    return whole * Sector.capacity + max(0, rest - Sector.prefix)
  }

  /// Forgets what was put in.
  mutating func removeAll() { place = Sector.prefix + BatchBuffer.header }

  /// Makes room for this many bytes.
  mutating func reserve(_ count: Int) {
    // A byte beyond, since the next one may start with a prefix.
    let needed = place + (Sector.count(carrying: count) + 2) * Sector.bytes
    guard needed > capacity else { return }
    let larger = UnsafeMutableRawPointer.allocate(byteCount: max(needed, 2 * capacity), alignment: 4096)
    larger.copyMemory(from: memory, byteCount: place)
    memory.deallocate()
    memory = larger
    capacity = max(needed, 2 * capacity)
  }

  /// Puts bytes in; there must be room for them.
  @inline(__always)
  mutating func put(_ bytes: UnsafeRawBufferPointer) {
    guard var source = bytes.baseAddress else { return }
    var rest = bytes.count
    while true {
      let room = Sector.bytes - place & (Sector.bytes - 1)
      let count = min(rest, room)
      (memory + place).copyMemory(from: source, byteCount: count)
      place += count
      if count == room { place += Sector.prefix }
      rest -= count
      if rest == 0 { return }
      source += count
    }
  }

  /// Ends the batch: writes lengths, padding, prefixes and checksums for the place in the file where it is to stand.
  mutating func seal(batch: UInt64, at first: Int) -> UnsafeRawBufferPointer {
    let (sectors, content) = (sectors, content)
    memory.put(UInt32(truncatingIfNeeded: content), at: Sector.prefix)
    memory.put(UInt32(0), at: Sector.prefix + 4)
    let end = sectors * Sector.bytes
    if place < end { (memory + place).initializeMemory(as: UInt8.self, repeating: 0, count: end - place) }
    for sector in 0..<sectors {
      Sector.seal(memory + sector * Sector.bytes, index: sector, batch: batch, at: first + sector)
    }
    return UnsafeRawBufferPointer(start: memory, count: end)
  }
}
