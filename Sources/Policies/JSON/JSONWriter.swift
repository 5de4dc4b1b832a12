/// Writes JSON text on one line; keys and their order are the caller's.
struct JSONWriter {
  private(set) var bytes: [UInt8] = []
  private var needsComma = false

  /// Writes an object.
  mutating func object(_ key: String? = nil, _ members: (inout JSONWriter) -> Void) {
    begin(key)
    bytes.append(UInt8(ascii: "{"))
    needsComma = false
    members(&self)
    bytes.append(UInt8(ascii: "}"))
    needsComma = true
  }

  /// Writes a list, element by element.
  mutating func array<Element>(
    _ key: String? = nil, _ elements: some Sequence<Element>, _ element: (inout JSONWriter, Element) -> Void
  ) {
    begin(key)
    bytes.append(UInt8(ascii: "["))
    needsComma = false
    for value in elements { element(&self, value) }
    bytes.append(UInt8(ascii: "]"))
    needsComma = true
  }

  /// Writes a string.
  mutating func string(_ key: String? = nil, _ text: String) {
    begin(key)
    bytes.append(UInt8(ascii: "\""))
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""): bytes.append(contentsOf: Array("\\\"".utf8))
      case UInt8(ascii: "\\"): bytes.append(contentsOf: Array("\\\\".utf8))
      case ..<0x20, 0x7F:
        let digits = Array("0123456789abcdef".utf8)
        bytes.append(contentsOf: Array("\\u00".utf8))
        bytes.append(digits[Int(byte >> 4)])
        bytes.append(digits[Int(byte & 0xF)])
      default: bytes.append(byte)
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }

  /// Writes a whole number.
  mutating func integer(_ key: String? = nil, _ value: some BinaryInteger) { raw(key, String(value)) }

  /// Writes a number as the shortest text that reads back the same; null when it is not finite.
  mutating func number(_ key: String? = nil, _ value: Double) { raw(key, value.isFinite ? "\(value)" : "null") }

  /// Writes true or false.
  mutating func bool(_ key: String? = nil, _ value: Bool) { raw(key, value ? "true" : "false") }

  /// Writes null.
  mutating func null(_ key: String? = nil) { raw(key, "null") }

  private mutating func raw(_ key: String?, _ text: String) {
    begin(key)
    bytes.append(contentsOf: Array(text.utf8))
  }

  private mutating func begin(_ key: String?) {
    if needsComma { bytes.append(UInt8(ascii: ",")) }
    needsComma = false
    if let key {
      string(nil, key)
      bytes.append(UInt8(ascii: ":"))
    }
    needsComma = true
  }
}
