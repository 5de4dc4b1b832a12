/// JSON text in bytes: enough for flat objects whose keys and order are fixed by the caller.
extension OutputBytes {
  /// Appends bytes as a JSON string when they are UTF-8, else as an object `{"hex":"00ff"}`.
  mutating func append(jsonBytes bytes: [UInt8]) {
    if bytes.allSatisfy({ $0 >= 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }) {
      append(UInt8(ascii: "\""))
      bytes.withUnsafeBufferPointer { append($0) }
      append(UInt8(ascii: "\""))
    } else if let text = String(validating: bytes, as: UTF8.self) {
      append(jsonString: text)
    } else {
      append("{\"hex\":\"")
      for byte in bytes {
        append(OutputBytes.hexadecimal(byte >> 4))
        append(OutputBytes.hexadecimal(byte & 0xF))
      }
      append("\"}")
    }
  }

  /// Appends a text as a JSON string; control characters, quotes and backslashes are escaped, nothing else.
  mutating func append(jsonString text: String) {
    append(UInt8(ascii: "\""))
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""): append("\\\"")
      case UInt8(ascii: "\\"): append("\\\\")
      case UInt8(ascii: "\n"): append("\\n")
      case UInt8(ascii: "\r"): append("\\r")
      case UInt8(ascii: "\t"): append("\\t")
      case ..<0x20, 0x7F:
        append("\\u00")
        append(OutputBytes.hexadecimal(byte >> 4))
        append(OutputBytes.hexadecimal(byte & 0xF))
      default: append(byte)
      }
    }
    append(UInt8(ascii: "\""))
  }

  private static func hexadecimal(_ digit: UInt8) -> UInt8 {
    digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10
  }
}
