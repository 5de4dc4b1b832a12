/// A byte string's content as far as checking needs it: its length, a 122-bit fingerprint that can be computed for a
/// concatenation from its parts, and the integer it spells.
///
/// An append-only key would otherwise need its whole value stored once per operation.
struct Digest: Hashable, Sendable {
  /// Bytes; -1 for an absent key.
  var length: Int64
  private var first: UInt64
  private var second: UInt64
  private var numeral: Numeral

  /// An absent key.
  static let absent = Digest(length: -1, first: 0, second: 0, numeral: Numeral())

  private init(length: Int64, first: UInt64, second: UInt64, numeral: Numeral) {
    self.length = length
    self.first = first
    self.second = second
    self.numeral = numeral
  }

  /// The digest of a byte string.
  init(_ bytes: [UInt8]) {
    self.init(length: 0, first: 0, second: 0, numeral: Numeral())
    length = Int64(bytes.count)
    for byte in bytes {
      first = Digest.sum(Digest.product(first, Digest.bases.0), UInt64(byte) + 1)
      second = Digest.sum(Digest.product(second, Digest.bases.1), UInt64(byte) + 1)
    }
    numeral.append(bytes)
  }

  /// The digest of this string with another one behind it; absence counts as the empty string.
  func appending(_ piece: Piece) -> Digest {
    var result = self
    result.length = max(length, 0) + piece.digest.length
    result.first = Digest.sum(Digest.product(first, piece.powers.0), piece.digest.first)
    result.second = Digest.sum(Digest.product(second, piece.powers.1), piece.digest.second)
    result.numeral.append(piece.bytes)
    return result
  }

  /// The integer that the string spells; an absent key counts as 0.
  var integer: Int64? { length < 0 ? 0 : numeral.value }

  /// A hash for tables.
  var tableHash: UInt64 { first &* 0x9E37_79B9_7F4A_7C15 ^ second &+ UInt64(bitPattern: length) }

  /// A byte string to append, with what appending it takes.
  struct Piece: Sendable {
    var bytes: [UInt8]
    var digest: Digest
    var powers: (UInt64, UInt64)

    init(_ bytes: [UInt8]) {
      self.bytes = bytes
      digest = Digest(bytes)
      powers = (Digest.power(Digest.bases.0, bytes.count), Digest.power(Digest.bases.1, bytes.count))
    }
  }

  /// The field's prime, 2^61 - 1, and two bases in it.
  private static let prime: UInt64 = (1 << 61) - 1
  private static let bases: (UInt64, UInt64) = (0x1157_93A3_51F6_E2B1 & prime, 0x0B9E_14D8_7C60_3F57 & prime)

  private static func sum(_ left: UInt64, _ right: UInt64) -> UInt64 {
    let sum = left + right
    return sum >= prime ? sum - prime : sum
  }

  private static func product(_ left: UInt64, _ right: UInt64) -> UInt64 {
    let (high, low) = left.multipliedFullWidth(by: right)
    return sum(low & prime, high << 3 | low >> 61)
  }

  private static func power(_ base: UInt64, _ exponent: Int) -> UInt64 {
    var result: UInt64 = 1
    var square = base
    var rest = exponent
    while rest > 0 {
      if rest & 1 == 1 { result = product(result, square) }
      square = product(square, square)
      rest >>= 1
    }
    return result
  }
}

/// Reads a decimal integer of 64 bits, digits with an optional minus sign and nothing else, piece by piece.
struct Numeral: Hashable, Sendable {
  private enum Phase: UInt8 { case start, minus, digits, other }

  private var phase = Phase.start
  private var isNegative = false
  private var magnitude: Int64 = 0

  /// The integer read so far; nil when the text is none.
  var value: Int64? { phase == .digits ? magnitude : nil }

  /// Reads on.
  mutating func append(_ bytes: [UInt8]) {
    for byte in bytes {
      switch (phase, byte) {
      case (.start, UInt8(ascii: "-")):
        phase = .minus
        isNegative = true
      case (.start, UInt8(ascii: "0")...UInt8(ascii: "9")), (.minus, UInt8(ascii: "0")...UInt8(ascii: "9")),
        (.digits, UInt8(ascii: "0")...UInt8(ascii: "9")):
        let digit = Int64(byte - UInt8(ascii: "0"))
        let (tenfold, first) = magnitude.multipliedReportingOverflow(by: 10)
        // The lowest integer has no positive counterpart, so negative numbers are built downwards.
        let (next, second) =
          isNegative ? tenfold.subtractingReportingOverflow(digit) : tenfold.addingReportingOverflow(digit)
        guard !first, !second else { return self = Numeral(phase: .other) }
        phase = .digits
        magnitude = next
      default:
        return self = Numeral(phase: .other)
      }
    }
  }

  /// Nothing read yet.
  init() {}

  private init(phase: Phase) { self.phase = phase }
}
