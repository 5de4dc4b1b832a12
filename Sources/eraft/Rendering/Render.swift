import Foundation

/// Text for people, from values; nothing here prints.
enum Render {
  /// A number with a fixed number of decimals and a point, whatever the locale.
  static func number(_ value: Double, decimals: Int) -> String {
    String(format: "%.\(decimals)f", locale: Locale(identifier: "en_US_POSIX"), value)
  }

  /// A count with its digits in groups of three: `1,234,567`.
  static func count(_ value: Int) -> String {
    var groups: [String] = []
    var rest = value.magnitude
    while rest >= 1_000 {
      let digits = String(rest % 1_000)
      groups.append(String(repeating: "0", count: 3 - digits.count) + digits)
      rest /= 1_000
    }
    return (value < 0 ? "-" : "") + ([String(rest)] + groups.reversed()).joined(separator: ",")
  }

  /// The text with every line moved to the right; empty lines stay empty.
  static func indented(_ text: String, by spaces: Int = 2) -> String {
    let margin = String(repeating: " ", count: spaces)
    return text.split(separator: "\n", omittingEmptySubsequences: false)
      .map { $0.isEmpty ? "" : margin + $0 }.joined(separator: "\n")
  }

  /// Words with a separator and a space or line feed between, on lines of at most `width` characters where the words
  /// allow it.
  static func wrapped(_ words: [String], separator: String, width: Int) -> String {
    var lines: [String] = []
    for (number, word) in words.enumerated() {
      let word = number + 1 < words.count ? word + separator : word
      if let line = lines.last, line.count + 1 + word.count <= width {
        lines[lines.count - 1] = "\(line) \(word)"
      } else {
        lines.append(word)
      }
    }
    return lines.joined(separator: "\n")
  }

  /// The text without line feeds and spaces at its end.
  static func trimmed(_ text: String) -> String {
    String(text.reversed().drop { $0.isWhitespace }.reversed())
  }

  /// The line without spaces at its end.
  static func withoutTrailingSpaces(_ line: String) -> String {
    guard let last = line.lastIndex(where: { $0 != " " }) else { return "" }
    return String(line[...last])
  }

  /// Markdown as it reads on a terminal: without the marks of code.
  static func withoutMarkup(_ text: String) -> String { text.filter { $0 != "`" } }

  /// The text with control characters written out, line feeds excepted: names and keys that come from files cannot
  /// steer the terminal.
  static func printable(_ text: String) -> String {
    func isControl(_ scalar: Unicode.Scalar) -> Bool {
      scalar.properties.generalCategory == .control && scalar != "\n"
    }
    guard text.unicodeScalars.contains(where: isControl) else { return text }
    var result = ""
    for scalar in text.unicodeScalars {
      if isControl(scalar) {
        result += "\\u{\(String(scalar.value, radix: 16))}"
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
