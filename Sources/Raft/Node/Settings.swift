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

  /// How long a follower may leave what a secretary was to pass on unanswered, and how long a secretary may be silent,
  /// before the leader goes on directly: less than half of the shortest election timeout, so that no follower misses
  /// its leader (rule L3).
  public var relayTimeout: TimeSpan = .milliseconds(450)
  /// Whom secretaries serve.
  public var relayReach: RelayReach = .locality
  /// Which way followers answer what a secretary passed on.
  public var acknowledgements: AcknowledgementRoute = .direct
  /// The most secretaries that a leader works with.
  public var maximumSecretaries = 64
  /// The most observers that a member feeds.
  public var maximumFeeds = 1_024
  /// How long an observer that does not ask is taken for interested.
  public var feedExpiry: TimeSpan = .seconds(2)

  /// Whom secretaries serve.
  public enum RelayReach: String, Sendable, Hashable, CaseIterable {
    /// The followers at their own place; others are served directly.
    case locality
    /// The followers at their own place first, and those that have no secretary there, too.
    case group
  }

  /// Which way followers answer what a secretary passed on (the two topologies of the elastic papers' prototypes).
  public enum AcknowledgementRoute: String, Sendable, Hashable, CaseIterable {
    /// Straight to the leader.
    case direct
    /// By the secretary, which carries them to the leader as they are.
    case carried
  }

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
