/// A strict reader of JSON text that goes through it once and builds nothing but the values asked for.
package struct JSONScanner {
  private let bytes: UnsafeBufferPointer<UInt8>
  /// Where the scanner stands.
  package private(set) var index = 0

  /// Reads bytes, which must outlive the scanner.
  package init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

  /// What was found where something else was expected; the caller adds file and line.
  package struct Mistake: Error {
    /// What stands in the text.
    package var found: String
    /// What should.
    package var expected: String

    /// Makes a mistake.
    package init(found: String, expected: String) {
      self.found = found
      self.expected = expected
    }
  }

  /// The mistake of finding what stands here.
  package func mistake(_ expected: String) -> Mistake {
    guard index < bytes.count else { return Mistake(found: "the end", expected: expected) }
    // No further than the line, for the message is one line.
    let rest = bytes[index..<min(index + 24, bytes.count)].prefix { $0 >= 0x20 }
    guard !rest.isEmpty else { return Mistake(found: "a control character", expected: expected) }
    return Mistake(found: "\"\(String(decoding: rest, as: UTF8.self))\"", expected: expected)
  }

  /// The next byte that is no white space; 0 at the end.
  package mutating func peek() -> UInt8 {
    while index < bytes.count {
      switch bytes[index] {
      case 0x20, 0x09, 0x0A, 0x0D: index += 1
      case let byte: return byte
      }
    }
    return 0
  }

  /// Goes past a punctuation mark if it is next.
  package mutating func skip(_ byte: UInt8) -> Bool {
    guard peek() == byte else { return false }
    index += 1
    return true
  }

  /// Goes past a punctuation mark.
  package mutating func expect(_ mark: Unicode.Scalar) throws(Mistake) {
    guard skip(UInt8(ascii: mark)) else { throw mistake("'\(mark)'") }
  }

  /// Nothing but white space may be left.
  package mutating func expectEnd() throws(Mistake) {
    _ = peek()
    guard index == bytes.count else { throw mistake("the end") }
  }

  /// An object: calls `member` with each key, which must read the value or throw.
  package mutating func object(
    _ member: (inout JSONScanner, UnsafeBufferPointer<UInt8>) throws(Mistake) -> Void
  ) throws(Mistake) {
    try expect("{")
    if skip(UInt8(ascii: "}")) { return }
    repeat {
      _ = peek()
      let key = try plainString()
      try expect(":")
      try member(&self, key)
    } while skip(UInt8(ascii: ","))
    try expect("}")
  }

  /// An array: calls `element` at each of its elements, which must read it or throw.
  package mutating func array(_ element: (inout JSONScanner) throws(Mistake) -> Void) throws(Mistake) {
    try expect("[")
    if skip(UInt8(ascii: "]")) { return }
    repeat { try element(&self) } while skip(UInt8(ascii: ","))
    try expect("]")
  }

  /// A string without escapes, as it stands in the text.
  mutating func plainString() throws(Mistake) -> UnsafeBufferPointer<UInt8> {
    try expect("\"")
    let start = index
    while index < bytes.count, bytes[index] != UInt8(ascii: "\"") {
      guard bytes[index] != UInt8(ascii: "\\"), bytes[index] >= 0x20 else {
        throw mistake("a string without escapes")
      }
      index += 1
    }
    guard index < bytes.count else { throw mistake("a closing quote") }
    index += 1
    return UnsafeBufferPointer(rebasing: bytes[start..<index - 1])
  }

  /// The bytes from here to the next quote, backslash or control character.
  mutating func plainRun() -> Slice<UnsafeBufferPointer<UInt8>> {
    let start = index
    while index < bytes.count {
      let byte = bytes[index]
      if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || byte < 0x20 { break }
      index += 1
    }
    return bytes[start..<index]
  }

  /// The byte here, gone past; nil at the end.
  mutating func take() -> UInt8? {
    guard index < bytes.count else { return nil }
    index += 1
    return bytes[index - 1]
  }

  /// Goes back to where the scanner stood.
  mutating func rewind(to start: Int) { index = start }

  /// A word: letters only, such as `true`.
  mutating func word() -> String {
    _ = peek()
    let start = index
    while index < bytes.count, bytes[index] >= UInt8(ascii: "a"), bytes[index] <= UInt8(ascii: "z") { index += 1 }
    return String(decoding: UnsafeBufferPointer(rebasing: bytes[start..<index]), as: UTF8.self)
  }

  /// `true` or `false`.
  package mutating func bool() throws(Mistake) -> Bool {
    let start = index
    switch word() {
    case "true": return true
    case "false": return false
    default:
      index = start
      throw mistake("true or false")
    }
  }

  /// Goes past `null` if it is next.
  mutating func skipNull() throws(Mistake) -> Bool {
    guard peek() == UInt8(ascii: "n") else { return false }
    guard word() == "null" else { throw mistake("null") }
    return true
  }

  /// A whole number of 64 bits, not negative.
  mutating func unsigned() throws(Mistake) -> UInt64 {
    _ = peek()
    let start = index
    var value: UInt64 = 0
    while index < bytes.count {
      let digit = bytes[index] &- UInt8(ascii: "0")
      guard digit < 10 else { break }
      let (product, overflow) = value.multipliedReportingOverflow(by: 10)
      let (sum, overflows) = product.addingReportingOverflow(UInt64(digit))
      guard !overflow, !overflows else {
        index = start
        throw mistake("a whole number of 64 bits")
      }
      value = sum
      index += 1
    }
    guard index > start else { throw mistake("a whole number") }
    return value
  }

  /// A whole number of 64 bits with sign.
  mutating func integer() throws(Mistake) -> Int64 {
    let isNegative = skip(UInt8(ascii: "-"))
    let start = index
    let magnitude = try unsigned()
    if isNegative, magnitude == Int64.min.magnitude { return .min }
    guard magnitude <= UInt64(Int64.max) else {
      index = start
      throw mistake("a whole number of 64 bits with sign")
    }
    return isNegative ? -Int64(magnitude) : Int64(magnitude)
  }

  /// A length or number that must fit in `Int` and is not negative.
  mutating func count() throws(Mistake) -> Int {
    let start = index
    guard let count = Int(exactly: try unsigned()) else {
      index = start
      throw mistake("a whole number below 2^63")
    }
    return count
  }
}
