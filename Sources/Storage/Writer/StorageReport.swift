import Raft

/// What a storage tells its host, from the thread that writes.
public enum StorageReport: Sendable {
  /// All writes up to `through` and these snapshots are durable.
  case durable(through: WriteSequence, snapshots: ContiguousArray<SnapshotSave>, space: StorageSpace)
  /// The storage failed for good; nothing more is reported.
  case failed(StorageError)
}
