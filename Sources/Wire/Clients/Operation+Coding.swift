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
  }

  @inline(__always)
  var encodedSize: Int {
    switch self {
    case .get(let key), .delete(let key): 5 + key.bytes.count
    case .put(let key, let value), .append(let key, let value): 9 + key.bytes.count + value.count
    case .compareAndSwap(let key, let expected, let new):
      10 + key.bytes.count + (expected.map { 4 + $0.count } ?? 0) + new.count
    case .increment(let key, _): 13 + key.bytes.count
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
    }
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
    let key = Key(try reader.bytes(.key, limit: limits.keyBytes))
    switch kind {
    case .get: self = .get(key)
    case .put: self = .put(key, try reader.bytes(.value, limit: limits.valueBytes))
    case .delete: self = .delete(key)
    case .compareAndSwap:
      let expected = try reader.optionalBytes(.value, limit: limits.valueBytes)
      self = .compareAndSwap(key, expected: expected, new: try reader.bytes(.value, limit: limits.valueBytes))
    case .increment:
      try reader.need(8, .operation)
      self = .increment(key, by: reader.number(Int64.self))
    case .append: self = .append(key, try reader.bytes(.value, limit: limits.valueBytes))
    }
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
