import Raft

extension PreVoteRequest {
  static let encodedSize = 24

  func write(to writer: inout WireWriter) {
    writer.term(term)
    writer.position(last)
  }

  init(from reader: inout WireReader) throws(WireError) {
    try reader.need(PreVoteRequest.encodedSize, .fields)
    let term = reader.term()
    self.init(term: term, last: reader.position())
  }
}

extension PreVoteResponse {
  static let encodedSize = 25

  func write(to writer: inout WireWriter) {
    writer.term(term)
    writer.position(committed)
    writer.flag(isGranted)
  }

  init(from reader: inout WireReader) throws(WireError) {
    try reader.need(PreVoteResponse.encodedSize, .fields)
    let term = reader.term()
    let committed = reader.position()
    self.init(term: term, isGranted: try reader.flag(), committed: committed)
  }
}

extension VoteRequest {
  static let encodedSize = 25

  func write(to writer: inout WireWriter) {
    writer.term(term)
    writer.position(last)
    writer.flag(isTransfer)
  }

  init(from reader: inout WireReader) throws(WireError) {
    try reader.need(VoteRequest.encodedSize, .fields)
    let term = reader.term()
    let last = reader.position()
    self.init(term: term, last: last, isTransfer: try reader.flag())
  }
}

extension VoteResponse {
  static let encodedSize = 25

  func write(to writer: inout WireWriter) {
    writer.term(term)
    writer.position(committed)
    writer.flag(isGranted)
  }

  init(from reader: inout WireReader) throws(WireError) {
    try reader.need(VoteResponse.encodedSize, .fields)
    let term = reader.term()
    let committed = reader.position()
    self.init(term: term, isGranted: try reader.flag(), committed: committed)
  }
}

extension TimeoutNow {
  static let encodedSize = 24

  func write(to writer: inout WireWriter) {
    writer.term(term)
    writer.position(last)
  }

  init(from reader: inout WireReader) throws(WireError) {
    try reader.need(TimeoutNow.encodedSize, .fields)
    let term = reader.term()
    self.init(term: term, last: reader.position())
  }
}
