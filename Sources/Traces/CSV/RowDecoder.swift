import Raft

/// Reads the fields of a row one after the other, each by its type.
public struct RowDecoder: ~Copyable {
  var records: RecordSplitter
  private let schema: TraceSchema
  private var column = 0

  /// Opens a file and checks its header.
  init(path: String, schema: TraceSchema, lineLimit: Int) throws(TraceError) {
    records = try RowDecoder.open(path: path, schema: schema, lineLimit: lineLimit)
    self.schema = schema
  }

  private static func open(path: String, schema: TraceSchema, lineLimit: Int) throws(TraceError) -> RecordSplitter {
    var records = try RecordSplitter(path: path, limit: lineLimit)
    guard try records.advance() else { return records }
    let found = records.fields.map { String(decoding: records.input.bytes[$0], as: UTF8.self) }
    let expected = schema.columns.map(\.name)
    guard found != expected else { return records }
    let different = zip(found, expected).first { $0 != $1 }
    throw .malformed(
      file: records.input.name, line: 1, column: "header",
      found: different.map { "the column \"\($0.0)\"" } ?? "\(found.count) columns",
      expected: different.map { "\"\($0.1)\"" } ?? "\(expected.count)")
  }

  /// Goes to the next row; false at the end of the file.
  mutating func advance() throws(TraceError) -> Bool {
    column = 0
    guard try records.advance() else { return false }
    guard records.fields.count == schema.columns.count else {
      throw .malformed(
        file: records.input.name, line: records.line, column: "all", found: "\(records.fields.count) fields",
        expected: "\(schema.columns.count)")
    }
    return true
  }

  /// The error of a field read last that contradicts others; `expected` says what it should be.
  func mistake(_ expected: String) -> TraceError {
    let last = max(column - 1, 0)
    let bytes = records.input.bytes[records.fields[last]]
    return .malformed(
      file: records.input.name, line: records.line, column: schema.columns[last].name,
      found: bytes.isEmpty ? "nothing" : "\"\(String(decoding: bytes.prefix(64), as: UTF8.self))\"",
      expected: expected)
  }

  private mutating func next() -> Range<Int> {
    precondition(column < records.fields.count, "a row reads more fields than its schema has columns")
    column += 1
    return records.fields[column - 1]
  }

  private var isNextEmpty: Bool { records.fields[column].isEmpty }

  /// An empty field.
  mutating func nothing() throws(TraceError) {
    guard next().isEmpty else { throw mistake("nothing") }
  }

  /// A text.
  mutating func text() throws(TraceError) -> String {
    let range = next()
    guard let text = String(validating: records.input.bytes[range], as: UTF8.self) else { throw mistake("UTF-8") }
    return text
  }

  /// A text, or nil when the field is empty.
  mutating func optionalText() throws(TraceError) -> String? {
    let text = try text()
    return text.isEmpty ? nil : text
  }

  /// A word of a closed set.
  mutating func word<Word: RawRepresentable<String> & CaseIterable>() throws(TraceError) -> Word {
    guard let word = Word(rawValue: try text()) else {
      throw mistake(Word.allCases.map(\.rawValue).joined(separator: " | "))
    }
    return word
  }

  /// A word of a closed set, or nil when the field is empty.
  mutating func optionalWord<Word: RawRepresentable<String> & CaseIterable>() throws(TraceError) -> Word? {
    if isNextEmpty {
      column += 1
      return nil
    }
    return try word()
  }

  /// A whole number of 64 bits, not negative.
  mutating func unsigned() throws(TraceError) -> UInt64 {
    let range = next()
    guard let value = decimal(range) else { throw mistake("a whole number") }
    return value
  }

  /// A whole number, not negative.
  mutating func count() throws(TraceError) -> Int {
    let value = try unsigned()
    guard value <= UInt64(Int.max) else { throw mistake("a whole number below 2^63") }
    return Int(value)
  }

  /// Seconds since the start of the run.
  mutating func instant() throws(TraceError) -> Instant {
    Instant(nanoseconds: try fixed(decimals: 6, scale: 1_000, expected: FieldType.seconds.expectation))
  }

  /// Seconds since the start of the run, or nil when the field is empty.
  mutating func optionalInstant() throws(TraceError) -> Instant? {
    if isNextEmpty {
      column += 1
      return nil
    }
    return try instant()
  }

  /// A length in seconds.
  mutating func span() throws(TraceError) -> TimeSpan {
    TimeSpan(nanoseconds: try fixed(decimals: 6, scale: 1_000, expected: FieldType.seconds.expectation))
  }

  /// A length in milliseconds.
  mutating func milliseconds() throws(TraceError) -> TimeSpan {
    TimeSpan(nanoseconds: try fixed(decimals: 3, scale: 1_000, expected: FieldType.milliseconds.expectation))
  }

  /// A share of one, or nil when the field is empty.
  mutating func optionalRatio() throws(TraceError) -> Ratio? {
    if isNextEmpty {
      column += 1
      return nil
    }
    return Ratio(millionths: try fixed(decimals: 6, scale: 1, expected: FieldType.ratio.expectation))
  }

  /// A length in milliseconds, or nil when the field is empty.
  mutating func optionalMilliseconds() throws(TraceError) -> TimeSpan? {
    if isNextEmpty {
      column += 1
      return nil
    }
    return try milliseconds()
  }

  /// A whole number, or nil when the field is empty.
  mutating func optionalCount() throws(TraceError) -> Int? {
    if isNextEmpty {
      column += 1
      return nil
    }
    return try count()
  }

  /// An amount in billionths of a US dollar.
  mutating func usd() throws(TraceError) -> Int64 {
    try fixed(decimals: 9, scale: 1, expected: FieldType.usd.expectation)
  }

  /// A rate per second.
  mutating func rate() throws(TraceError) -> Rate {
    Rate(thousandths: try fixed(decimals: 3, scale: 1, expected: FieldType.rate.expectation))
  }

  private func decimal(_ range: Range<Int>) -> UInt64? {
    guard !range.isEmpty else { return nil }
    var value: UInt64 = 0
    for index in range {
      let digit = records.input.bytes[index] &- UInt8(ascii: "0")
      guard digit < 10 else { return nil }
      let (product, overflow) = value.multipliedReportingOverflow(by: 10)
      let (sum, overflows) = product.addingReportingOverflow(UInt64(digit))
      guard !overflow, !overflows else { return nil }
      value = sum
    }
    return value
  }

  /// A number with exactly so many decimals, in units of its last decimal times `scale`.
  private mutating func fixed(decimals: Int, scale: Int64, expected: String) throws(TraceError) -> Int64 {
    let range = next()
    let isNegative = !range.isEmpty && records.input.bytes[range.lowerBound] == UInt8(ascii: "-")
    let start = range.lowerBound + (isNegative ? 1 : 0)
    let point = range.upperBound - decimals - 1
    guard point > start, records.input.bytes[point] == UInt8(ascii: "."),
      let whole = decimal(start..<point), let fraction = decimal(point + 1..<range.upperBound),
      whole < 1 << 62
    else { throw mistake(expected) }
    let unit: Int64 = decimals == 3 ? 1_000 : decimals == 6 ? 1_000_000 : 1_000_000_000
    let (scaled, overflow) = Int64(whole).multipliedReportingOverflow(by: unit)
    let (sum, overflows) = scaled.addingReportingOverflow(Int64(fraction))
    let (value, exceeds) = sum.multipliedReportingOverflow(by: isNegative ? -scale : scale)
    guard !overflow, !overflows, !exceeds else { throw mistake("\(expected), below 292 years") }
    return value
  }
}
