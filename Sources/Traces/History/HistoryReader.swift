import KeyValue
import Raft
import Server
import Workload

/// Reads `history.jsonl` line by line, strictly; members may stand in any order.
public struct HistoryReader: ~Copyable {
  private var input: InputBytes
  private let lineLimit: Int
  private var line = 0
  /// Whether the file ends in a line that was cut off: known once ``next()`` has returned nil.
  public private(set) var isTruncated = false

  /// Opens a file; lines longer than `lineLimit` bytes are refused.
  public init(path: String, lineLimit: Int = 1 << 24) throws(TraceError) {
    input = try InputBytes(path: path, limit: lineLimit)
    self.lineLimit = lineLimit
  }

  /// The next entry; nil at the end of the file. A last line that was cut off is no entry.
  public mutating func next() throws(TraceError) -> HistoryEntry? {
    line += 1
    var scanned = 0
    while true {
      if let end = input.firstIndex(of: UInt8(ascii: "\n"), from: input.range.lowerBound + scanned) {
        let range = input.range.lowerBound..<end
        input.consume(range.count + 1)
        return try entry(range)
      }
      scanned = input.range.count
      if try input.fill() { continue }
      guard scanned <= lineLimit else { throw .lineTooLong(file: input.name, line: line, limit: lineLimit) }
      isTruncated = scanned > 0
      return nil
    }
  }

  /// All entries of a file, and whether it was cut off.
  public static func readAll(path: String) throws(TraceError) -> (entries: [HistoryEntry], isTruncated: Bool) {
    var reader = try HistoryReader(path: path)
    var entries: [HistoryEntry] = []
    while let entry = try reader.next() { entries.append(entry) }
    return (entries, reader.isTruncated)
  }

  private func entry(_ range: Range<Int>) throws(TraceError) -> HistoryEntry {
    var fields = HistoryFields()
    do {
      return try input.bytes[range].withUnsafeBufferPointer { (bytes) throws(JSONScanner.Mistake) in
        var scanner = JSONScanner(bytes)
        try scanner.object { (scanner, key) throws(JSONScanner.Mistake) in try fields.read(key, from: &scanner) }
        try scanner.expectEnd()
        return try fields.entry()
      }
    } catch {
      throw .malformed(
        file: input.name, line: line, column: fields.member, found: error.found, expected: error.expected)
    }
  }
}

/// The members of a line as they come.
private struct HistoryFields {
  /// The member read last, for error messages.
  var member = "line"

  private var client: UInt64?
  private var sequence: UInt64?
  private var site: String?
  private var op: String?
  private var key: [UInt8]?
  private var value: [UInt8]?
  private var expected: [UInt8]??
  private var by: Int64?
  private var invoked: Int64?
  private var returned: Int64?
  private var consistency: ReadConsistency?
  private var outcome: OutcomeWord?
  private var result: OperationResult?

  mutating func read(_ name: UnsafeBufferPointer<UInt8>, from scanner: inout JSONScanner) throws(JSONScanner.Mistake) {
    let name = String(decoding: name, as: UTF8.self)
    member = name
    switch name {
    case "client": try set(&client, scanner.unsigned())
    case "sequence": try set(&sequence, scanner.unsigned())
    case "site": try set(&site, scanner.text())
    case "op": try set(&op, scanner.text())
    case "key": try set(&key, scanner.byteString())
    case "value": try set(&value, scanner.byteString())
    case "expected": try set(&expected, HistoryFields.optionalBytes(&scanner))
    case "by": try set(&by, scanner.integer())
    case "invoked_ns": try set(&invoked, scanner.integer())
    case "returned_ns": try set(&returned, scanner.integer())
    case "consistency": try set(&consistency, HistoryFields.word(&scanner))
    case "outcome": try set(&outcome, HistoryFields.word(&scanner))
    case "result": try set(&result, HistoryFields.result(&scanner))
    default: throw .init(found: "the member \"\(name)\"", expected: "a member of the history's lines")
    }
  }

  private func set<Field>(_ field: inout Field?, _ value: Field) throws(JSONScanner.Mistake) {
    guard field == nil else { throw .init(found: "the member twice", expected: "each member once") }
    field = value
  }

