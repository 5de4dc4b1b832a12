/// The unit in which a log is written: 512 bytes that a disk writes wholly or not at all.
///
/// Every sector says to which batch it belongs, which one of its sectors it is, and has a checksum that is bound to its
/// place. So recovery can tell three things apart that look alike to a checksum over the whole batch: a sector that was
/// written, one that never reached the disk (zeros, or an older batch of a segment that is used again), and one that
/// was changed afterwards. Only the second is what a loss of power leaves of a write that nobody was told of (trap 34).
enum Sector {
  /// The bytes of a sector.
  static let bytes = 512
  /// The bytes of a sector before what it carries: checksum, index in the batch, number of the batch.
  static let prefix = 16
  /// The bytes that a sector carries.
  static let capacity = bytes - prefix

  /// How many sectors carry this many bytes.
  static func count(carrying content: Int) -> Int { (content + capacity - 1) / capacity }

  /// Fills in the prefix of a sector whose content is there.
  @inline(__always)
  static func seal(_ sector: UnsafeMutableRawPointer, index: Int, batch: UInt64, at place: Int) {
    sector.put(UInt32(truncatingIfNeeded: index), at: 4)
    sector.put(batch, at: 8)
    sector.put(checksum(UnsafeRawPointer(sector), at: place), at: 0)
  }

  /// The checksum of a sector at a place in its file, counted in sectors.
  @inline(__always)
  static func checksum(_ sector: UnsafeRawPointer, at place: Int) -> UInt32 {
    CRC32C.checksum(
      UnsafeRawBufferPointer(start: sector + 4, count: bytes - 4), seed: UInt32(truncatingIfNeeded: place))
  }

  /// Whether a sector holds nothing but zeros.
  static func isBlank(_ sector: UnsafeRawPointer) -> Bool {
    for offset in stride(from: 0, to: bytes, by: 8) where sector.get(UInt64.self, at: offset) != 0 { return false }
    return true
  }

  /// What a sector is found to be.
  enum Condition: Hashable {
    /// Nothing but zeros.
    case blank
    /// A sector of a batch, as it was written.
    case intact(batch: UInt64, index: Int)
    /// Neither.
    case damaged(checksum: UInt32, computed: UInt32)
  }

  /// Looks at a sector.
  static func condition(_ sector: UnsafeRawPointer, at place: Int) -> Condition {
    if isBlank(sector) { return .blank }
    let (stored, computed) = (sector.get(UInt32.self, at: 0), checksum(sector, at: place))
    guard stored == computed else { return .damaged(checksum: stored, computed: computed) }
    return .intact(batch: sector.get(at: 8), index: Int(sector.get(UInt32.self, at: 4)))
  }
}
