/// A key: a short string of bytes.
public struct Key: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// The bytes.
  public var bytes: [UInt8]

  /// Makes a key from bytes.
  public init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// Makes a key from a string's UTF-8 bytes.
  public init(_ string: String) { bytes = Array(string.utf8) }

  /// Compares byte by byte.
  public static func < (left: Key, right: Key) -> Bool { left.bytes.lexicographicallyPrecedes(right.bytes) }

  /// The key as text; bytes that are not UTF-8 are replaced.
  public var description: String { String(decoding: bytes, as: UTF8.self) }
}

/// A value: any bytes.
public typealias Value = [UInt8]

/// What a client can ask of the key-value store.
public enum Operation: Hashable, Sendable {
  /// Reads a key.
  case get(Key)
  /// Stores a value.
  case put(Key, Value)
  /// Removes a key.
  case delete(Key)
  /// Stores `new` when the key holds `expected` (nil: is absent).
  case compareAndSwap(Key, expected: Value?, new: Value)
  /// Adds to a decimal integer; an absent key counts as 0.
  case increment(Key, by: Int64)
  /// Appends bytes to the value; an absent key counts as empty.
  case append(Key, Value)

  /// The key that the operation concerns.
  public var key: Key {
    switch self {
    case .get(let key), .put(let key, _), .delete(let key), .compareAndSwap(let key, _, _), .increment(let key, _),
      .append(let key, _):
      key
    }
  }

  /// Whether the operation changes nothing.
  public var isRead: Bool {
    if case .get = self { true } else { false }
  }
}

/// What an operation answers.
public enum OperationResult: Hashable, Sendable {
  /// The value of a `get`; nil when the key is absent.
  case value(Value?)
  /// A `put` was done.
  case stored
  /// A `delete` was done; whether the key existed.
  case deleted(existed: Bool)
  /// A `compareAndSwap` was done (nil), or found another value than expected.
  case swapped(Bool, found: Value?)
  /// The integer after an `increment`.
  case incremented(Int64)
  /// The length in bytes after an `append`.
  case appended(length: Int)
  /// The operation does not apply to the value, which stays as it is.
  case refused(Refusal)

  /// Why an operation does not apply.
  public enum Refusal: UInt8, Hashable, Sendable {
    /// `increment` found something that is no decimal integer of 64 bits.
    case notAnInteger = 1
    /// `increment` would leave 64 bits.
    case overflow = 2
    /// The value would exceed the store's limit.
    case tooLarge = 3
  }
}

/// Names a client session; chosen by the client, unique in a run.
public struct ClientID: Hashable, Comparable, Sendable {
  /// The name as a plain number.
  public var rawValue: UInt64
  /// Makes a name from a plain number.
  public init(_ rawValue: UInt64) { self.rawValue = rawValue }
  /// Orders by number.
  public static func < (left: ClientID, right: ClientID) -> Bool { left.rawValue < right.rawValue }
}

/// Numbers a client's commands from 1; a retry repeats the number (Raft thesis, 6.3).
public struct SequenceNumber: Hashable, Comparable, Sendable {
  /// The number.
  public var rawValue: UInt64
  /// Makes a sequence number from a plain number.
  public init(_ rawValue: UInt64) { self.rawValue = rawValue }
  /// Orders by number.
  public static func < (left: SequenceNumber, right: SequenceNumber) -> Bool { left.rawValue < right.rawValue }
}
