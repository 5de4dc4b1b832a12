/// Reads a trace file row by row, strictly, holding one row and one block of the file at a time.
public struct CSVReader<Row: TraceRow>: ~Copyable {
  private var decoder: RowDecoder

  /// Opens a file and checks its header; lines longer than `lineLimit` bytes are refused.
  ///
  /// A file that ends within its header, or is empty, has no rows and is truncated.
  public init(path: String, lineLimit: Int = 1 << 20) throws(TraceError) {
    decoder = try RowDecoder(path: path, schema: Row.schema, lineLimit: lineLimit)
    isEmpty = decoder.records.line == 1 && decoder.records.fields.isEmpty
  }

  private let isEmpty: Bool

  /// The next row; nil at the end of the file. A last line that was cut off is no row.
  public mutating func next() throws(TraceError) -> Row? {
    guard !isEmpty, try decoder.advance() else { return nil }
    return try Row(from: &decoder)
  }

  /// Whether the file was cut off: known once ``next()`` has returned nil.
  public var isTruncated: Bool { isEmpty || decoder.records.isTruncated }

  /// All rows of a file, and whether it was cut off.
  public static func readAll(
    path: String, lineLimit: Int = 1 << 20
  ) throws(TraceError) -> (rows: [Row], isTruncated: Bool) {
    var reader = try CSVReader(path: path, lineLimit: lineLimit)
    var rows: [Row] = []
    while let row = try reader.next() { rows.append(row) }
    return (rows, reader.isTruncated)
  }
}
