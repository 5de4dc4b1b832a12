/// Cuts a CSV file into records and records into fields, strictly as RFC 4180 has it with LF at the end of lines.
struct RecordSplitter: ~Copyable {
  /// The file; the bytes of the current record stay where they are until the next record is asked for.
  var input: InputBytes
  /// Where the fields of the current record are, quotes taken off.
  private(set) var fields: [Range<Int>] = []
  /// The line on which the current record begins, from 1.
  private(set) var line = 0
  /// Whether the file ends in a line without LF, which is dropped.
  private(set) var isTruncated = false

  private var nextLine = 1
  private var recordLength = 0
  private let limit: Int

  init(path: String, limit: Int) throws(TraceError) {
    self.limit = limit
    input = try InputBytes(path: path, limit: limit)
  }

  /// Goes to the next record; false at the end of the file.
  mutating func advance() throws(TraceError) -> Bool {
    input.consume(recordLength)
    recordLength = 0
    line = nextLine
    var scanned = 0
    var isQuoted = false
    // A quote opens a field only at its beginning, or goes on with one that a quote just closed.
    var mayOpen = true
    while true {
      let start = input.range.lowerBound
      let end = input.range.upperBound
      var index = start + scanned
      while index < end {
        let byte = input.bytes[index]
        if byte == UInt8(ascii: "\"") {
          if isQuoted {
            (isQuoted, mayOpen) = (false, true)
          } else if mayOpen {
            isQuoted = true
          }
        } else {
          mayOpen = byte == UInt8(ascii: ",")
          if byte == UInt8(ascii: "\n") {
            nextLine += 1
            if !isQuoted {
              recordLength = index + 1 - start
              try split(start..<index)
              return true
            }
          }
        }
        index += 1
      }
      scanned = end - start
      if try input.fill() { continue }
      guard scanned <= limit else { throw .lineTooLong(file: input.name, line: line, limit: limit) }
      isTruncated = scanned > 0
      return false
    }
  }

  private mutating func split(_ record: Range<Int>) throws(TraceError) {
    fields.removeAll(keepingCapacity: true)
    var index = record.lowerBound
    while true {
      if index < record.upperBound, input.bytes[index] == UInt8(ascii: "\"") {
        index = try unquote(from: index, to: record.upperBound)
      } else {
        let start = index
        while index < record.upperBound, input.bytes[index] != UInt8(ascii: ",") {
          let byte = input.bytes[index]
          if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\r") {
            throw malformed(
              found: byte == UInt8(ascii: "\r") ? "CR" : "a quote", expected: "neither quotes nor CR without quotes")
          }
          index += 1
        }
        fields.append(start..<index)
      }
      if index == record.upperBound { return }
      index += 1
    }
  }

  /// Takes the quotes off a field and returns the index of the comma behind it, or of the record's end.
  private mutating func unquote(from start: Int, to end: Int) throws(TraceError) -> Int {
    var target = start
    var index = start + 1
    while index < end {
      let byte = input.bytes[index]
      if byte == UInt8(ascii: "\"") {
        guard index + 1 < end, input.bytes[index + 1] == byte else { break }
        index += 1
      }
      input.bytes[target] = byte
      target += 1
      index += 1
    }
    guard index < end else { throw malformed(found: "an open quote", expected: "a closing quote") }
    guard index + 1 == end || input.bytes[index + 1] == UInt8(ascii: ",") else {
      throw malformed(found: "text behind a closing quote", expected: "a comma or the end of the line")
    }
    fields.append(start..<target)
    return index + 1
  }

  private func malformed(found: String, expected: String) -> TraceError {
    .malformed(file: input.name, line: line, column: "column \(fields.count + 1)", found: found, expected: expected)
  }
}
