import Raft

/// The encoding of a part of moved keys within a command or a snapshot.
extension MovedPart {
  func write(to writer: inout ByteWriter) {
    writer.varint(version.rawValue)
    writer.varint(UInt64(from.rawValue))
    writer.varint(UInt64(to.rawValue))
    writer.varint(UInt64(number))
    writer.byte(isLast ? 1 : 0)
    writer.byte(sessions == nil ? 0 : 1)
    if let sessions {
      writer.varint(sessions.watermark.rawValue)
      writer.varint(UInt64(sessions.sessions.count))
      for session in sessions.sessions {
        writer.varint(session.client.rawValue)
        writer.varint(session.sequence.rawValue)
        session.result.write(to: &writer)
      }
    }
    writer.varint(UInt64(entries.count))
    for entry in entries {
      writer.bytes(entry.key.bytes)
      writer.bytes(entry.value)
    }
  }

  /// About as many bytes as ``write(to:)`` gives.
  public var estimatedSize: Int {
    let sessionBytes = (sessions?.sessions.count ?? 0) * 24
    return entries.reduce(24 + sessionBytes) { $0 + $1.key.bytes.count + $1.value.count + 4 }
  }

  init(from reader: inout ByteReader) throws(CodingError) {
    version = RoutingVersion(try reader.varint())
    from = try GroupID(from: &reader)
    to = try GroupID(from: &reader)
    number = try reader.count()
    isLast = try reader.flag()
    sessions = try reader.flag() ? try Sessions(from: &reader) : nil
    var entries: [Entry] = []
    for _ in 0..<(try reader.count()) {
      let key = Key(try reader.bytes())
      entries.append(Entry(key: key, value: try reader.bytes()))
    }
    self.entries = entries
  }
}

extension MovedPart.Sessions {
  fileprivate init(from reader: inout ByteReader) throws(CodingError) {
    watermark = SequenceNumber(try reader.varint())
    var sessions: [MovedPart.Session] = []
    for _ in 0..<(try reader.count()) {
      sessions.append(
        MovedPart.Session(
          client: ClientID(try reader.varint()), sequence: SequenceNumber(try reader.varint()),
          result: try OperationResult(from: &reader)))
    }
    self.sessions = sessions
  }
}

extension ByteReader {
  /// A number of things, each of which takes a byte at least or is one of few.
  mutating func count() throws(CodingError) -> Int {
    let start = offset
    let value = try varint()
    guard value <= UInt64(Int32.max) else { throw .malformedNumber(at: start) }
    return Int(value)
  }

  mutating func flag() throws(CodingError) -> Bool {
    let byte = try byte()
    guard byte <= 1 else { throw .unknownKind(byte) }
    return byte == 1
  }
}

extension GroupID {
  init(from reader: inout ByteReader) throws(CodingError) {
    let start = reader.offset
    guard let number = UInt16(exactly: try reader.varint()) else { throw .malformedNumber(at: start) }
    self.init(number)
  }
}

extension KeyRouter {
  func write(to writer: inout ByteWriter) {
    writer.varint(version.rawValue)
    writer.varint(UInt64(groups.count))
    for group in groups { writer.varint(UInt64(group.rawValue)) }
  }

  init(from reader: inout ByteReader) throws(CodingError) {
    let version = RoutingVersion(try reader.varint())
    let start = reader.offset
    let count = try reader.count()
    guard count > 0, count <= KeyRouter.mostGroups else { throw .malformedNumber(at: start) }
    var groups: [GroupID] = []
    for _ in 0..<count {
      let start = reader.offset
      let group = try GroupID(from: &reader)
      if let last = groups.last, group <= last { throw .malformedNumber(at: start) }
      groups.append(group)
    }
    self.init(groups: groups, version: version)
  }
}
