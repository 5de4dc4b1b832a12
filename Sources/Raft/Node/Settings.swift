/// How one member of a group behaves. The defaults suit a group across regions.
public struct Settings: Sendable, Hashable {
  /// The range that election timeouts are drawn from; the lower bound is also how long a leader is sticky.
  public var electionTimeout: ClosedRange<TimeSpan> = .milliseconds(1_000)...(.milliseconds(2_000))
  /// The time between two heartbeats of a leader.
  public var heartbeatInterval: TimeSpan = .milliseconds(150)
  /// Whether a node asks before it raises its term (thesis, 9.6).
  public var usesPreVote = true
  /// Whether a leader steps down when it has not heard from a quorum for an election timeout, and voters ignore
  /// candidates while they hear from a leader (thesis, 6.2 and 4.2.3).
  public var checksQuorum = true
  /// The most entries in one append message.
  public var maximumEntriesPerMessage = 1_024
  /// The most payload bytes in one append message; a single larger entry still travels alone.
  public var maximumBytesPerMessage = 1 << 20
  /// The most append messages in flight to one follower.
  public var maximumInflightMessages = 256
  /// The most bytes that may wait to be committed; beyond it proposals are refused.
  public var maximumUncommittedBytes = 64 << 20
  /// The size of a snapshot chunk in bytes.
  public var snapshotChunkBytes = 256 << 10
  /// A learner may be promoted when it lags the leader by at most this many entries: by default as many as one message
  /// carries. Under load even a learner that keeps up lags by what is on the way to it.
  public var promotionLag = 1_024
  /// The least time between two rounds started for reads alone; reads that arrive in between share the next one.
  public var readBatchInterval: TimeSpan = .milliseconds(1)
  /// How the leader makes sure that it still leads before it serves a read.
  public var readConfirmation: ReadConfirmation = .round
  /// A leader whose commit index stands still for this long while entries wait steps down; nil: it stays (trap 61).
  public var commitStallTimeout: TimeSpan?

  /// How the leader makes sure that it still leads before it serves a read.
  public enum ReadConfirmation: Sendable, Hashable {
    /// A round started after the read arrived, acknowledged by a quorum.
    case round
    /// A lease measured from the sending of a round that a quorum acknowledged, shortened by the drift bound:
    /// clocks of two members may diverge by at most this many parts per million.
    case lease(clockDriftPartsPerMillion: Int)
  }

  /// The documented defaults.
  public init() {}
}
