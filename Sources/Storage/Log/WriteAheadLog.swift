import Raft

/// The durable state of one member: a segmented log of writes and snapshot markers, and snapshot files beside it.
///
/// A log has one owner. What is appended is durable once ``flush()`` has returned; a log that has thrown takes nothing more.
public final class WriteAheadLog {
  /// Sets up an empty directory for a new member, or ends a set-up that a crash interrupted.
  public static func setUp(
    _ files: DiskFiles, identity: StorageIdentity, bootstrap: Configuration, settings: StorageSettings
  ) throws(StorageError) { fatalError("to be built") }

  /// Whose storage a directory is; nil when it was never set up.
  public static func identity(in files: DiskFiles) throws(StorageError) -> StorageIdentity? {
    fatalError("to be built")
  }

  /// Opens the storage of a member and reads what it holds; `identity` is whose it must be.
  public static func open(
    _ files: DiskFiles, identity: StorageIdentity, settings: StorageSettings
  ) throws(StorageError) -> (log: WriteAheadLog, recovered: RecoveredStorage) { fatalError("to be built") }
}
