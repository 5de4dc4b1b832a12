/// The binary encoding of a command: a version byte, a byte for the kind of operation, the client, the sequence
/// number, the key, and what the kind needs.
///
/// Numbers are LEB128 varints in their shortest form, byte strings carry their length, so that a command has exactly
/// one encoding.
extension Command {
  /// The version of the encoding that this code writes and reads.
  public static let encodingVersion: UInt8 = 1

  /// The command as bytes, in one allocation.
  public func encoded() -> [UInt8] {
    var writer = ByteWriter(capacity: encodedSize)
    writer.byte(Command.encodingVersion)
    writer.byte(operation.kind.rawValue)
    writer.varint(client.rawValue)
    writer.varint(sequence.rawValue)
    writer.bytes(operation.key.bytes)
    switch operation {
    case .get, .delete:
      break
    case .put(_, let value), .append(_, let value):
      writer.bytes(value)
    case .compareAndSwap(_, let expected, let new):
      writer.optionalBytes(expected)
      writer.bytes(new)
    case .increment(_, let amount):
      writer.signedVarint(amount)
    }
    return writer.result
  }

  /// The number of bytes that ``encoded()`` gives.
  public var encodedSize: Int {
    let head =
      2 + ByteWriter.size(ofVarint: client.rawValue) + ByteWriter.size(ofVarint: sequence.rawValue)
      + ByteWriter.size(ofBytes: operation.key.bytes)
    switch operation {
    case .get, .delete: return head
    case .put(_, let value), .append(_, let value): return head + ByteWriter.size(ofBytes: value)
    case .compareAndSwap(_, let expected, let new):
      return head + ByteWriter.size(ofOptionalBytes: expected) + ByteWriter.size(ofBytes: new)
    case .increment(_, let amount): return head + ByteWriter.size(ofSignedVarint: amount)
    }
  }

  /// Reads a command from exactly the bytes that ``encoded()`` gives; distrusts every byte and throws a
  /// ``CodingError`` for any others.
  public init(decoding bytes: [UInt8]) throws(CodingError) {
    var reader = ByteReader(bytes)
    let version = try reader.byte()
    guard version == Command.encodingVersion else { throw .unknownVersion(version) }
    let tag = try reader.byte()
    guard let kind = Operation.Kind(rawValue: tag) else { throw .unknownKind(tag) }
    client = ClientID(try reader.varint())
    sequence = SequenceNumber(try reader.varint())
    let key = Key(try reader.bytes())
    switch kind {
    case .get: operation = .get(key)
    case .put: operation = .put(key, try reader.bytes())
    case .delete: operation = .delete(key)
    case .compareAndSwap:
      let expected = try reader.optionalBytes()
      operation = .compareAndSwap(key, expected: expected, new: try reader.bytes())
    case .increment: operation = .increment(key, by: try reader.signedVarint())
    case .append: operation = .append(key, try reader.bytes())
    }
    try reader.expectEnd()
  }
}

extension Operation {
  /// The byte that stands for a kind of operation.
  enum Kind: UInt8 {
    case get = 1
    case put = 2
    case delete = 3
    case compareAndSwap = 4
    case increment = 5
    case append = 6
  }

  var kind: Kind {
    switch self {
    case .get: .get
    case .put: .put
    case .delete: .delete
    case .compareAndSwap: .compareAndSwap
    case .increment: .increment
    case .append: .append
    }
  }
}
