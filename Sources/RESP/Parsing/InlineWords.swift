/// The words of an inline request: separated by blanks, in double quotes with escapes or in single quotes.
enum InlineWords {
  /// Splits a line; throws when a quote has no counterpart or something but a blank follows one.
  static func split(
    _ line: [UInt8], limit: Int, into words: inout ContiguousArray<RequestArgument>
  ) throws(ProtocolError) {
    var place = 0
    while true {
      while place < line.count, isBlank(line[place]) { place += 1 }
      guard place < line.count else { return }
      guard words.count < limit else { throw .invalidMultibulkLength }
      words.append(.owned(try word(line, at: &place)))
    }
  }

  private static func word(_ line: [UInt8], at place: inout Int) throws(ProtocolError) -> [UInt8] {
    var word: [UInt8] = []
    while place < line.count, !isBlank(line[place]) {
      switch line[place] {
      case UInt8(ascii: "\""):
        try doubleQuoted(line, at: &place, into: &word)
        return word
      case UInt8(ascii: "'"):
        try singleQuoted(line, at: &place, into: &word)
        return word
      default:
        word.append(line[place])
        place += 1
      }
    }
    return word
  }

  private static func doubleQuoted(
    _ line: [UInt8], at place: inout Int, into word: inout [UInt8]
  ) throws(ProtocolError) {
    place += 1
    while place < line.count {
      switch line[place] {
      case UInt8(ascii: "\""):
        return try close(line, at: &place)
      case UInt8(ascii: "\\") where place + 1 < line.count:
        if line[place + 1] == UInt8(ascii: "x"), place + 3 < line.count, let high = hex(line[place + 2]),
          let low = hex(line[place + 3])
        {
          word.append(high << 4 | low)
          place += 4
        } else {
          word.append(escaped(line[place + 1]))
          place += 2
        }
      default:
        word.append(line[place])
        place += 1
      }
    }
    throw .unbalancedQuotes
  }

  private static func singleQuoted(
    _ line: [UInt8], at place: inout Int, into word: inout [UInt8]
  ) throws(ProtocolError) {
    place += 1
    while place < line.count {
      if line[place] == UInt8(ascii: "'") { return try close(line, at: &place) }
      let isEscape =
        line[place] == UInt8(ascii: "\\") && place + 1 < line.count && line[place + 1] == UInt8(ascii: "'")
      word.append(isEscape ? UInt8(ascii: "'") : line[place])
      place += isEscape ? 2 : 1
    }
    throw .unbalancedQuotes
  }

  private static func close(_ line: [UInt8], at place: inout Int) throws(ProtocolError) {
    place += 1
    guard place == line.count || isBlank(line[place]) else { throw .unbalancedQuotes }
  }

  private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) || byte == 0 }

  private static func hex(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
  }

  private static func escaped(_ byte: UInt8) -> UInt8 {
    switch byte {
    case UInt8(ascii: "n"): 0x0A
    case UInt8(ascii: "r"): 0x0D
    case UInt8(ascii: "t"): 0x09
    case UInt8(ascii: "b"): 0x08
    case UInt8(ascii: "a"): 0x07
    default: byte
    }
  }
}
