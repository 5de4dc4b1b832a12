import KeyValue
import Raft
import Server
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
    output.append("{\"client\":")
    output.append(decimal: entry.client.rawValue)
    output.append(",\"sequence\":")
    output.append(decimal: entry.sequence.rawValue)
    output.append(",\"site\":")
    output.append(jsonString: entry.site)
    output.append(",\"op\":")
    append(entry.operation)
    output.append(",\"invoked_ns\":")
    output.append(decimal: entry.invoked.nanoseconds)
    output.append(",\"returned_ns\":")
    output.append(decimal: entry.returned.nanoseconds)
    output.append(",\"consistency\":\"")
    output.append(entry.consistency.rawValue)
    output.append("\",\"outcome\":\"")
    output.append(OutcomeWord(entry.outcome).rawValue)
    if case .ok(let result) = entry.outcome {
      output.append("\",\"result\":{")
      append(result)
      output.append("}}\n")
    } else {
      output.append("\"}\n")
    }
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

  private func append(_ operation: Operation) {
    switch operation {
    case .get: output.append("\"get\",\"key\":")
    case .put: output.append("\"put\",\"key\":")
    case .delete: output.append("\"delete\",\"key\":")
    case .compareAndSwap: output.append("\"cas\",\"key\":")
    case .increment: output.append("\"increment\",\"key\":")
    case .append: output.append("\"append\",\"key\":")
    }
    output.append(jsonBytes: operation.key.bytes)
    switch operation {
    case .get, .delete: break
    case .put(_, let value), .append(_, let value):
      output.append(",\"value\":")
      output.append(jsonBytes: value)
    case .compareAndSwap(_, let expected, let new):
      output.append(",\"value\":")
      output.append(jsonBytes: new)
      output.append(",\"expected\":")
      append(expected)
    case .increment(_, let amount):
      output.append(",\"by\":")
      output.append(decimal: amount)
    }
  }

  private func append(_ result: OperationResult) {
    switch result {
    case .value(let value):
      output.append("\"value\":")
      append(value)
    case .stored: output.append("\"stored\":true")
    case .deleted(let existed): output.append(existed ? "\"existed\":true" : "\"existed\":false")
    case .swapped(let swapped, let found):
      output.append(swapped ? "\"swapped\":true,\"found\":" : "\"swapped\":false,\"found\":")
      append(found)
    case .incremented(let number):
      output.append("\"number\":")
      output.append(decimal: number)
    case .appended(let length):
      output.append("\"length\":")
      output.append(decimal: Int64(length))
    case .refused(let refusal):
      output.append("\"refused\":")
      output.append(jsonString: refusal.word)
    }
  }

  private func append(_ value: Value?) {
    if let value { output.append(jsonBytes: value) } else { output.append("null") }
  }
}