  private func need<Field>(_ field: Field?, _ name: String) throws(JSONScanner.Mistake) -> Field {
    guard let field else { throw .init(found: "no member \"\(name)\"", expected: "one") }
    return field
  }

  private static func optionalBytes(_ scanner: inout JSONScanner) throws(JSONScanner.Mistake) -> [UInt8]? {
    if try scanner.skipNull() { nil } else { try scanner.byteString() }
  }

  private static func word<Word: RawRepresentable<String> & CaseIterable>(
    _ scanner: inout JSONScanner
  ) throws(JSONScanner.Mistake) -> Word {
    let text = try scanner.text()
    guard let word = Word(rawValue: text) else {
      throw .init(found: "\"\(text)\"", expected: Word.allCases.map(\.rawValue).joined(separator: " | "))
    }
    return word
  }

  private static func result(_ scanner: inout JSONScanner) throws(JSONScanner.Mistake) -> OperationResult {
    var result: OperationResult?
    var swapped: Bool?
    var found: [UInt8]??
    try scanner.object { (scanner, key) throws(JSONScanner.Mistake) in
      let name = String(decoding: key, as: UTF8.self)
      guard result == nil else { throw scanner.mistake("one answer only") }
      switch name {
      case "value": result = .value(try optionalBytes(&scanner))
      case "stored":
        guard try scanner.bool() else { throw scanner.mistake("true") }
        result = .stored
      case "existed": result = .deleted(existed: try scanner.bool())
      case "swapped": swapped = try scanner.bool()
      case "found": found = .some(try optionalBytes(&scanner))
      case "number": result = .incremented(try scanner.integer())
      case "length": result = .appended(length: try scanner.count())
      case "refused":
        guard let refusal = OperationResult.Refusal(word: try scanner.text()) else {
          throw scanner.mistake("not-an-integer | overflow | too-large")
        }
        result = .refused(refusal)
      default: throw .init(found: "the member \"\(name)\"", expected: "a member of results")
      }
    }
    switch (result, swapped, found) {
    case (let result?, nil, nil): return result
    case (nil, let swapped?, let found?): return .swapped(swapped, found: found)
    default: throw scanner.mistake("an answer, or both swapped and found")
    }
  }

  private func operation() throws(JSONScanner.Mistake) -> Operation {
    let op = try need(op, "op")
    let key = Key(try need(key, "key"))
    let takes: (value: Bool, expected: Bool, by: Bool)
    let operation: Operation
    switch op {
    case "get": (takes, operation) = ((false, false, false), .get(key))
    case "put": (takes, operation) = ((true, false, false), .put(key, try need(value, "value")))
    case "delete": (takes, operation) = ((false, false, false), .delete(key))
    case "cas":
      operation = .compareAndSwap(key, expected: try need(expected, "expected"), new: try need(value, "value"))
      takes = (true, true, false)
    case "increment": (takes, operation) = ((false, false, true), .increment(key, by: try need(by, "by")))
    case "append": (takes, operation) = ((true, false, false), .append(key, try need(value, "value")))
    default: throw .init(found: "the op \"\(op)\"", expected: "get | put | delete | cas | increment | append")
    }
    guard takes.value == (value != nil), takes.expected == (expected != nil), takes.by == (by != nil) else {
      throw .init(found: "members of another op than \(op)", expected: "only those of its own")
    }
    return operation
  }

  func entry() throws(JSONScanner.Mistake) -> HistoryEntry {
    let outcome: OperationRecord.Outcome
    switch try need(self.outcome, "outcome") {
    case .ok: outcome = .ok(try need(result, "result"))
    case .failed: outcome = .failed
    case .unknown: outcome = .unknown
    }
    if result != nil, outcome == .failed || outcome == .unknown {
      throw .init(found: "a result", expected: "none unless the outcome is ok")
    }
    return HistoryEntry(
      client: ClientID(try need(client, "client")), sequence: SequenceNumber(try need(sequence, "sequence")),
      site: try need(site, "site"), operation: try operation(),
      invoked: Instant(nanoseconds: try need(invoked, "invoked_ns")),
      returned: Instant(nanoseconds: try need(returned, "returned_ns")),
      consistency: try need(consistency, "consistency"), outcome: outcome)
  }
}
