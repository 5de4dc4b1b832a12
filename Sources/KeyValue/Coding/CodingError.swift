/// Why bytes are no command or no result.
public enum CodingError: Error, Hashable, Sendable {
  /// The bytes end before what they announce.
  case truncated(at: Int)
  /// The version byte is one that this code does not know.
  case unknownVersion(UInt8)
  /// The byte for the kind is one that this code does not know.
  case unknownKind(UInt8)
  /// A number is longer than it need be, or than 64 bits.
  case malformedNumber(at: Int)
  /// Bytes are left over.
  case trailingBytes(Int)
}
