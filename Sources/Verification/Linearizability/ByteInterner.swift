/// Gives equal byte strings equal small numbers, counted from 0 in the order of first sight.
struct ByteInterner: Sendable {
  /// The byte strings by number.
  private(set) var strings: ContiguousArray<[UInt8]> = []
  private var hashes: ContiguousArray<UInt64> = []
  /// Open addressing with linear probing; -1 is empty.
  private var slots: ContiguousArray<Int32> = ContiguousArray(repeating: -1, count: 64)

  /// The number of a byte string, given to it now when it has none yet.
  mutating func number(of bytes: [UInt8]) -> Int32 {
    let hash = ByteInterner.hash(bytes)
    var slot = Int(truncatingIfNeeded: hash) & (slots.count - 1)
    while slots[slot] >= 0 {
      let number = Int(slots[slot])
      if hashes[number] == hash, strings[number] == bytes { return slots[slot] }
      slot = (slot + 1) & (slots.count - 1)
    }
    let number = Int32(strings.count)
    slots[slot] = number
    strings.append(bytes)
    hashes.append(hash)
    if strings.count * 2 > slots.count { grow() }
    return number
  }

  private mutating func grow() {
    let count = slots.count * 2
    slots = ContiguousArray(repeating: -1, count: count)
    for number in strings.indices {
      var slot = Int(truncatingIfNeeded: hashes[number]) & (count - 1)
      while slots[slot] >= 0 { slot = (slot + 1) & (count - 1) }
      slots[slot] = Int32(number)
    }
  }

  /// A 64-bit hash of a byte string: a widening multiplication per eight bytes.
  static func hash(_ bytes: [UInt8]) -> UInt64 {
    bytes.withUnsafeBytes { raw in
      var hash = 0x9E37_79B9_7F4A_7C15 ^ UInt64(raw.count)
      var offset = 0
      while offset + 8 <= raw.count {
        hash = fold(hash, UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self)))
        offset += 8
      }
      var tail: UInt64 = 0
      while offset < raw.count {
        tail = tail << 8 | UInt64(raw[offset])
        offset += 1
      }
      return fold(hash, tail)
    }
  }

  @inline(__always)
  private static func fold(_ hash: UInt64, _ word: UInt64) -> UInt64 {
    let product = (hash ^ word ^ 0xA076_1D64_78BD_642F).multipliedFullWidth(by: 0xE703_7ED1_A0B4_28DB ^ hash)
    return product.high ^ product.low &+ word
  }
}
