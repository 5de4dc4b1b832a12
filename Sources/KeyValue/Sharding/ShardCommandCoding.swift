import Raft

/// The binary encoding of a command that moves keys: a byte that no other command begins with, a byte for the kind, and
/// what the kind needs, in the forms of ``Command``.
extension ShardCommand {
  /// The first byte: the version of the encoding, above those of ``Command``.
  static let encodingVersion: UInt8 = 0x81

  private enum Kind: UInt8 {
    case reroute = 1
    case install = 2
    case release = 3
  }

  /// The command as bytes.
  public func encoded() -> [UInt8] {
    var writer = ByteWriter(capacity: estimatedSize)
    writer.byte(ShardCommand.encodingVersion)
    switch self {
    case .reroute(let group, let old, let new):
      writer.byte(Kind.reroute.rawValue)
      writer.varint(UInt64(group.rawValue))
      old.write(to: &writer)
      new.write(to: &writer)
    case .install(let part):
      writer.byte(Kind.install.rawValue)
      part.write(to: &writer)
    case .release(let version):
      writer.byte(Kind.release.rawValue)
      writer.varint(version.rawValue)
    }
    return writer.result
  }

  /// About as many bytes as ``encoded()`` gives.
  public var estimatedSize: Int {
    switch self {
    case .reroute(_, let old, let new): 16 + 2 * (old.groups.count + new.groups.count)
    case .install(let part): 2 + part.estimatedSize
    case .release: 12
    }
  }

  /// Reads a command from exactly the bytes that ``encoded()`` gives; throws a ``CodingError`` for any others.
  public init(decoding bytes: [UInt8]) throws(CodingError) {
    var reader = ByteReader(bytes)
    let version = try reader.byte()
    guard version == ShardCommand.encodingVersion else { throw .unknownVersion(version) }
    let tag = try reader.byte()
    guard let kind = Kind(rawValue: tag) else { throw .unknownKind(tag) }
    switch kind {
    case .reroute:
      let group = try GroupID(from: &reader)
      let old = try KeyRouter(from: &reader)
      self = .reroute(group, from: old, to: try KeyRouter(from: &reader))
    case .install: self = .install(try MovedPart(from: &reader))
    case .release: self = .release(RoutingVersion(try reader.varint()))
    }
    try reader.expectEnd()
  }
}
