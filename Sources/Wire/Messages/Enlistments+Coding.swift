import Raft

extension Enlistment {
  var encodedSize: Int { 14 + (feed == nil ? 0 : Holdings.encodedSize) }

  func write(to writer: inout WireWriter) {
    writer.number(incarnation.rawValue)
    writer.number(locality.rawValue)
    writer.number(capacity)
    writer.flag(isRetiring)
    writer.flag(feed != nil)
    guard let feed else { return }
    writer.term(feed.term)
    writer.index(feed.end)
    writer.index(feed.commit)
  }

  init(from reader: inout WireReader) throws(WireError) {
    try reader.need(14, .fields)
    let incarnation = Incarnation(reader.number(UInt64.self))
    let locality = Locality(reader.number(UInt16.self))
    let capacity = reader.number(UInt16.self)
    let isRetiring = try reader.flag()
    var feed: Holdings?
    if try reader.flag() {
      try reader.need(Holdings.encodedSize, .fields)
      let term = reader.term()
      let end = reader.index()
      feed = Holdings(term: term, end: end, commit: reader.index())
    }
    self.init(
      incarnation: incarnation, locality: locality, capacity: capacity, isRetiring: isRetiring, feed: feed)
  }
}

extension Enlistment.Holdings {
  static let encodedSize = 24
}

extension EnlistmentAnswer {
  static let encodedSize = 12

  func write(to writer: inout WireWriter) {
    writer.term(term)
    writer.optionalNode(leader)
  }

  init(from reader: inout WireReader) throws(WireError) {
    try reader.need(EnlistmentAnswer.encodedSize, .fields)
    let term = reader.term()
    self.init(term: term, leader: reader.optionalNode())
  }
}
