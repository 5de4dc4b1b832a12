import KeyValue

/// The kind of result, then what the kind needs.
extension OperationResult {
  private enum Kind: UInt8 {
    case value = 1
    case stored = 2
    case deleted = 3
    case swapped = 4
    case incremented = 5
    case appended = 6
    case refused = 7
    case exchanged = 8
    case length = 9
    case values = 10
    case present = 11
    case removed = 12
  }

  @inline(__always)
  var encodedSize: Int {
    switch self {
    case .value(let value): 2 + (value.map { 4 + $0.count } ?? 0)
    case .stored: 1
    case .deleted: 2
    case .swapped(_, let found): 3 + (found.map { 4 + $0.count } ?? 0)
    case .incremented, .appended, .length, .present, .removed: 9
    case .exchanged(_, let old): 3 + (old.map { 4 + $0.count } ?? 0)
    case .values(let values): values.reduce(5) { $0 + 1 + ($1.map { 4 + $0.count } ?? 0) }
    case .refused: 2
    }
  }

  @inline(__always)
  func write(to writer: inout WireWriter) {
    switch self {
    case .value(let value):
      writer.byte(Kind.value.rawValue)
      writer.optionalBytes(value)
    case .stored:
      writer.byte(Kind.stored.rawValue)
    case .deleted(let existed):
      writer.byte(Kind.deleted.rawValue)
      writer.flag(existed)
    case .swapped(let isDone, let found):
      writer.byte(Kind.swapped.rawValue)
      writer.flag(isDone)
      writer.optionalBytes(found)
    case .incremented(let value):
      writer.byte(Kind.incremented.rawValue)
      writer.number(value)
    case .appended(let length):
      writer.byte(Kind.appended.rawValue)
      writer.number(UInt64(length))
    case .refused(let refusal):
      writer.byte(Kind.refused.rawValue)
      writer.byte(refusal.rawValue)
    case .exchanged(let isDone, let old):
      writer.byte(Kind.exchanged.rawValue)
      writer.flag(isDone)
      writer.optionalBytes(old)
    case .length(let length): Self.write(.length, length, to: &writer)
    case .present(let count): Self.write(.present, count, to: &writer)
    case .removed(let count): Self.write(.removed, count, to: &writer)
    case .values(let values):
      writer.byte(Kind.values.rawValue)
      writer.number(UInt32(values.count))
      for value in values { writer.optionalBytes(value) }
    }
  }

  private static func write(_ kind: Kind, _ number: Int, to writer: inout WireWriter) {
    writer.byte(kind.rawValue)
    writer.number(UInt64(number))
  }

  @inline(__always)
  init(from reader: inout WireReader) throws(WireError) {
    try reader.need(1, .result)
    let tag = reader.byte()
    guard let kind = Kind(rawValue: tag) else {
      throw reader.error(.unknownValue(.result, found: UInt64(tag)), back: 1)
    }
    let limit = reader.limits.valueBytes
    switch kind {
    case .value: self = .value(try reader.optionalBytes(.value, limit: limit))
    case .stored: self = .stored
    case .deleted:
      try reader.need(1, .result)
      self = .deleted(existed: try reader.flag())
    case .swapped:
      try reader.need(1, .result)
      let isDone = try reader.flag()
      self = .swapped(isDone, found: try reader.optionalBytes(.value, limit: limit))
    case .incremented:
      try reader.need(8, .result)
      self = .incremented(reader.number(Int64.self))
    case .appended:
      try reader.need(8, .length)
      self = .appended(length: try reader.byteOffset())
    case .refused:
      try reader.need(1, .result)
      let code = reader.byte()
      guard let refusal = Refusal(rawValue: code) else {
        throw reader.error(.unknownValue(.refusal, found: UInt64(code)), back: 1)
      }
      self = .refused(refusal)
    case .exchanged:
      try reader.need(1, .result)
      let isDone = try reader.flag()
      self = .exchanged(isDone, old: try reader.optionalBytes(.value, limit: limit))
    case .length: self = .length(try Self.number(from: &reader))
    case .present: self = .present(try Self.number(from: &reader))
    case .removed: self = .removed(try Self.number(from: &reader))
    case .values:
      let count = try reader.count(.values, limit: reader.limits.listLength, minimumSize: 1)
      var values: [Value?] = []
      values.reserveCapacity(count)
      for _ in 0..<count { values.append(try reader.optionalBytes(.value, limit: limit)) }
      self = .values(values)
    }
  }

  private static func number(from reader: inout WireReader) throws(WireError) -> Int {
    try reader.need(8, .length)
    return try reader.byteOffset()
  }
}
