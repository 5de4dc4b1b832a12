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
  private var keys: [Key]?
  private var values: [Value?]?
  private var condition: PutCondition?
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
    case "keys":
      try set(
        &keys,
        HistoryFields.list(&scanner) { (scanner) throws(JSONScanner.Mistake) in
          Key(try scanner.byteString())
        })
    case "values": try set(&values, HistoryFields.list(&scanner, HistoryFields.optionalBytes))
    case "when":
      let text = try scanner.text()
      guard let word = PutCondition(word: text) else {
        throw .init(found: "\"\(text)\"", expected: PutCondition.allCases.map(\.word).joined(separator: " | "))
      }
      try set(&condition, word)
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

  private static func list<Element>(
    _ scanner: inout JSONScanner, _ read: (inout JSONScanner) throws(JSONScanner.Mistake) -> Element
  ) throws(JSONScanner.Mistake) -> [Element] {
    var elements: [Element] = []
    try scanner.array { (scanner) throws(JSONScanner.Mistake) in elements.append(try read(&scanner)) }
    return elements
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
    var exchanged: Bool?
    var old: [UInt8]??
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
      case "exchanged": exchanged = try scanner.bool()
      case "old": old = .some(try optionalBytes(&scanner))
      case "bytes": result = .length(try scanner.count())
      case "values": result = .values(try list(&scanner, optionalBytes))
      case "present": result = .present(try scanner.count())
      case "removed": result = .removed(try scanner.count())
      case "refused":
        guard let refusal = OperationResult.Refusal(word: try scanner.text()) else {
          throw scanner.mistake("not-an-integer | overflow | too-large")
        }
        result = .refused(refusal)
      default: throw .init(found: "the member \"\(name)\"", expected: "a member of results")
      }
    }
    switch (result, swapped, found, exchanged, old) {
    case (let result?, nil, nil, nil, nil): return result
    case (nil, let swapped?, let found?, nil, nil): return .swapped(swapped, found: found)
    case (nil, nil, nil, let exchanged?, let old?): return .exchanged(exchanged, old: old)
    default: throw scanner.mistake("an answer, or both swapped and found, or both exchanged and old")
    }
  }

  /// The members that tell one op from another.
  private struct Members: OptionSet {
    let rawValue: Int
    static let key = Members(rawValue: 1)
    static let value = Members(rawValue: 2)
    static let expected = Members(rawValue: 4)
    static let by = Members(rawValue: 8)
    static let keys = Members(rawValue: 16)
    static let values = Members(rawValue: 32)
    static let condition = Members(rawValue: 64)
  }

  private var members: Members {
    var members: Members = []
    if key != nil { members.insert(.key) }
    if value != nil { members.insert(.value) }
    if expected != nil { members.insert(.expected) }
    if by != nil { members.insert(.by) }
    if keys != nil { members.insert(.keys) }
    if values != nil { members.insert(.values) }
    if condition != nil { members.insert(.condition) }
    return members
  }

  private func operation() throws(JSONScanner.Mistake) -> Operation {
    let op = try need(op, "op")
    let takes: Members
    let operation: Operation
    switch op {
    case "get": (takes, operation) = (.key, .get(try aKey()))
    case "put": (takes, operation) = ([.key, .value], .put(try aKey(), try need(value, "value")))
    case "delete": (takes, operation) = (.key, .delete(try aKey()))
    case "cas":
      operation = .compareAndSwap(try aKey(), expected: try need(expected, "expected"), new: try need(value, "value"))
      takes = [.key, .value, .expected]
    case "increment": (takes, operation) = ([.key, .by], .increment(try aKey(), by: try need(by, "by")))
    case "append": (takes, operation) = ([.key, .value], .append(try aKey(), try need(value, "value")))
    case "exchange":
      operation = .exchange(try aKey(), try need(value, "value"), try need(condition, "when"))
      takes = [.key, .value, .condition]
    case "length": (takes, operation) = (.key, .length(try aKey()))
    case "get-many": (takes, operation) = (.keys, .getMany(try some(need(keys, "keys"))))
    case "count-present": (takes, operation) = (.keys, .countPresent(try some(need(keys, "keys"))))
    case "delete-many": (takes, operation) = (.keys, .deleteMany(try some(need(keys, "keys"))))
    case "put-many": (takes, operation) = ([.keys, .values], .putMany(try pairs()))
    default:
      throw .init(
        found: "the op \"\(op)\"",
        expected: "get | put | delete | cas | increment | append | exchange | length | get-many | count-present | "
          + "put-many | delete-many")
    }
    guard takes == members else {
      throw .init(found: "members of another op than \(op)", expected: "only those of its own")
    }
    return operation
  }

  private func aKey() throws(JSONScanner.Mistake) -> Key { Key(try need(key, "key")) }

  private func some<Element>(_ elements: [Element]) throws(JSONScanner.Mistake) -> NonEmpty<Element> {
    guard let list = NonEmpty(elements) else { throw .init(found: "no keys", expected: "one at least") }
    return list
  }

  private func pairs() throws(JSONScanner.Mistake) -> NonEmpty<KeyedValue> {
    let (keys, values) = (try need(keys, "keys"), try need(values, "values"))
    guard keys.count == values.count else {
      throw .init(found: "\(keys.count) keys and \(values.count) values", expected: "a value for each key")
    }
    var pairs: [KeyedValue] = []
    for (key, value) in zip(keys, values) {
      guard let value else { throw .init(found: "null", expected: "a value for each key") }
      pairs.append(KeyedValue(key, value))
    }
    return try some(pairs)
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
