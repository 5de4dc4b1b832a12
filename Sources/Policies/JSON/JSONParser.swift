/// A strict parser of one JSON text (RFC 8259), bounded in depth. Nothing may follow the value but white space.
struct JSONParser {
  /// The deepest nesting that is read.
  static let deepest = 8

  private let bytes: [UInt8]
  private var at = 0

  /// The value that the bytes spell. Throws ``ActionDecodingError/syntax(at:expected:)``.
  static func parse(_ bytes: [UInt8]) throws(ActionDecodingError) -> JSONValue {
    var parser = JSONParser(bytes)
    let value = try parser.value(depth: 0)
    parser.skipSpace()
    guard parser.at == bytes.count else { throw parser.problem("the end of the line") }
    return value
  }

  private init(_ bytes: [UInt8]) { self.bytes = bytes }

  private func problem(_ expected: String) -> ActionDecodingError { .syntax(at: at, expected: expected) }

  private var next: UInt8? { at < bytes.count ? bytes[at] : nil }

  private mutating func skipSpace() {
    while let byte = next, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D { at += 1 }
  }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard next == UInt8(ascii: character) else { return false }
    at += 1
    return true
  }

  private mutating func value(depth: Int) throws(ActionDecodingError) -> JSONValue {
    guard depth < Self.deepest else { throw problem("at most \(Self.deepest) levels") }
    skipSpace()
    switch next {
    case UInt8(ascii: "["): return try array(depth: depth)
    case UInt8(ascii: "{"): return try object(depth: depth)
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    default: return .number(try number())
    }
  }

  private mutating func word(_ text: String, _ value: JSONValue) throws(ActionDecodingError) -> JSONValue {
    guard bytes[at...].starts(with: text.utf8) else { throw problem(text) }
    at += text.utf8.count
    return value
  }

  private mutating func array(depth: Int) throws(ActionDecodingError) -> JSONValue {
    at += 1
    var values: [JSONValue] = []
    skipSpace()
    if take("]") { return .array(values) }
    repeat {
      values.append(try value(depth: depth + 1))
      skipSpace()
    } while take(",")
    guard take("]") else { throw problem(", or ]") }
    return .array(values)
  }

  private mutating func object(depth: Int) throws(ActionDecodingError) -> JSONValue {
    at += 1
    var members: [JSONValue.Member] = []
    skipSpace()
    if take("}") { return .object(members) }
    repeat {
      skipSpace()
      guard next == UInt8(ascii: "\"") else { throw problem("a key") }
      let key = try string()
      skipSpace()
      guard take(":") else { throw problem(":") }
      members.append(JSONValue.Member(key: key, value: try value(depth: depth + 1)))
      skipSpace()
    } while take(",")
    guard take("}") else { throw problem(", or }") }
    return .object(members)
  }

  private mutating func digits() throws(ActionDecodingError) {
    let start = at
    while let byte = next, Self.isDigit(byte) { at += 1 }
    if at == start { throw problem(start == 0 ? "a value" : "a digit") }
  }

  private mutating func number() throws(ActionDecodingError) -> Double {
    let start = at
    _ = take("-")
    guard let first = next, Self.isDigit(first) else { throw problem("a value") }
    if !take("0") { try digits() }
    if take(".") { try digits() }
    if take("e") || take("E") {
      if !take("+") { _ = take("-") }
      try digits()
    }
    guard let value = Double(String(decoding: bytes[start..<at], as: UTF8.self)), value.isFinite else {
      at = start
      throw problem("a number that fits 64 bits")
    }
    return value
  }

  private static func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }

  private mutating func string() throws(ActionDecodingError) -> String {
    at += 1
    let start = at
    var text: [UInt8] = []
    while let byte = next {
      switch byte {
      case UInt8(ascii: "\""):
        at += 1
        guard let string = String(validating: text, as: UTF8.self) else {
          at = start
          throw problem("UTF-8")
        }
        return string
      case UInt8(ascii: "\\"):
        at += 1
        try escape(into: &text)
      case ..<0x20: throw problem("no bare control character in a string")
      default:
        text.append(byte)
        at += 1
      }
    }
    throw problem("the end of a string")
  }

  private mutating func escape(into text: inout [UInt8]) throws(ActionDecodingError) {
    guard let byte = next else { throw problem("an escape") }
    let plain: [UInt8: UInt8] = [
      UInt8(ascii: "\""): 0x22, UInt8(ascii: "\\"): 0x5C, UInt8(ascii: "/"): 0x2F, UInt8(ascii: "b"): 0x08,
      UInt8(ascii: "f"): 0x0C, UInt8(ascii: "n"): 0x0A, UInt8(ascii: "r"): 0x0D, UInt8(ascii: "t"): 0x09,
    ]
    if let replacement = plain[byte] {
      at += 1
      text.append(replacement)
      return
    }
    guard take("u") else { throw problem("an escape") }
    var unit = try hexadecimal()
    if (0xD800..<0xDC00).contains(unit) {
      guard take("\\"), take("u") else { throw problem("the second half of a surrogate pair") }
      let low = try hexadecimal()
      guard (0xDC00..<0xE000).contains(low) else { throw problem("the second half of a surrogate pair") }
      unit = 0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00)
    }
    guard let scalar = Unicode.Scalar(unit) else { throw problem("a Unicode scalar") }
    text.append(contentsOf: Array(String(Character(scalar)).utf8))
  }

  private mutating func hexadecimal() throws(ActionDecodingError) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = next, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
        throw problem("four hexadecimal digits")
      }
      value = value << 4 | UInt32(digit)
      at += 1
    }
    return value
  }
}
