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
