/// A word of up to sixteen bytes in upper case, as a number: words are compared without making strings of them.
struct Word: Hashable, Sendable {
  private(set) var low: UInt64 = 0
  private(set) var high: UInt64 = 0

  /// The longest word in bytes.
  static let longest = 16

  /// No word: equal to no other.
  static let none = Word(low: 0, high: 0)

  private init(low: UInt64, high: UInt64) {
    self.low = low
    self.high = high
  }

  /// A word from bytes; none when there are too many of them, or none, or a zero among them.
  @inline(__always)
  init(_ bytes: UnsafeRawBufferPointer) {
    guard bytes.count <= Word.longest else { return }
    var place = 0
    while place < bytes.count {
      let upper = Word.uppercased(bytes[place])
      if upper == 0 {
        (low, high) = (0, 0)
        return
      }
      if place < 8 {
        low |= UInt64(upper) << UInt64(place * 8)
      } else {
        high |= UInt64(upper) << UInt64((place - 8) * 8)
      }
      place += 1
    }
  }

  /// A word from a string.
  init(_ text: StaticString) {
    self.init(UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  @inline(__always)
  static func uppercased(_ byte: UInt8) -> UInt8 {
    byte &- UInt8(ascii: "a") < 26 ? byte & 0xDF : byte
  }

  /// A number below 2 to the power of `bits` that spreads words.
  @inline(__always)
  func slot(bits: UInt64) -> Int {
    let mixed = (low ^ (high &* 0x9E37_79B9_7F4A_7C15)) &* 0xD6E8_FEB8_6659_FD93
    return Int(mixed >> (64 - bits))
  }
}
