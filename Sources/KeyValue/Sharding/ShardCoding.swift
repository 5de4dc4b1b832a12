import Raft

/// The encoding of a shard within a snapshot.
extension Shard {
  func encoded() -> [UInt8] {
    var writer = ByteWriter(capacity: 64)
    writer.varint(UInt64(group.rawValue))
    router.write(to: &writer)
    previous.write(to: &writer)
    writer.varint(UInt64(incoming.count))
    for place in incoming {
      writer.varint(UInt64(place.from.rawValue))
      writer.varint(UInt64(place.nextPart))
    }
    writer.varint(UInt64(outgoing.count))
    for place in outgoing {
      writer.varint(UInt64(place.to.rawValue))
      writer.varint(UInt64(place.parts.count))
      for part in place.parts { part.write(to: &writer) }
    }
    return writer.result
  }

  init(decoding bytes: [UInt8]) throws(CodingError) {
    var reader = ByteReader(bytes)
    let group = try GroupID(from: &reader)
    let router = try KeyRouter(from: &reader)
    let previous = try KeyRouter(from: &reader)
    var incoming: [Incoming] = []
    for _ in 0..<(try reader.count()) {
      let from = try GroupID(from: &reader)
      incoming.append(Incoming(from: from, nextPart: try reader.count()))
    }
    var outgoing: [Outgoing] = []
    for _ in 0..<(try reader.count()) {
      let target = try GroupID(from: &reader)
      var parts: [MovedPart] = []
      for _ in 0..<(try reader.count()) { parts.append(try MovedPart(from: &reader)) }
      outgoing.append(Outgoing(to: target, parts: parts))
    }
    try reader.expectEnd()
    self.init(group, router: router, previous: previous, incoming: incoming, outgoing: outgoing)
  }
}
