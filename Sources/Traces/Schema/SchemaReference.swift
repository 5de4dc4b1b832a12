/// The reference of all schemas, generated from the code.
public enum SchemaReference {
  /// The reference as a Markdown page; the catalog's `Schemas.md` is this text.
  public static var markdown: String {
    var text = """
      # Trace schemas

      What the files of a run directory hold. Generated from the schemas in the code; a test compares the two.

      The CSV files follow RFC 4180 in UTF-8 with a header line and lines that end with LF. Times are seconds since
      the start of the run with six decimals, latencies are milliseconds with three decimals; both are nanoseconds
      rounded to the nearest microsecond, halves away from zero. An empty field means: none. A file that was cut off
      ends in a line without LF, which readers drop and report. In files by window, the rows with the site or the
      operation `all` sum up the others.

      """
    for file in TraceFile.allCases {
      guard let schema = file.schema else { continue }
      text += "\n## \(file.name)\n\nOne row is \(schema.row). \(schema.notes)\n\n"
      text += "| column | type | meaning |\n| --- | --- | --- |\n"
      for column in schema.columns {
        text += "| `\(column.name)` | \(markdown(column)) | \(column.meaning) |\n"
      }
    }
    text += "\n## \(TraceFile.history.name)\n\n\(HistoryEntry.reference)\n"
    text += "\n## manifest.json\n\n\(Manifest.reference)\n"
    return text
  }

  private static func markdown(_ column: Column) -> String {
    let type =
      switch column.type {
      case .word(let words): words.map { "`\($0)`" }.joined(separator: ", ")
      default: column.type.expectation
      }
    return column.isOptional ? "\(type); may be empty" : type
  }
}
