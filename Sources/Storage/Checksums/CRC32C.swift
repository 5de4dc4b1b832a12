import CRC32CIntrinsics

/// CRC32C, the checksum of everything that a storage holds (Castagnoli's polynomial; RFC 3720, appendix B.4).
public enum CRC32C {
  /// Whether the processor has an instruction for it.
  public static let isHardware = crc32c_is_available() != 0

  /// The checksum of bytes; `seed` is that of the bytes before them, or any number that they are to be bound to.
  public static func checksum(_ bytes: UnsafeRawBufferPointer, seed: UInt32 = 0) -> UInt32 {
    isHardware ? byInstruction(bytes, seed: seed) : byTables(bytes, seed: seed)
  }

  /// The checksum by the processor's instruction, which must be there.
  static func byInstruction(_ bytes: UnsafeRawBufferPointer, seed: UInt32) -> UInt32 {
    guard let start = bytes.baseAddress else { return seed }
    return ~crc32c_update(~seed, start, bytes.count)
  }

  /// The checksum by tables, eight bytes at a time.
  static func byTables(_ bytes: UnsafeRawBufferPointer, seed: UInt32) -> UInt32 {
    var state = ~seed
    tables.withUnsafeBufferPointer { tables in
      var place = 0
      while place + 8 <= bytes.count {
        let word = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self)) ^ UInt64(state)
        state = 0
        for byte in 0..<8 { state ^= tables[(7 - byte) << 8 | Int(word >> (8 * UInt64(byte)) & 0xFF)] }
        place += 8
      }
      while place < bytes.count {
        state = state >> 8 ^ tables[Int((state ^ UInt32(bytes[place])) & 0xFF)]
        place += 1
      }
    }
    return ~state
  }

  /// For each of eight distances, what a byte there does to the state.
  private static let tables: [UInt32] = {
    var tables = [UInt32](repeating: 0, count: 8 << 8)
    for byte in 0..<256 {
      var state = UInt32(byte)
      for _ in 0..<8 { state = state & 1 == 0 ? state >> 1 : state >> 1 ^ 0x82F6_3B78 }
      tables[byte] = state
    }
    for place in 256..<tables.count {
      let nearer = tables[place - 256]
      tables[place] = nearer >> 8 ^ tables[Int(nearer & 0xFF)]
    }
    return tables
  }()
}
