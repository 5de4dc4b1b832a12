/// Builds lines of words and numbers that are set apart by spaces, and nothing else: what driven processes report.
struct ReportLine {
  /// Whole lines, ready to be written.
  private(set) var bytes: [UInt8] = []
  private var isAtStart = true

  mutating func word(_ word: StaticString) {
    space()
    word.withUTF8Buffer { bytes.append(contentsOf: $0) }
  }

  mutating func text(_ text: String) {
    space()
    bytes.append(contentsOf: text.utf8)
  }

  mutating func number<Number: BinaryInteger>(_ value: Number) {
    space()
    guard value != 0 else { return bytes.append(UInt8(ascii: "0")) }
    if value < 0 { bytes.append(UInt8(ascii: "-")) }
    var rest = UInt64(value.magnitude)
    let first = bytes.count
    while rest > 0 {
      bytes.append(UInt8(ascii: "0") + UInt8(rest % 10))
      rest /= 10
    }
    bytes[first...].reverse()
  }

  /// Two hexadecimal digits for each byte; a dash for none.
  mutating func hexadecimal(_ data: [UInt8]) {
    space()
    if data.isEmpty { bytes.append(UInt8(ascii: "-")) }
    for byte in data {
      bytes.append(ReportLine.digit(byte >> 4))
      bytes.append(ReportLine.digit(byte & 15))
    }
  }

  /// Ends the line.
  mutating func end() {
    bytes.append(UInt8(ascii: "\n"))
    isAtStart = true
  }

  /// Forgets what was written.
  mutating func removeAll() { bytes.removeAll(keepingCapacity: true) }

  private mutating func space() {
    if !isAtStart { bytes.append(UInt8(ascii: " ")) }
    isAtStart = false
  }

  private static func digit(_ value: UInt8) -> UInt8 {
    value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
  }

  /// Reads what ``hexadecimal(_:)`` wrote; nil for anything else.
  static func bytes(_ text: Substring) -> [UInt8]? {
    if text == "-" { return [] }
    let digits = Array(text.utf8)
    guard digits.count % 2 == 0 else { return nil }
    var data: [UInt8] = []
    data.reserveCapacity(digits.count / 2)
    for place in stride(from: 0, to: digits.count, by: 2) {
      guard let high = value(digits[place]), let low = value(digits[place + 1]) else { return nil }
      data.append(high << 4 | low)
    }
    return data
  }

  private static func value(_ digit: UInt8) -> UInt8? {
    switch digit {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
    default: nil
    }
  }
}
