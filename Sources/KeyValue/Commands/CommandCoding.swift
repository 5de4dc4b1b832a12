/// The binary encoding of a command: a version byte, a byte for the kind of operation, the client, the sequence
/// number, the key, and what the kind needs. For several keys the number of them stands before the first.
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
    switch operation {
    case .get(let key), .delete(let key), .length(let key):
      writer.bytes(key.bytes)
    case .put(let key, let value), .append(let key, let value):
      writer.bytes(key.bytes)
      writer.bytes(value)
    case .compareAndSwap(let key, let expected, let new):
      writer.bytes(key.bytes)
      writer.optionalBytes(expected)
      writer.bytes(new)
    case .increment(let key, let amount):
      writer.bytes(key.bytes)
      writer.signedVarint(amount)
    case .exchange(let key, let value, let condition):
      writer.bytes(key.bytes)
      writer.byte(condition.rawValue)
      writer.bytes(value)
    case .getMany(let keys), .countPresent(let keys), .deleteMany(let keys):
      writer.varint(UInt64(keys.count))
      for key in keys.elements { writer.bytes(key.bytes) }
    case .putMany(let pairs):
      writer.varint(UInt64(pairs.count))
      for pair in pairs.elements {
        writer.bytes(pair.key.bytes)
        writer.bytes(pair.value)
      }
    }
    return writer.result
  }

  /// The number of bytes that ``encoded()`` gives.
  public var encodedSize: Int {
    2 + ByteWriter.size(ofVarint: client.rawValue) + ByteWriter.size(ofVarint: sequence.rawValue)
      + operation.encodedSize
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
    operation = try Operation(kind, from: &reader)
    try reader.expectEnd()
  }
}

extension Operation {
  fileprivate init(_ kind: Kind, from reader: inout ByteReader) throws(CodingError) {
    switch kind {
    case .get: self = .get(Key(try reader.bytes()))
    case .put:
      let key = Key(try reader.bytes())
      self = .put(key, try reader.bytes())
    case .delete: self = .delete(Key(try reader.bytes()))
    case .compareAndSwap:
      let key = Key(try reader.bytes())
      let expected = try reader.optionalBytes()
      self = .compareAndSwap(key, expected: expected, new: try reader.bytes())
    case .increment:
      let key = Key(try reader.bytes())
      self = .increment(key, by: try reader.signedVarint())
    case .append:
      let key = Key(try reader.bytes())
      self = .append(key, try reader.bytes())
    case .exchange:
      let key = Key(try reader.bytes())
      let tag = try reader.byte()
      guard let condition = PutCondition(rawValue: tag) else { throw .unknownKind(tag) }
      self = .exchange(key, try reader.bytes(), condition)
    case .length: self = .length(Key(try reader.bytes()))
    case .getMany: self = .getMany(try Operation.keys(from: &reader))
    case .countPresent: self = .countPresent(try Operation.keys(from: &reader))
    case .deleteMany: self = .deleteMany(try Operation.keys(from: &reader))
    case .putMany:
      self = .putMany(
        try Operation.list(from: &reader) { (reader) throws(CodingError) in
          let key = Key(try reader.bytes())
          return KeyedValue(key, try reader.bytes())
        })
    }
  }

  private static func keys(from reader: inout ByteReader) throws(CodingError) -> NonEmpty<Key> {
    try list(from: &reader) { (reader) throws(CodingError) in Key(try reader.bytes()) }
  }

  /// A number of things and the things. Every one takes a byte at least, so that no room is made for a number alone.
  private static func list<Element>(
    from reader: inout ByteReader, _ read: (inout ByteReader) throws(CodingError) -> Element
  ) throws(CodingError) -> NonEmpty<Element> {
    let start = reader.offset
    let count = try reader.varint()
    guard count <= UInt64(reader.remaining) else { throw .truncated(at: reader.offset) }
    var elements: [Element] = []
    for _ in 0..<count { elements.append(try read(&reader)) }
    guard let list = NonEmpty(elements) else { throw .malformedNumber(at: start) }
    return list
  }

  /// The bytes of the key, or the keys, and of what the kind needs.
  fileprivate var encodedSize: Int {
    switch self {
    case .get(let key), .delete(let key), .length(let key): return ByteWriter.size(ofBytes: key.bytes)
    case .put(let key, let value), .append(let key, let value):
      return ByteWriter.size(ofBytes: key.bytes) + ByteWriter.size(ofBytes: value)
    case .exchange(let key, let value, _):
      return ByteWriter.size(ofBytes: key.bytes) + 1 + ByteWriter.size(ofBytes: value)
    case .compareAndSwap(let key, let expected, let new):
      return ByteWriter.size(ofBytes: key.bytes) + ByteWriter.size(ofOptionalBytes: expected)
        + ByteWriter.size(ofBytes: new)
    case .increment(let key, let amount):
      return ByteWriter.size(ofBytes: key.bytes) + ByteWriter.size(ofSignedVarint: amount)
    case .getMany(let keys), .countPresent(let keys), .deleteMany(let keys):
      var size = ByteWriter.size(ofVarint: UInt64(keys.count))
      for key in keys.elements { size += ByteWriter.size(ofBytes: key.bytes) }
      return size
    case .putMany(let pairs):
      var size = ByteWriter.size(ofVarint: UInt64(pairs.count))
      for pair in pairs.elements {
        size += ByteWriter.size(ofBytes: pair.key.bytes) + ByteWriter.size(ofBytes: pair.value)
      }
      return size
    }
  }

  /// The byte that stands for a kind of operation.
  enum Kind: UInt8 {
    case get = 1
    case put = 2
    case delete = 3
    case compareAndSwap = 4
    case increment = 5
    case append = 6
    case exchange = 7
    case length = 8
    case getMany = 9
    case countPresent = 10
    case putMany = 11
    case deleteMany = 12
  }

  var kind: Kind {
    switch self {
    case .get: .get
    case .put: .put
    case .delete: .delete
    case .compareAndSwap: .compareAndSwap
    case .increment: .increment
    case .append: .append
    case .exchange: .exchange
    case .length: .length
    case .getMany: .getMany
    case .countPresent: .countPresent
    case .putMany: .putMany
    case .deleteMany: .deleteMany
    }
  }
}
