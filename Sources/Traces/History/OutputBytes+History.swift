import KeyValue
import Raft
import Server
import Workload

/// The lines of the history.
extension OutputBytes {
  /// Appends an entry as a line.
  mutating func append(_ entry: HistoryEntry) {
    append("{\"client\":")
    append(decimal: entry.client.rawValue)
    append(",\"sequence\":")
    append(decimal: entry.sequence.rawValue)
    append(",\"site\":")
    append(jsonString: entry.site)
    append(",\"op\":")
    append(entry.operation)
    append(",\"invoked_ns\":")
    append(decimal: entry.invoked.nanoseconds)
    append(",\"returned_ns\":")
    append(decimal: entry.returned.nanoseconds)
    append(",\"consistency\":\"")
    append(text: entry.consistency.rawValue)
    append("\",\"outcome\":\"")
    append(text: OutcomeWord(entry.outcome).rawValue)
    if case .ok(let result) = entry.outcome {
      append("\",\"result\":{")
      append(result)
      append("}}\n")
    } else {
      append("\"}\n")
    }
  }

  private mutating func append(_ operation: Operation) {
    switch operation {
    case .get: append("\"get\",\"key\":")
    case .put: append("\"put\",\"key\":")
    case .delete: append("\"delete\",\"key\":")
    case .compareAndSwap: append("\"cas\",\"key\":")
    case .increment: append("\"increment\",\"key\":")
    case .append: append("\"append\",\"key\":")
    case .exchange: append("\"exchange\",\"key\":")
    case .length: append("\"length\",\"key\":")
    case .getMany(let keys): return append("\"get-many\",\"keys\":", keys.elements)
    case .countPresent(let keys): return append("\"count-present\",\"keys\":", keys.elements)
    case .deleteMany(let keys): return append("\"delete-many\",\"keys\":", keys.elements)
    case .putMany(let pairs):
      append("\"put-many\",\"keys\":", pairs.elements.map(\.key))
      append(",\"values\":")
      return append(pairs.elements.map { .some($0.value) })
    }
    append(jsonBytes: operation.key.bytes)
    switch operation {
    case .get, .delete, .length, .getMany, .countPresent, .deleteMany, .putMany: break
    case .exchange(_, let value, let condition):
      append(",\"value\":")
      append(jsonBytes: value)
      append(",\"when\":")
      append(jsonString: condition.word)
    case .put(_, let value), .append(_, let value):
      append(",\"value\":")
      append(jsonBytes: value)
    case .compareAndSwap(_, let expected, let new):
      append(",\"value\":")
      append(jsonBytes: new)
      append(",\"expected\":")
      append(expected)
    case .increment(_, let amount):
      append(",\"by\":")
      append(decimal: amount)
    }
  }

  private mutating func append(_ result: OperationResult) {
    switch result {
    case .value(let value):
      append("\"value\":")
      append(value)
    case .stored: append("\"stored\":true")
    case .deleted(let existed): append(existed ? "\"existed\":true" : "\"existed\":false")
    case .swapped(let swapped, let found):
      append(swapped ? "\"swapped\":true,\"found\":" : "\"swapped\":false,\"found\":")
      append(found)
    case .incremented(let number):
      append("\"number\":")
      append(decimal: number)
    case .appended(let length):
      append("\"length\":")
      append(decimal: Int64(length))
    case .refused(let refusal):
      append("\"refused\":")
      append(jsonString: refusal.word)
    case .exchanged(let done, let old):
      append(done ? "\"exchanged\":true,\"old\":" : "\"exchanged\":false,\"old\":")
      append(old)
    case .length(let length):
      append("\"bytes\":")
      append(decimal: Int64(length))
    case .values(let values):
      append("\"values\":")
      append(values)
    case .present(let count):
      append("\"present\":")
      append(decimal: Int64(count))
    case .removed(let count):
      append("\"removed\":")
      append(decimal: Int64(count))
    }
  }

  private mutating func append(_ start: StaticString, _ keys: [Key]) {
    append(start)
    append(keys.map { .some($0.bytes) })
  }

  private mutating func append(_ values: [Value?]) {
    append("[")
    for (place, value) in values.enumerated() {
      if place > 0 { append(",") }
      append(value)
    }
    append("]")
  }

  private mutating func append(_ value: Value?) {
    if let value { append(jsonBytes: value) } else { append("null") }
  }
}
