/// Pulls values out of JSON (RFC 8259) one after the other, strictly, without building a tree.
///
/// Only what the formats of this room need; the room of traces has a fuller one, which lies above this room.
struct JSONScanner {
  private let bytes: [UInt8]
  private(set) var offset = 0

  /// Objects and arrays within each other that are accepted in values that nobody asked for.
  private static let deepest = 64

  init(_ bytes: some Collection<UInt8>) throws(ParseError) {
    try ParseError.checkSize(bytes.count)
    self.bytes = Array(bytes)
  }

  /// The next byte that is no blank, or nil at the end.
  mutating func peek() -> UInt8? {
    while offset < bytes.count {
      switch bytes[offset] {
      case 0x20, 0x09, 0x0A, 0x0D: offset += 1
      case let byte: return byte
      }
    }
    return nil
  }

  /// Reads each key of an object; `take` must read its value.
  mutating func object(_ take: (inout JSONScanner, String) throws(ParseError) -> Void) throws(ParseError) {
    try list("{", "}", "an object") { scanner throws(ParseError) in
      let key = try scanner.string()
      try scanner.expect(":", "':' after a key")
      try take(&scanner, key)
    }
  }

  /// Reads an array; `take` must read each element.
  mutating func array(_ take: (inout JSONScanner) throws(ParseError) -> Void) throws(ParseError) {
    try list("[", "]", "an array", take)
  }

  /// Reads a string.
  mutating func string() throws(ParseError) -> String {
    try expect("\"", "a string")
    var text: [UInt8] = []
    while offset < bytes.count {
      let byte = bytes[offset]
      offset += 1
      switch byte {
      case UInt8(ascii: "\""):
        guard let string = String(validating: text, as: UTF8.self) else {
          throw ParseError(.byte(offset), found: "bytes that are not UTF-8", expected: "UTF-8 text")
        }
        return string
      case UInt8(ascii: "\\"): text += try escaped().utf8
      case ..<0x20: throw ParseError(.byte(offset - 1), found: "a control character", expected: "an escape")
      default: text.append(byte)
      }
    }
    throw ParseError(.byte(offset), found: "the end", expected: "a closing quote")
  }

  /// Reads a number as it is written.
  mutating func number() throws(ParseError) -> String {
    let first = peek()
    let start = offset
    let rest = bytes[start...].prefix { "+-.eE0123456789".utf8.contains($0) }
    let text = String(decoding: rest, as: UTF8.self)
    guard first != nil, Self.isNumber(text) else { throw ParseError(.byte(start), found: found, expected: "a number") }
    offset = rest.endIndex
    return text
  }

  /// Reads over a value of any kind.
  mutating func skip(depth: Int = 0) throws(ParseError) {
    guard depth < Self.deepest else {
      throw ParseError(.byte(offset), found: "more than \(Self.deepest) levels", expected: "fewer")
    }
    switch peek().map(Unicode.Scalar.init) {
    case "{": try object { scanner, _ throws(ParseError) in try scanner.skip(depth: depth + 1) }
    case "[": try array { scanner throws(ParseError) in try scanner.skip(depth: depth + 1) }
    case "\"": _ = try string()
    case "t": try word("true")
    case "f": try word("false")
    case "n": try word("null")
    default: _ = try number()
    }
  }

  /// Makes sure that nothing is left.
  mutating func end() throws(ParseError) {
    if peek() != nil { throw ParseError(.byte(offset), found: found, expected: "the end") }
  }

  private mutating func list(
    _ open: Unicode.Scalar, _ close: Unicode.Scalar, _ kind: String,
    _ take: (inout JSONScanner) throws(ParseError) -> Void
  ) throws(ParseError) {
    try expect(open, kind)
    if peek() == UInt8(ascii: close) {
      offset += 1
      return
    }
    while true {
      try take(&self)
      if peek() == UInt8(ascii: close) {
        offset += 1
        return
      }
      try expect(",", "',' or '\(close)' in \(kind)")
    }
  }

  private mutating func expect(_ mark: Unicode.Scalar, _ what: String) throws(ParseError) {
    guard peek() == UInt8(ascii: mark) else { throw ParseError(.byte(offset), found: found, expected: what) }
    offset += 1
  }

  private mutating func word(_ word: String) throws(ParseError) {
    guard bytes[offset...].starts(with: word.utf8) else {
      throw ParseError(.byte(offset), found: found, expected: word)
    }
    offset += word.utf8.count
  }

  /// What follows a backslash.
  private mutating func escaped() throws(ParseError) -> String {
    let start = offset - 1
    guard offset < bytes.count else { throw ParseError(.byte(start), found: "the end", expected: "an escape") }
    let mark = Unicode.Scalar(bytes[offset])
    offset += 1
    switch mark {
    case "\"", "\\", "/": return String(mark)
    case "b": return "\u{8}"
    case "f": return "\u{c}"
    case "n": return "\n"
    case "r": return "\r"
    case "t": return "\t"
    case "u":
      let high = try codeUnit()
      guard let scalar = Unicode.Scalar(high) else {
        // A pair of surrogates stands for one scalar.
        guard bytes[offset...].starts(with: "\\u".utf8) else { break }
        offset += 2
        let text = String(decoding: [high, try codeUnit()], as: UTF16.self)
        if text.unicodeScalars.count == 1, text != "\u{FFFD}" { return text }
        break
      }
      return String(scalar)
    default: break
    }
    throw ParseError(.byte(start), found: "an escape that is none", expected: "an escape of JSON")
  }

  private mutating func codeUnit() throws(ParseError) -> UInt16 {
    let digits = bytes[offset...].prefix(4)
    let text = String(decoding: digits, as: UTF8.self)
    guard digits.count == 4, text.utf8.allSatisfy({ $0 != UInt8(ascii: "+") && $0 != UInt8(ascii: "-") }),
      let unit = UInt16(text, radix: 16)
    else { throw ParseError(.byte(offset), found: "'\(text)'", expected: "four hexadecimal digits") }
    offset += 4
    return unit
  }

  /// Whether a text is a number of JSON: `-12`, `0.5`, `1e9`; no sign or zero in front.
  private static func isNumber(_ text: String) -> Bool {
    let unsigned = text.hasPrefix("-") ? text.dropFirst() : text[...]
    let parts = unsigned.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    guard let first = unsigned.utf8.first, (0x30...0x39).contains(first), Double(text) != nil else { return false }
    let leading = parts[0].utf8.prefix { (0x30...0x39).contains($0) }
    if leading.count > 1, first == 0x30 { return false }
    return parts.count == 1 || parts[1].utf8.first.map { (0x30...0x39).contains($0) } ?? false
  }

  /// What stands here, for an error.
  private var found: String {
    offset < bytes.count ? "'\(String(decoding: bytes[offset...].prefix(16), as: UTF8.self))'" : "the end"
  }
}
