import KeyValue
import Server

/// The kind of operation and the key, then what the kind needs.
extension KeyValue.Operation {
  private enum Kind: UInt8 {
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

  @inline(__always)
  var encodedSize: Int {
    switch self {
    case .get(let key), .delete(let key), .length(let key): 5 + key.bytes.count
    case .put(let key, let value), .append(let key, let value): 9 + key.bytes.count + value.count
    case .compareAndSwap(let key, let expected, let new):
      10 + key.bytes.count + (expected.map { 4 + $0.count } ?? 0) + new.count
    case .increment(let key, _): 13 + key.bytes.count
    case .exchange(let key, let value, _): 10 + key.bytes.count + value.count
    case .getMany(let keys), .countPresent(let keys), .deleteMany(let keys):
      keys.elements.reduce(5) { $0 + 4 + $1.bytes.count }
    case .putMany(let pairs): pairs.elements.reduce(5) { $0 + 8 + $1.key.bytes.count + $1.value.count }
    }
  }

  @inline(__always)
  func write(to writer: inout WireWriter) {
    switch self {
    case .get(let key): Self.write(.get, key, to: &writer)
    case .put(let key, let value):
      Self.write(.put, key, to: &writer)
      writer.bytes(value)
    case .delete(let key): Self.write(.delete, key, to: &writer)
    case .compareAndSwap(let key, let expected, let new):
      Self.write(.compareAndSwap, key, to: &writer)
      writer.optionalBytes(expected)
      writer.bytes(new)
    case .increment(let key, let amount):
      Self.write(.increment, key, to: &writer)
      writer.number(amount)
    case .append(let key, let value):
      Self.write(.append, key, to: &writer)
      writer.bytes(value)
    case .exchange(let key, let value, let condition):
      Self.write(.exchange, key, to: &writer)
      writer.byte(condition.rawValue)
      writer.bytes(value)
    case .length(let key): Self.write(.length, key, to: &writer)
    case .getMany(let keys): Self.write(.getMany, keys, to: &writer)
    case .countPresent(let keys): Self.write(.countPresent, keys, to: &writer)
    case .deleteMany(let keys): Self.write(.deleteMany, keys, to: &writer)
    case .putMany(let pairs):
      writer.byte(Kind.putMany.rawValue)
      writer.number(UInt32(pairs.count))
      for pair in pairs.elements {
        writer.bytes(pair.key.bytes)
        writer.bytes(pair.value)
      }
    }
  }

  private static func write(_ kind: Kind, _ keys: NonEmpty<Key>, to writer: inout WireWriter) {
    writer.byte(kind.rawValue)
    writer.number(UInt32(keys.count))
    for key in keys.elements { writer.bytes(key.bytes) }
  }

  @inline(__always)
  private static func write(_ kind: Kind, _ key: Key, to writer: inout WireWriter) {
    writer.byte(kind.rawValue)
    writer.bytes(key.bytes)
  }

  @inline(__always)
  init(from reader: inout WireReader) throws(WireError) {
    try reader.need(1, .operation)
    let tag = reader.byte()
    guard let kind = Kind(rawValue: tag) else {
      throw reader.error(.unknownValue(.operation, found: UInt64(tag)), back: 1)
    }
    let limits = reader.limits
    switch kind {
    case .getMany: self = .getMany(try Self.keys(from: &reader))
    case .countPresent: self = .countPresent(try Self.keys(from: &reader))
    case .deleteMany: self = .deleteMany(try Self.keys(from: &reader))
    case .putMany: self = .putMany(try Self.pairs(from: &reader))
    case .get, .put, .delete, .compareAndSwap, .increment, .append, .exchange, .length:
      self = try Self.single(kind, Key(try reader.bytes(.key, limit: limits.keyBytes)), from: &reader)
    }
  }

  @inline(__always)
  private static func single(_ kind: Kind, _ key: Key, from reader: inout WireReader) throws(WireError) -> Self {
    let limits = reader.limits
    switch kind {
    case .get: return .get(key)
    case .put: return .put(key, try reader.bytes(.value, limit: limits.valueBytes))
    case .delete: return .delete(key)
    case .compareAndSwap:
      let expected = try reader.optionalBytes(.value, limit: limits.valueBytes)
      return .compareAndSwap(key, expected: expected, new: try reader.bytes(.value, limit: limits.valueBytes))
    case .increment:
      try reader.need(8, .operation)
      return .increment(key, by: reader.number(Int64.self))
    case .append: return .append(key, try reader.bytes(.value, limit: limits.valueBytes))
    case .exchange:
      try reader.need(1, .condition)
      let code = reader.byte()
      guard let condition = PutCondition(rawValue: code) else {
        throw reader.error(.unknownValue(.condition, found: UInt64(code)), back: 1)
      }
      return .exchange(key, try reader.bytes(.value, limit: limits.valueBytes), condition)
    case .length: return .length(key)
    case .getMany, .countPresent, .putMany, .deleteMany:
      preconditionFailure("an operation over several keys has no one key")
    }
  }

  private static func keys(from reader: inout WireReader) throws(WireError) -> NonEmpty<Key> {
    let count = try reader.count(.keys, limit: reader.limits.listLength, minimumSize: 4)
    var keys: [Key] = []
    keys.reserveCapacity(count)
    for _ in 0..<count { keys.append(Key(try reader.bytes(.key, limit: reader.limits.keyBytes))) }
    guard let list = NonEmpty(keys) else { throw reader.error(.unknownValue(.keys, found: 0), back: 4) }
    return list
  }

  private static func pairs(from reader: inout WireReader) throws(WireError) -> NonEmpty<KeyedValue> {
    let count = try reader.count(.keys, limit: reader.limits.listLength, minimumSize: 8)
    var pairs: [KeyedValue] = []
    pairs.reserveCapacity(count)
    for _ in 0..<count {
      let key = Key(try reader.bytes(.key, limit: reader.limits.keyBytes))
      pairs.append(KeyedValue(key, try reader.bytes(.value, limit: reader.limits.valueBytes)))
    }
    guard let list = NonEmpty(pairs) else { throw reader.error(.unknownValue(.keys, found: 0), back: 4) }
    return list
  }
}

extension WireWriter {
  /// A flag, and if it is set a size and as many bytes.
  @inline(__always)
  mutating func optionalBytes(_ value: [UInt8]?) {
    flag(value != nil)
    if let value { bytes(value) }
  }
}

extension WireReader {
  @inline(__always)
  mutating func optionalBytes(_ field: WireField, limit: Int) throws(WireError) -> [UInt8]? {
    try need(1, field)
    return try flag() ? try bytes(field, limit: limit) : nil
  }
}
