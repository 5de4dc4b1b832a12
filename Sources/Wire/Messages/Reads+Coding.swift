import Raft

extension ReadIndexRequest {
  static let encodedSize = 16

  func write(to writer: inout WireWriter) {
    writer.term(term)
    writer.number(id.rawValue)
  }

  init(from reader: inout WireReader) throws(WireError) {
    try reader.need(ReadIndexRequest.encodedSize, .fields)
    let term = reader.term()
    self.init(term: term, id: ReadID(reader.number(UInt64.self)))
  }
}

extension ReadIndexResponse {
  static let encodedSize = 25

  func write(to writer: inout WireWriter) {
    writer.term(term)
    writer.number(id.rawValue)
    writer.flag(index != nil)
    writer.index(index ?? .zero)
  }

  init(from reader: inout WireReader) throws(WireError) {
    try reader.need(ReadIndexResponse.encodedSize, .fields)
    let term = reader.term()
    let id = ReadID(reader.number(UInt64.self))
    let isKnown = try reader.flag()
    let index = reader.index()
    self.init(term: term, id: id, index: isKnown ? index : nil)
  }
}

extension QuorumReadRequest {
  static let encodedSize = 8

  func write(to writer: inout WireWriter) { writer.number(id.rawValue) }

  init(from reader: inout WireReader) throws(WireError) {
    try reader.need(QuorumReadRequest.encodedSize, .fields)
    self.init(id: ReadID(reader.number(UInt64.self)))
  }
}

extension QuorumReadResponse {
  var encodedSize: Int { 25 + (configuration?.encodedSize ?? 0) }

  func write(to writer: inout WireWriter) {
    writer.number(id.rawValue)
    writer.term(term)
    writer.index(last)
    writer.flag(configuration != nil)
    configuration?.write(to: &writer)
  }

  init(from reader: inout WireReader) throws(WireError) {
    try reader.need(25, .fields)
    let id = ReadID(reader.number(UInt64.self))
    let term = reader.term()
    let last = reader.index()
    let configuration = try reader.flag() ? try Configuration(from: &reader) : nil
    self.init(id: id, term: term, last: last, configuration: configuration)
  }
}
