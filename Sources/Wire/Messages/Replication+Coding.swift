import Raft

extension AppendEntries {
  /// The bytes before the section of entries.
  static let headSize = 40

  @inline(__always)
  func writeHead(to writer: inout WireWriter) {
    writer.term(term)
    writer.round(round)
    writer.position(previous)
    writer.index(commit)
  }

  /// Reads everything but the entries.
  @inline(__always)
  init(headFrom reader: inout WireReader) throws(WireError) {
    try reader.need(AppendEntries.headSize, .fields)
    let term = reader.term()
    let round = reader.round()
    let previous = reader.position()
    self.init(term: term, round: round, previous: previous, commit: reader.index(), entries: [])
  }

  @inline(__always)
  init(from reader: inout WireReader) throws(WireError) {
    try self.init(headFrom: &reader)
    entries = try EntriesSection.read(from: &reader)
  }
}

extension AppendAccepted {
  static let encodedSize = 24

  @inline(__always)
  func write(to writer: inout WireWriter) {
    writer.term(term)
    writer.round(round)
    writer.index(match)
  }

  @inline(__always)
  init(from reader: inout WireReader) throws(WireError) {
    try reader.need(AppendAccepted.encodedSize, .fields)
    let term = reader.term()
    let round = reader.round()
    self.init(term: term, round: round, match: reader.index())
  }
}

extension AppendRejected {
  static let encodedSize = 40

  func write(to writer: inout WireWriter) {
    writer.term(term)
    writer.round(round)
    writer.index(previous)
    writer.position(hint)
  }

  init(from reader: inout WireReader) throws(WireError) {
    try reader.need(AppendRejected.encodedSize, .fields)
    let term = reader.term()
    let round = reader.round()
    let previous = reader.index()
    self.init(term: term, round: round, previous: previous, hint: reader.position())
  }
}

extension Heartbeat {
  static let encodedSize = 24

  @inline(__always)
  func write(to writer: inout WireWriter) {
    writer.term(term)
    writer.round(round)
    writer.index(commit)
  }

  @inline(__always)
  init(from reader: inout WireReader) throws(WireError) {
    try reader.need(Heartbeat.encodedSize, .fields)
    let term = reader.term()
    let round = reader.round()
    self.init(term: term, round: round, commit: reader.index())
  }
}

extension HeartbeatResponse {
  static let encodedSize = 16

  @inline(__always)
  func write(to writer: inout WireWriter) {
    writer.term(term)
    writer.round(round)
  }

  @inline(__always)
  init(from reader: inout WireReader) throws(WireError) {
    try reader.need(HeartbeatResponse.encodedSize, .fields)
    let term = reader.term()
    self.init(term: term, round: reader.round())
  }
}
