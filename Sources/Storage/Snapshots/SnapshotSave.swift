import Raft

/// A snapshot to make durable, in order with the writes: after it, recovery needs no entry that it covers.
public struct SnapshotSave: Sendable {
  /// What it stands for.
  public var description: SnapshotDescription
  /// Its bytes.
  public var bytes: [UInt8]
  /// Whether it came from the leader and replaces the whole log.
  public var replacesLog: Bool

  /// Makes a snapshot to be saved.
  public init(description: SnapshotDescription, bytes: [UInt8], replacesLog: Bool) {
    self.description = description
    self.bytes = bytes
    self.replacesLog = replacesLog
  }
}
