/// What an observer wants its host to do. Buffers keep their capacity between turns.
public struct ObserverEffects: Sendable {
  /// Messages to send, in order.
  public var messages: ContiguousArray<Envelope> = []
  /// Committed entries to apply, in order.
  public var entries: ContiguousArray<CommittedRun> = []
  /// Chunks of a snapshot to stage in order; after the last one the host restores it and calls
  /// ``ObserverNode/snapshotInstalled(_:at:)`` or ``ObserverNode/snapshotRefused(_:at:)``.
  public var snapshotChunks: ContiguousArray<FeedSnapshot> = []
  /// Reads that have their index, or were turned away.
  public var reads: ContiguousArray<ReadOutcome> = []

  /// No effects.
  public init() {}

  /// Whether there is nothing to do.
  public var isEmpty: Bool { messages.isEmpty && entries.isEmpty && snapshotChunks.isEmpty && reads.isEmpty }
}

/// Consecutive committed entries.
public struct CommittedRun: Sendable {
  /// The entry before the first one.
  public var previous: LogPosition
  /// The entries.
  public var entries: ArraySlice<Entry>
}

/// What an observer did since it started.
public struct ObserverCounters: Sendable, Hashable {
  /// Times that it went to another source.
  public var sourceChanges = 0
  /// Streams begun anew with the same source, since something was lost on the way.
  public var streamsRestarted = 0
  /// Snapshots installed.
  public var snapshots = 0

  /// Nothing done yet.
  public init() {}

  /// Both counts together.
  public static func + (left: ObserverCounters, right: ObserverCounters) -> ObserverCounters {
    var sum = left
    sum.sourceChanges += right.sourceChanges
    sum.streamsRestarted += right.streamsRestarted
    sum.snapshots += right.snapshots
    return sum
  }
}
