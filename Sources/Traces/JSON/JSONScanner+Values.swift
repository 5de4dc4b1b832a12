extension JSONScanner {
  /// What stands here, in few words and on one line: numbers, words and strings as they are when they are short.
  package mutating func sight() -> String {
    switch peek() {
    case UInt8(ascii: "{"): return "an object"
    case UInt8(ascii: "["): return "a list"
    case UInt8(ascii: "\""):
      guard let string = try? text() else { return mistake("").found }
      if string.utf8.contains(where: { $0 < 0x20 }) { return "a string with control characters" }
      return string.utf8.count > 40 ? "a string of \(string.utf8.count) bytes" : "\"\(string)\""
    default:
      let word = takeWord()
      if word.isEmpty { return mistake("").found }
      return word.utf8.count > 40 ? "\(word.prefix(20))... (\(word.utf8.count) bytes)" : word
    }
  }

  /// A whole number of 64 bits, written as JSON has it: without sign, fraction, exponent and leading zeros.
  package mutating func wholeNumber(_ expected: String) throws(Mistake) -> UInt64 {
    _ = peek()
    let start = index
    let word = takeWord()
    guard let value = UInt64(word), word == String(value) else {
      rewind(to: start)
      throw Mistake(found: sight(), expected: expected)
    }
    return value
  }

  /// The letters, digits and signs from here on, as numbers and words have them.
  private mutating func takeWord() -> String {
    var word: [UInt8] = []
    while let byte = take() {
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
        UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."):
        word.append(byte)
      default:
        rewind(to: index - 1)
        return String(decoding: word, as: UTF8.self)
      }
    }
    return String(decoding: word, as: UTF8.self)
  }
}
