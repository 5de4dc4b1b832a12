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

  /// A hash for tables.
  var tableHash: UInt64 { UInt64(bitPattern: magnitude) &* 8 &+ UInt64(phase.rawValue) &* 2 &+ (isNegative ? 1 : 0) }
}
