/// Patterns of names: `*` stands for any bytes and `?` for one; letters match in either case.
enum Glob {
  /// Whether a text fits a pattern. Takes time in proportion to the product of their lengths at most.
  static func matches(_ pattern: [UInt8], _ text: [UInt8]) -> Bool {
    var (place, position) = (0, 0)
    // Where to go on when what follows the last star does not fit.
    var retry: (place: Int, position: Int)?
    while position < text.count {
      if place < pattern.count, pattern[place] == UInt8(ascii: "*") {
        retry = (place + 1, position)
        place += 1
      } else if place < pattern.count,
        pattern[place] == UInt8(ascii: "?") || Word.uppercased(pattern[place]) == Word.uppercased(text[position])
      {
        place += 1
        position += 1
      } else if let last = retry {
        retry = (last.place, last.position + 1)
        (place, position) = (last.place, last.position + 1)
      } else {
        return false
      }
    }
    return pattern[place...].allSatisfy { $0 == UInt8(ascii: "*") }
  }
}
