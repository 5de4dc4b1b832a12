import Raft

/// The thread that writes a log: what is queued while a durable write is under way shares the next one (group commit).
public final class StorageWriter: Sendable {
  /// Starts the thread on a log that was just opened. `report` is called on that thread, once after every durable write.
  public init(_ log: sending WriteAheadLog, report: @escaping @Sendable (StorageReport) -> Void) {
    fatalError("to be built")
  }

  /// Queues writes, and snapshots that follow on them, in order.
  public func submit(_ writes: ContiguousArray<Write>, _ snapshots: ContiguousArray<SnapshotSave>) {
    fatalError("to be built")
  }

  /// Makes durable what is queued, reports it, and ends the thread.
  public func stop() { fatalError("to be built") }
}
