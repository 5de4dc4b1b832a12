/// How a log uses its disk.
public struct StorageSettings: Hashable, Sendable {
  /// The bytes of a segment, a multiple of 512.
  public var segmentBytes = 64 << 20
  /// The bytes that are to stay available on the disk beside the segments that are there; below, the disk counts as
  /// nearly full.
  public var reserveBytes = 128 << 20
  /// The bytes of writes after which a durable write starts, though more are waiting.
  public var batchBytes = 4 << 20
  /// How many bytes of a snapshot are written between two durable writes of the log.
  public var snapshotChunkBytes = 1 << 20
  /// How many segments that are no longer needed are kept for reuse.
  public var spareSegments = 2

  /// The defaults.
  public init() {}
}

/// Whether the disk has room.
public enum StorageSpace: Hashable, Sendable {
  /// There is room.
  case ample
  /// Only the reserve is left, or less: the host refuses proposals until a snapshot or somebody has made room.
  case nearlyFull
}
