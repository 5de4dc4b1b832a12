import Workload

/// Writes `history.jsonl` line by line as operations end.
public final class HistoryWriter {
  private var output = OutputBytes(capacity: OutputFile.blockSize + 4096)
  private let file: OutputFile

  /// Creates the file, which must not exist.
  public init(path: String) throws(TraceError) { file = try OutputFile(path: path) }

  /// Appends a finished operation; writes to the file when a block is full.
  public func write(_ record: OperationRecord, names: NameTable) throws(TraceError) {
    try write(HistoryEntry(record, names: names))
  }

  /// Appends an entry; writes to the file when a block is full.
  public func write(_ entry: HistoryEntry) throws(TraceError) {
    output.append(entry)
    file.rows += 1
    if output.count >= OutputFile.blockSize { try flush() }
  }

  /// Hands all lines to the system.
  public func flush() throws(TraceError) { try file.write(&output) }

  /// Writes what is left, closes the file and tells what it holds.
  public func close() throws(TraceError) -> FileDigest {
    try flush()
    return try file.close()
  }
}
