@testable import Raft

/// 128 bits that stand for a part of a state. The digest of a whole is the sum of its parts', in any order.
struct StateDigest: Hashable {
  var high: UInt64
  var low: UInt64

  static var zero: StateDigest { StateDigest(high: 0, low: 0) }

  init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  /// Two independent chains over the bytes, eight at a time.
  init(of bytes: [UInt8]) {
    high = 0x243F_6A88_85A3_08D3 &+ UInt64(bytes.count)
    low = 0x1319_8A2E_0370_7344 &+ UInt64(bytes.count)
    var word: UInt64 = 0
    for place in bytes.indices {
      word = word << 8 | UInt64(bytes[place])
      if place % 8 == 7 || place == bytes.count - 1 {
        high = RandomSource.mix(high ^ word) &* 0x9E37_79B9_7F4A_7C15
        low = RandomSource.mix(low &+ word &* 0xD1B5_4A32_D192_ED03) ^ low >> 29
        word = 0
      }
    }
    high = RandomSource.mix(high)
    low = RandomSource.mix(low ^ 0xA409_3822_299F_31D0)
  }

  static func &+ (left: StateDigest, right: StateDigest) -> StateDigest {
    StateDigest(high: left.high &+ right.high, low: left.low &+ right.low)
  }

  static func < (left: StateDigest, right: StateDigest) -> Bool {
    left.high != right.high ? left.high < right.high : left.low < right.low
  }
}
