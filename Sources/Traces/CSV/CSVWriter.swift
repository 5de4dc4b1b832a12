/// Writes the rows of one trace file as they come, in blocks of whole rows.
public final class CSVWriter<Row: TraceRow> {
  private var encoder = RowEncoder(capacity: OutputFile.blockSize + 4096)
  private let file: OutputFile
  private let columns: Int

  /// Creates the file, which must not exist, with its header.
  public init(path: String) throws(TraceError) {
    let schema = Row.schema
    file = try OutputFile(path: path)
    columns = schema.columns.count
    encoder.output.append(text: schema.header)
    encoder.output.append(UInt8(ascii: "\n"))
  }

  /// Appends a row; writes to the file when a block is full.
  ///
  /// After an error, every later write to the file throws the same error, and the file keeps what it has: it may end
  /// within a row then, which readers report.
  public func write(_ row: Row) throws(TraceError) {
    row.encode(into: &encoder)
    encoder.endRow(columns: columns)
    file.rows += 1
    if encoder.output.count >= OutputFile.blockSize { try flush() }
  }

  /// Appends rows.
  public func write(contentsOf rows: [Row]) throws(TraceError) {
    for row in rows { try write(row) }
  }

  /// Hands all rows to the system.
  public func flush() throws(TraceError) { try file.write(&encoder.output) }

  /// Writes what is left, closes the file and tells what it holds.
  public func close() throws(TraceError) -> FileDigest {
    try flush()
    return try file.close()
  }
}
