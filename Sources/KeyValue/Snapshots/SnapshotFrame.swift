import Raft

/// One part of a snapshot.
enum SnapshotFrame {
  case header(Header)
  case entry(Key, Value)
  case session(SessionTable.Session)
  /// A piece of the encoding of the group's share of the keys.
  case shard([UInt8])
  case trailer(checksum: UInt64)

  /// What the snapshot is of, and how much of it there is.
  struct Header {
    var limits: StoreLimits
    var appliedIndex: LogIndex
    var watermark: SequenceNumber
    var keys: UInt64
    var sessions: UInt64
  }

  private enum Kind: UInt8 {
    case header = 1
    case entry = 2
    case session = 3
    case trailer = 4
    case shard = 5
  }

  func encoded() -> [UInt8] {
    switch self {
    case .header(let header):
      var writer = ByteWriter(capacity: 64)
      writer.byte(Kind.header.rawValue)
      writer.varint(UInt64(header.limits.sessions))
      writer.varint(UInt64(header.limits.keyBytes))
      writer.varint(UInt64(header.limits.valueBytes))
      writer.varint(header.appliedIndex.rawValue)
      writer.varint(header.watermark.rawValue)
      writer.varint(header.keys)
      writer.varint(header.sessions)
      return writer.result
    case .entry(let key, let value):
      var writer = ByteWriter(capacity: 1 + ByteWriter.size(ofBytes: key.bytes) + ByteWriter.size(ofBytes: value))
      writer.byte(Kind.entry.rawValue)
      writer.bytes(key.bytes)
      writer.bytes(value)
      return writer.result
    case .session(let session):
      var writer = ByteWriter(capacity: 64)
      writer.byte(Kind.session.rawValue)
      writer.varint(session.client.rawValue)
      writer.varint(session.sequence.rawValue)
      writer.varint(session.lastUse.rawValue)
      session.result.write(to: &writer)
      return writer.result
    case .shard(let piece):
      var writer = ByteWriter(capacity: 1 + ByteWriter.size(ofBytes: piece))
      writer.byte(Kind.shard.rawValue)
      writer.bytes(piece)
      return writer.result
    case .trailer(let checksum):
      var writer = ByteWriter(capacity: 16)
      writer.byte(Kind.trailer.rawValue)
      writer.word(checksum)
      return writer.result
    }
  }

  init(decoding bytes: [UInt8]) throws(CodingError) {
    var reader = ByteReader(bytes)
    let tag = try reader.byte()
    guard let kind = Kind(rawValue: tag) else { throw .unknownKind(tag) }
    switch kind {
    case .header:
      let limits = (try reader.varint(), try reader.varint(), try reader.varint())
      self = .header(
        Header(
          limits: StoreLimits(
            sessions: Int(clamping: limits.0), keyBytes: Int(clamping: limits.1), valueBytes: Int(clamping: limits.2)),
          appliedIndex: LogIndex(try reader.varint()), watermark: SequenceNumber(try reader.varint()),
          keys: try reader.varint(), sessions: try reader.varint()))
    case .entry:
      let key = Key(try reader.bytes())
      self = .entry(key, try reader.bytes())
    case .session:
      self = .session(
        SessionTable.Session(
          client: ClientID(try reader.varint()), sequence: SequenceNumber(try reader.varint()),
          lastUse: LogIndex(try reader.varint()), result: try OperationResult(from: &reader)))
    case .shard:
      self = .shard(try reader.bytes())
    case .trailer:
      self = .trailer(checksum: try reader.word())
    }
    try reader.expectEnd()
  }
}
