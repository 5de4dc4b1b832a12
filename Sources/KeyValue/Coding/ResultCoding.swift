/// The encoding of an operation's result within a snapshot.
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

  func write(to writer: inout ByteWriter) {
    switch self {
    case .value(let value):
      writer.byte(Kind.value.rawValue)
      writer.optionalBytes(value)
    case .stored:
      writer.byte(Kind.stored.rawValue)
    case .deleted(let existed):
      writer.byte(Kind.deleted.rawValue)
      writer.byte(existed ? 1 : 0)
    case .swapped(let done, let found):
      writer.byte(Kind.swapped.rawValue)
      writer.byte(done ? 1 : 0)
      writer.optionalBytes(found)
    case .incremented(let value):
      writer.byte(Kind.incremented.rawValue)
      writer.signedVarint(value)
    case .appended(let length):
      writer.byte(Kind.appended.rawValue)
      writer.signedVarint(Int64(length))
    case .refused(let refusal):
      writer.byte(Kind.refused.rawValue)
      writer.byte(refusal.rawValue)
    case .exchanged(let done, let old):
      writer.byte(Kind.exchanged.rawValue)
      writer.byte(done ? 1 : 0)
      writer.optionalBytes(old)
    case .length(let length):
      writer.byte(Kind.length.rawValue)
      writer.varint(UInt64(length))
    case .values(let values):
      writer.byte(Kind.values.rawValue)
      writer.varint(UInt64(values.count))
      for value in values { writer.optionalBytes(value) }
    case .present(let count):
      writer.byte(Kind.present.rawValue)
      writer.varint(UInt64(count))
    case .removed(let count):
      writer.byte(Kind.removed.rawValue)
      writer.varint(UInt64(count))
    }
  }

  /// The most bytes that ``write(to:)`` gives beside those of a value.
  static let largestOverhead = 16

  init(from reader: inout ByteReader) throws(CodingError) {
    let tag = try reader.byte()
    guard let kind = Kind(rawValue: tag) else { throw .unknownKind(tag) }
    switch kind {
    case .value: self = .value(try reader.optionalBytes())
    case .stored: self = .stored
    case .deleted: self = .deleted(existed: try OperationResult.flag(from: &reader))
    case .swapped:
      let done = try OperationResult.flag(from: &reader)
      self = .swapped(done, found: try reader.optionalBytes())
    case .incremented: self = .incremented(try reader.signedVarint())
    case .appended: self = .appended(length: Int(try reader.signedVarint()))
    case .refused:
      let code = try reader.byte()
      guard let refusal = Refusal(rawValue: code) else { throw .unknownKind(code) }
      self = .refused(refusal)
    case .exchanged:
      let done = try OperationResult.flag(from: &reader)
      self = .exchanged(done, old: try reader.optionalBytes())
    case .length: self = .length(try reader.count())
    case .values:
      var values: [Value?] = []
      for _ in 0..<(try reader.count()) { values.append(try reader.optionalBytes()) }
      self = .values(values)
    case .present: self = .present(try reader.count())
    case .removed: self = .removed(try reader.count())
    }
  }

  private static func flag(from reader: inout ByteReader) throws(CodingError) -> Bool {
    let byte = try reader.byte()
    guard byte <= 1 else { throw .unknownKind(byte) }
    return byte == 1
  }
}
