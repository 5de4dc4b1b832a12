import Raft

/// A 64-bit hash that is the same in every process and on every machine, unlike `Swift.Hasher`.
///
/// Eight bytes, lowest first, are one word. A word enters by exclusive or, an odd multiplication and a rotation, each
/// of which is a bijection: two inputs of one length that differ in a single word never have the same hash. It is no
/// cryptographic hash: it finds accidents, not attacks.
struct StableHash {
  private var state: UInt64

  /// A hash that has taken in nothing; different seeds give unrelated hashes.
  init(seed: UInt64) { state = RandomSource.mix(seed &+ 0x9E37_79B9_7F4A_7C15) }

  /// The hash of what was taken in.
  var value: UInt64 { RandomSource.mix(state) }

  mutating func combine(_ word: UInt64) {
    let product = (state ^ word) &* 0x9FB2_1C65_1E98_DF25
    state = (product << 29) | (product >> 35)
  }

  /// Takes in the length and the bytes.
  mutating func combine(_ bytes: [UInt8]) { combine(bytes, from: 0) }

  /// Takes in the length and the bytes from an offset on.
  mutating func combine(_ bytes: [UInt8], from start: Int) {
    bytes.withUnsafeBytes { buffer in
      let count = buffer.count - start
      combine(UInt64(count))
      var offset = start
      while offset + 8 <= buffer.count {
        combine(UInt64(littleEndian: buffer.loadUnaligned(fromByteOffset: offset, as: UInt64.self)))
        offset += 8
      }
      if offset < buffer.count {
        var last: UInt64 = 0
        for index in (offset..<buffer.count).reversed() { last = last << 8 | UInt64(buffer[index]) }
        combine(last)
      }
    }
  }

  mutating func combine(_ bytes: [UInt8]?) {
    combine(bytes == nil ? 0 : 1 as UInt64)
    if let bytes { combine(bytes) }
  }

  mutating func combine(_ result: OperationResult) {
    switch result {
    case .value(let value):
      combine(1)
      combine(value)
    case .stored:
      combine(2)
    case .deleted(let existed):
      combine(existed ? 3 : 4)
    case .swapped(let done, let found):
      combine(done ? 5 : 6)
      combine(found)
    case .incremented(let value):
      combine(7)
      combine(UInt64(bitPattern: value))
    case .appended(let length):
      combine(8)
      combine(UInt64(bitPattern: Int64(length)))
    case .refused(let refusal):
      combine(9)
      combine(UInt64(refusal.rawValue))
    case .exchanged(let done, let old):
      combine(done ? 10 : 11)
      combine(old)
    case .length(let length):
      combine(12)
      combine(UInt64(length))
    case .values(let values):
      combine(13)
      combine(UInt64(values.count))
      for value in values { combine(value) }
    case .present(let count):
      combine(14)
      combine(UInt64(count))
    case .removed(let count):
      combine(15)
      combine(UInt64(count))
    }
  }
}
