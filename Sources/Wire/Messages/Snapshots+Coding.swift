import Raft

extension InstallSnapshot {
  var encodedSize: Int { 25 + snapshot.value.encodedSize + 4 + bytes.count }

  func write(to writer: inout WireWriter) {
    writer.term(term)
    writer.round(round)
    writer.number(UInt64(offset))
    writer.flag(isLast)
    snapshot.value.write(to: &writer)
    writer.bytes(bytes)
  }

  init(from reader: inout WireReader) throws(WireError) {
    try reader.need(25, .fields)
    let term = reader.term()
    let round = reader.round()
    let offset = try reader.byteOffset()
    let isLast = try reader.flag()
    let snapshot = try SnapshotDescription(from: &reader)
    self.init(
      term: term, round: round, snapshot: snapshot, offset: offset,
      bytes: try reader.bytes(.chunk, limit: reader.limits.snapshotChunkBytes), isLast: isLast)
  }
}

extension SnapshotReceived {
  static let encodedSize = 33

  func write(to writer: inout WireWriter) {
    writer.term(term)
    writer.round(round)
    writer.index(last)
    switch progress {
    case .wanted(let offset):
      writer.byte(1)
      writer.number(UInt64(offset))
    case .installed:
      writer.byte(2)
      writer.number(UInt64(0))
    }
  }

  init(from reader: inout WireReader) throws(WireError) {
    try reader.need(SnapshotReceived.encodedSize, .fields)
    let term = reader.term()
    let round = reader.round()
    let last = reader.index()
    let tag = reader.byte()
    let progress: Progress
    switch tag {
    case 1: progress = .wanted(offset: try reader.byteOffset())
    case 2:
      reader.skip(8)
      progress = .installed
    default: throw reader.error(.unknownValue(.progress, found: UInt64(tag)), back: 1)
    }
    self.init(term: term, round: round, last: last, progress: progress)
  }
}
