import Raft

/// The entries of a message as one section, which is the same bytes in every message that carries the same entries:
/// their number, the size of what follows, and a record of 16 bytes and a payload for each.
enum EntriesSection {
  /// The bytes before the records.
  static let headSize = 8
  /// The bytes of a record before its payload.
  static let recordHeadSize = 16
  /// The bytes of a change of the configuration before its steps.
  static let changeHeadSize = 8

  @inline(__always)
  static func size(of entries: [Entry]) -> Int {
    // By pointer, since an entry that is read from an array is retained.
    entries.withUnsafeBufferPointer { entries in
      var size = headSize + recordHeadSize * entries.count
      for place in entries.indices { size += payloadSize(of: entries[place].payload) }
      return size
    }
  }

  @inline(__always)
  private static func payloadSize(of payload: Entry.Payload) -> Int {
    switch payload {
    case .empty: 0
    case .command(let bytes): bytes.count
    case .configuration(let change): change.encodedSize
    }
  }

  /// Writes a section that takes `size` bytes.
  @inline(__always)
  static func write(_ entries: [Entry], size: Int, to writer: inout WireWriter) {
    writer.number(UInt32(entries.count))
    writer.number(UInt32(size - headSize))
    entries.withUnsafeBufferPointer { entries in
      for place in entries.indices {
        writer.term(entries[place].term)
        switch entries[place].payload {
        case .empty:
          writer.number(UInt32(0))
          writer.number(EntryKind.empty.rawValue)
        case .command(let bytes):
          writer.number(UInt32(bytes.count))
          writer.number(EntryKind.command.rawValue)
          writer.raw(bytes)
        case .configuration(let change):
          writer.number(UInt32(change.encodedSize))
          writer.number(EntryKind.configuration.rawValue)
          change.write(to: &writer)
        }
      }
    }
  }

  @inline(__always)
  static func read(from reader: inout WireReader) throws(WireError) -> [Entry] {
    let count = try reader.count(.entries, limit: reader.limits.entries, minimumSize: recordHeadSize)
    try reader.need(4, .entriesSize)
    let size = Int(reader.number(UInt32.self))
    try reader.need(size, .entriesSize)
    guard count * recordHeadSize <= size else {
      throw reader.error(
        .sizeMismatch(.entriesSize, found: UInt64(size), expected: UInt64(count * recordHeadSize)), back: 4)
    }
    var records = reader.part(size)
    var entries: [Entry] = []
    entries.reserveCapacity(count)
    for _ in 0..<count { entries.append(try readEntry(from: &records)) }
    guard records.remaining == 0 else {
      throw records.error(
        .sizeMismatch(.entriesSize, found: UInt64(size), expected: UInt64(size - records.remaining)))
    }
    return entries
  }

  @inline(__always)
  private static func readEntry(from reader: inout WireReader) throws(WireError) -> Entry {
    try reader.need(recordHeadSize, .entry)
    let term = reader.term()
    let size = Int(reader.number(UInt32.self))
    let tag = reader.number(UInt32.self)
    guard let kind = EntryKind(rawValue: tag) else {
      throw reader.error(.unknownValue(.entryKind, found: UInt64(tag)), back: 4)
    }
    try reader.need(size, .entry)
    switch kind {
    case .empty:
      reader.skip(size)
      return Entry(term: term, payload: .empty)
    case .command:
      return Entry(term: term, payload: .command(reader.raw(size)))
    case .configuration:
      var part = reader.part(size)
      return Entry(term: term, payload: .configuration(try ConfigurationChange(from: &part)))
    }
  }
}

/// The number that stands for what an entry carries; four bytes, so that a payload begins at a multiple of eight.
enum EntryKind: UInt32 {
  case empty = 0
  case command = 1
  case configuration = 2
}

extension ConfigurationChange {
  /// The transition, three bytes of zero, the number of steps, and eight bytes for each step.
  var encodedSize: Int { EntriesSection.changeHeadSize + 8 * steps.count }

  func write(to writer: inout WireWriter) {
    let code: UInt32 =
      switch transition {
      case .automatic: 0
      case .jointThenLeave: 1
      case .jointUntilTold: 2
      }
    writer.number(code)
    writer.number(UInt32(steps.count))
    for step in steps { step.write(to: &writer) }
  }

  init(from reader: inout WireReader) throws(WireError) {
    try reader.need(4, .transition)
    let code = reader.number(UInt32.self)
    let transition: Transition =
      switch code {
      case 0: .automatic
      case 1: .jointThenLeave
      case 2: .jointUntilTold
      default: throw reader.error(.unknownValue(.transition, found: UInt64(code)), back: 4)
      }
    let count = try reader.count(.steps, limit: reader.limits.listLength, minimumSize: Step.encodedSize)
    var steps: [Step] = []
    steps.reserveCapacity(count)
    for _ in 0..<count { steps.append(try Step(from: &reader)) }
    self.init(steps, transition: transition)
  }
}

extension ConfigurationChange.Step {
  static let encodedSize = 8

  /// The node, and four bytes for what becomes of it.
  func write(to writer: inout WireWriter) {
    let code: UInt32 =
      switch self {
      case .addVoter: 1
      case .addLearner: 2
      case .remove: 3
      }
    writer.node(node)
    writer.number(code)
  }

  /// Reads a step whose bytes were asked for before.
  init(from reader: inout WireReader) throws(WireError) {
    let node = reader.node()
    let code = reader.number(UInt32.self)
    switch code {
    case 1: self = .addVoter(node)
    case 2: self = .addLearner(node)
    case 3: self = .remove(node)
    default: throw reader.error(.unknownValue(.stepKind, found: UInt64(code)), back: 4)
    }
  }
}
