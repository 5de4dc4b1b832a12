import Raft

extension Ping {
  static let encodedSize = 8

  func write(to writer: inout WireWriter) { writer.number(sentAt.nanoseconds) }

  init(from reader: inout WireReader) throws(WireError) {
    try reader.need(Ping.encodedSize, .fields)
    self.init(sentAt: Instant(nanoseconds: reader.number(Int64.self)))
  }
}

extension Pong {
  static let encodedSize = 16

  func write(to writer: inout WireWriter) {
    writer.number(pingSentAt.nanoseconds)
    writer.number(sentAt.nanoseconds)
  }

  init(from reader: inout WireReader) throws(WireError) {
    try reader.need(Pong.encodedSize, .fields)
    let pingSentAt = Instant(nanoseconds: reader.number(Int64.self))
    self.init(pingSentAt: pingSentAt, sentAt: Instant(nanoseconds: reader.number(Int64.self)))
  }
}
