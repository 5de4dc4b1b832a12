import Raft

extension FeedRequest {
  static let encodedSize = 29

  func write(to writer: inout WireWriter) {
    writer.number(stream.rawValue)
    switch want {
    case .entries(let position, let window):
      writer.byte(1)
      writer.position(position)
      writer.number(window)
    case .snapshot(let last, let offset):
      writer.byte(2)
      writer.index(last)
      writer.number(UInt64(offset))
      writer.number(UInt32(0))
    }
  }

  init(from reader: inout WireReader) throws(WireError) {
    try reader.need(FeedRequest.encodedSize, .fields)
    let stream = FeedStream(reader.number(UInt64.self))
    let tag = reader.byte()
    let want: Want
    switch tag {
    case 1:
      let position = reader.position()
      want = .entries(after: position, window: reader.number(UInt32.self))
    case 2:
      let last = reader.index()
      want = .snapshot(last: last, offset: try reader.byteOffset())
      reader.skip(4)
    default: throw reader.error(.unknownValue(.want, found: UInt64(tag)), back: 1)
    }
    self.init(stream: stream, want: want)
  }
}

extension FeedEntries {
  /// The bytes before the section of entries.
  static let headSize = 36

  func writeHead(to writer: inout WireWriter) {
    writer.number(stream.rawValue)
    writer.term(term)
    writer.position(previous)
    writer.optionalNode(leader)
  }

  init(from reader: inout WireReader) throws(WireError) {
    try reader.need(FeedEntries.headSize, .fields)
    let stream = FeedStream(reader.number(UInt64.self))
    let term = reader.term()
    let previous = reader.position()
    let leader = reader.optionalNode()
    self.init(
      stream: stream, term: term, previous: previous, entries: try EntriesSection.read(from: &reader), leader: leader)
  }
}

extension FeedSnapshot {
  var encodedSize: Int { 17 + snapshot.value.encodedSize + 4 + bytes.count }

  func write(to writer: inout WireWriter) {
    writer.number(stream.rawValue)
    writer.number(UInt64(offset))
    writer.flag(isLast)
    snapshot.value.write(to: &writer)
    writer.bytes(bytes)
  }

  init(from reader: inout WireReader) throws(WireError) {
    try reader.need(17, .fields)
    let stream = FeedStream(reader.number(UInt64.self))
    let offset = try reader.byteOffset()
    let isLast = try reader.flag()
    let snapshot = try SnapshotDescription(from: &reader)
    self.init(
      stream: stream, snapshot: snapshot, offset: offset,
      bytes: try reader.bytes(.chunk, limit: reader.limits.snapshotChunkBytes), isLast: isLast)
  }
}

extension FeedRefusal {
  static let encodedSize = 8

  func write(to writer: inout WireWriter) { writer.number(stream.rawValue) }

  init(from reader: inout WireReader) throws(WireError) {
    try reader.need(FeedRefusal.encodedSize, .fields)
    self.init(stream: FeedStream(reader.number(UInt64.self)))
  }
}
