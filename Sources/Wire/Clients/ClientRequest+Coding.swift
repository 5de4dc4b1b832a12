import KeyValue
import Raft
import Server

/// Client, sequence number, consistency, operation.
extension ClientRequest {
  @inline(__always)
  var encodedSize: Int { 17 + operation.encodedSize }

  @inline(__always)
  func write(to writer: inout WireWriter) {
    writer.number(client.rawValue)
    writer.number(sequence.rawValue)
    writer.byte(consistency.code)
    operation.write(to: &writer)
  }

  @inline(__always)
  init(from reader: inout WireReader) throws(WireError) {
    try reader.need(17, .fields)
    let client = ClientID(reader.number(UInt64.self))
    let sequence = SequenceNumber(reader.number(UInt64.self))
    let code = reader.byte()
    guard let consistency = ReadConsistency(code: code) else {
      throw reader.error(.unknownValue(.consistency, found: UInt64(code)), back: 1)
    }
    self.init(
      client: client, sequence: sequence, operation: try KeyValue.Operation(from: &reader), consistency: consistency)
  }
}

extension ReadConsistency {
  fileprivate var code: UInt8 {
    switch self {
    case .linearizable: 1
    case .bounded: 2
    case .local: 3
    }
  }

  fileprivate init?(code: UInt8) {
    switch code {
    case 1: self = .linearizable
    case 2: self = .bounded
    case 3: self = .local
    default: return nil
    }
  }
}

/// Mover, sequence number, kind of order; a command in the key-value store's own encoding, or part, group and version.
extension ShardRequest {
  var encodedSize: Int {
    switch order {
    case .commit(let command): 17 + 4 + command.encoded().count
    case .collect: 17 + 18
    }
  }

  func write(to writer: inout WireWriter) {
    writer.number(mover.rawValue)
    writer.number(sequence.rawValue)
    switch order {
    case .commit(let command):
      writer.byte(1)
      writer.bytes(command.encoded())
    case .collect(let part, let group, let version):
      writer.byte(2)
      writer.number(UInt64(part))
      writer.number(group.rawValue)
      writer.number(version.rawValue)
    }
  }

  init(from reader: inout WireReader) throws(WireError) {
    try reader.need(17, .fields)
    let mover = ClientID(reader.number(UInt64.self))
    let sequence = SequenceNumber(reader.number(UInt64.self))
    let tag = reader.byte()
    let order: Order
    switch tag {
    case 1: order = .commit(try ShardCommand(from: &reader))
    case 2:
      try reader.need(18, .order)
      let part = try reader.byteOffset()
      let group = GroupID(reader.number(UInt16.self))
      order = .collect(part: part, for: group, by: RoutingVersion(reader.number(UInt64.self)))
    default: throw reader.error(.unknownValue(.order, found: UInt64(tag)), back: 1)
    }
    self.init(mover: mover, sequence: sequence, order: order)
  }
}

extension ShardCommand {
  /// Reads a size and a command in the key-value store's own encoding.
  init(from reader: inout WireReader) throws(WireError) {
    let bytes = try reader.bytes(.command, limit: reader.limits.bodyBytes)
    do {
      try self.init(decoding: bytes)
    } catch {
      throw reader.error(.nested(.command, error), back: bytes.count)
    }
  }
}
