import KeyValue
import Raft
import Server

/// The version, the number of groups, and the groups in rising order.
extension KeyRouter {
  var encodedSize: Int { 12 + 2 * groups.count }

  func write(to writer: inout WireWriter) {
    writer.number(version.rawValue)
    writer.number(UInt32(groups.count))
    for group in groups { writer.number(group.rawValue) }
  }

  init(from reader: inout WireReader) throws(WireError) {
    try reader.need(8, .fields)
    let version = RoutingVersion(reader.number(UInt64.self))
    let count = try reader.count(.groups, limit: reader.limits.groups, minimumSize: 2)
    guard count > 0 else { throw reader.error(.unknownValue(.groups, found: 0), back: 4) }
    var groups: [GroupID] = []
    groups.reserveCapacity(count)
    for _ in 0..<count {
      let group = GroupID(reader.number(UInt16.self))
      if let last = groups.last, group <= last {
        throw reader.error(.unknownValue(.group, found: UInt64(group.rawValue)), back: 2)
      }
      groups.append(group)
    }
    self.init(groups: groups, version: version)
  }
}

/// The kind of answer, then what the kind needs; a part of the keys stands in the form of the command that installs it.
extension ShardAnswer {
  private enum Kind: UInt8 {
    case done = 1
    case expects = 2
    case part = 3
    case nothingLeft = 4
    case refused = 5
  }

  var encodedSize: Int {
    switch self {
    case .done, .nothingLeft: 1
    case .expects: 9
    case .part(let part): 5 + ShardCommand.install(part).encoded().count
    case .refused: 10
    }
  }

  func write(to writer: inout WireWriter) {
    switch self {
    case .done:
      writer.byte(Kind.done.rawValue)
    case .expects(let part):
      writer.byte(Kind.expects.rawValue)
      writer.number(UInt64(part))
    case .part(let part):
      writer.byte(Kind.part.rawValue)
      writer.bytes(ShardCommand.install(part).encoded())
    case .nothingLeft:
      writer.byte(Kind.nothingLeft.rawValue)
    case .refused(let version):
      writer.byte(Kind.refused.rawValue)
      writer.flag(version != nil)
      writer.number(version?.rawValue ?? 0)
    }
  }

  init(from reader: inout WireReader) throws(WireError) {
    try reader.need(1, .answer)
    let tag = reader.byte()
    guard let kind = Kind(rawValue: tag) else {
      throw reader.error(.unknownValue(.answer, found: UInt64(tag)), back: 1)
    }
    switch kind {
    case .done: self = .done
    case .expects:
      try reader.need(8, .part)
      self = .expects(part: try reader.byteOffset())
    case .part:
      let start = reader.remaining
      guard case .install(let part) = try ShardCommand(from: &reader) else {
        throw reader.error(.unknownValue(.command, found: 0), back: start - reader.remaining - 4)
      }
      self = .part(part)
    case .nothingLeft: self = .nothingLeft
    case .refused:
      try reader.need(9, .answer)
      let isKnown = try reader.flag()
      let version = RoutingVersion(reader.number(UInt64.self))
      self = .refused(at: isKnown ? version : nil)
    }
  }
}
