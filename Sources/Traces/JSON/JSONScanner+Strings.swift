extension JSONScanner {
  /// A string as text.
  package mutating func text() throws(Mistake) -> String {
    _ = peek()
    let start = index
    guard let text = String(validating: try stringBytes(), as: UTF8.self) else {
      rewind(to: start)
      throw mistake("UTF-8")
    }
    return text
  }

  /// Bytes: a string's UTF-8, or the object `{"hex":"00ff"}`.
  mutating func byteString() throws(Mistake) -> [UInt8] {
    guard peek() == UInt8(ascii: "{") else { return try stringBytes() }
    var value: [UInt8]?
    try object { (scanner, key) throws(Mistake) in
      guard value == nil, key.elementsEqual("hex".utf8) else { throw scanner.mistake("one member named hex") }
      value = try scanner.hexadecimal()
    }
    guard let value else { throw mistake("a member named hex") }
    return value
  }

  private mutating func hexadecimal() throws(Mistake) -> [UInt8] {
    let digits = try plainString()
    var value: [UInt8] = []
    value.reserveCapacity(digits.count / 2)
    guard digits.count.isMultiple(of: 2) else { throw mistake("an even number of hexadecimal digits") }
    for position in stride(from: 0, to: digits.count, by: 2) {
      guard let high = JSONScanner.digit(digits[position]), let low = JSONScanner.digit(digits[position + 1]) else {
        throw mistake("hexadecimal digits")
      }
      value.append(high << 4 | low)
    }
    return value
  }

  private static func digit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
  }

  /// A string's bytes with the escapes resolved.
  private mutating func stringBytes() throws(Mistake) -> [UInt8] {
    try expect("\"")
    var value: [UInt8] = []
    while true {
      let run = plainRun()
      value.append(contentsOf: run)
      switch take() {
      case UInt8(ascii: "\""): return value
      case UInt8(ascii: "\\"): try escape(into: &value)
      case nil: throw mistake("a closing quote")
      default:
        throw mistake("an escape instead of a control character")
      }
    }
  }

  private mutating func escape(into value: inout [UInt8]) throws(Mistake) {
    switch take() {
    case UInt8(ascii: "\""): value.append(UInt8(ascii: "\""))
    case UInt8(ascii: "\\"): value.append(UInt8(ascii: "\\"))
    case UInt8(ascii: "/"): value.append(UInt8(ascii: "/"))
    case UInt8(ascii: "b"): value.append(0x08)
    case UInt8(ascii: "f"): value.append(0x0C)
    case UInt8(ascii: "n"): value.append(0x0A)
    case UInt8(ascii: "r"): value.append(0x0D)
    case UInt8(ascii: "t"): value.append(0x09)
    case UInt8(ascii: "u"): value.append(contentsOf: String(try escapedScalar()).utf8)
    default: throw mistake("an escape")
    }
  }

  /// The scalar of `\uXXXX`, or of two such that make a surrogate pair.
  private mutating func escapedScalar() throws(Mistake) -> Character {
    let first = try fourDigits()
    if let scalar = Unicode.Scalar(first) { return Character(scalar) }
    guard first < 0xDC00, take() == UInt8(ascii: "\\"), take() == UInt8(ascii: "u") else {
      throw mistake("a surrogate pair")
    }
    let second = try fourDigits()
    guard (0xDC00...0xDFFF).contains(second),
      let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
    else { throw mistake("the second half of a surrogate pair") }
    return Character(scalar)
  }

  private mutating func fourDigits() throws(Mistake) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard let digit = take().flatMap(JSONScanner.digit) else { throw mistake("four hexadecimal digits") }
      value = value << 4 | UInt32(digit)
    }
    return value
  }
}
