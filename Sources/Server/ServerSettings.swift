import KeyValue
import Raft

/// How a server answers clients and when it takes snapshots.
public struct ServerSettings: Hashable, Sendable {
  /// Applied entries between two snapshots; zero takes none.
  public var snapshotEvery = 10_000
  /// Entries kept behind a snapshot for slow followers.
  public var keepEntries = 5_000
  /// The most requests that may wait for an answer; further ones are turned away as busy.
  public var maximumPending = 65_536
  /// The most bytes of a snapshot that may arrive.
  public var maximumSnapshotBytes = 1 << 30
  /// How long a batch of reads waits for its read index before it is turned away.
  public var readTimeoutMilliseconds: Int64 = 2_000
  /// How old the state may be that answers a bounded read: it reflects every operation that ended longer ago.
  public var boundedAge: TimeSpan = .seconds(1)
  /// Whether a follower serves linearizable reads with a read index of its leader instead of redirecting.
  public var servesFollowerReads = false
  /// Whether the sequence of applied commands is reported, for audits.
  public var reportsApplied = false
  /// Whether an observer reports the entries that it applied, for audits.
  public var reportsObserved = false
  /// The bounds of the state machine; equal on all replicas.
  public var limits = StoreLimits()

  /// The documented defaults.
  public init() {}
}
