/// A table of text with aligned columns, two spaces apart.
struct TextTable {
  /// A column's heading and the side that its cells stand at.
  struct Column {
    /// The heading.
    var title: String
    /// Whether cells stand at the right, as numbers do.
    var isRight: Bool

    /// A column of text.
    static func left(_ title: String) -> Column { Column(title: title, isRight: false) }
    /// A column of numbers.
    static func right(_ title: String) -> Column { Column(title: title, isRight: true) }
  }

  private enum Line {
    case cells([String])
    case rule
  }

  private let columns: [Column]
  private var lines: [Line] = []

  /// Makes a table without rows.
  init(_ columns: [Column]) { self.columns = columns }

  /// Adds a row; cells that are left out at its end are empty.
  mutating func add(_ cells: [String]) {
    precondition(cells.count <= columns.count, "a row has more cells than the table has columns")
    lines.append(.cells(cells + repeatElement("", count: columns.count - cells.count)))
  }

  /// Adds a rule between rows; the text never begins, ends or goes on with one.
  mutating func addRule() { lines.append(.rule) }

  /// The table, its headings and a rule below them included; no line ends in spaces, and the last has no line feed.
  var text: String {
    var rows: [[String]] = [columns.map(\.title)]
    var rulesBefore: Set<Int> = [1]
    for line in lines {
      switch line {
      case .cells(let cells): rows.append(cells)
      case .rule: rulesBefore.insert(rows.count)
      }
    }
    let widths = columns.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    let rule = String(repeating: "-", count: widths.reduce(0, +) + 2 * max(widths.count - 1, 0))
    var result: [String] = []
    for (number, row) in rows.enumerated() {
      if rulesBefore.contains(number) { result.append(rule) }
      result.append(format(row, widths))
    }
    return result.joined(separator: "\n")
  }

  private func format(_ row: [String], _ widths: [Int]) -> String {
    let cells = columns.indices.map { column in
      let padding = String(repeating: " ", count: widths[column] - row[column].count)
      return columns[column].isRight ? padding + row[column] : row[column] + padding
    }
    return Render.withoutTrailingSpaces(cells.joined(separator: "  "))
  }
}
