/// The lines of a plain CSV: no quotes, blank lines and lines that begin with `#` skipped.
struct CSVLines {
  /// A line and where it stands.
  struct Line {
    /// Counted from 1.
    var number: Int
    var fields: [String]

    /// An error in this line.
    func error(_ column: String?, found: String, expected: String) -> ParseError {
      ParseError(.line(number, column: column), found: found, expected: expected)
    }
  }

  /// The lines that say something.
  let lines: [Line]

  init(_ bytes: some Collection<UInt8>) throws(ParseError) {
    try ParseError.checkSize(bytes.count)
    var lines: [Line] = []
    var rest = bytes[...]
    if rest.starts(with: [0xEF, 0xBB, 0xBF]) { rest = rest.dropFirst(3) }
    var number = 0
    for line in rest.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      number += 1
      guard line.count <= 1_024 else {
        throw ParseError(.line(number, column: nil), found: "a line of \(line.count) bytes", expected: "at most 1024")
      }
      guard let text = String(validating: line, as: UTF8.self) else {
        throw ParseError(.line(number, column: nil), found: "bytes that are not UTF-8", expected: "UTF-8 text")
      }
      let isBlank = text.allSatisfy { " \t\r".contains($0) }
      if isBlank || text.hasPrefix("#") { continue }
      let fields = text.split(separator: ",", omittingEmptySubsequences: false)
      lines.append(Line(number: number, fields: fields.map(Self.trimmed)))
    }
    self.lines = lines
  }

  /// The text without blanks at its ends.
  private static func trimmed(_ text: Substring) -> String {
    let start = text.drop { " \t\r".contains($0) }
    return String(start.reversed().drop { " \t\r".contains($0) }.reversed())
  }
}
