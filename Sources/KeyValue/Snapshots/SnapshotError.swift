/// Why bytes are no snapshot.
public enum SnapshotError: Error, Hashable, Sendable {
  /// The bytes do not begin like a snapshot.
  case notASnapshot
  /// The format is one that this code does not know.
  case unknownVersion(UInt8)
  /// The snapshot was made by a store with other limits, so that replicas would go different ways.
  case otherLimits(StoreLimits)
  /// A part of the snapshot is longer than the limits allow.
  case frameTooLong(UInt64, offset: Int)
  /// A part of the snapshot is not what it should be.
  case malformed(CodingError, offset: Int)
  /// The parts do not follow each other as they must.
  case wrongOrder(offset: Int)
  /// The number of keys or sessions is not the one announced.
  case wrongCount(offset: Int)
  /// The checksum does not fit the bytes.
  case checksumMismatch
  /// The snapshot goes on after its end.
  case trailingBytes(offset: Int)
  /// The bytes ended before the snapshot did.
  case incomplete(bytes: Int)
}
