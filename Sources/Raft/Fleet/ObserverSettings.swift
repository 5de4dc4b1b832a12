/// How an observer takes its feed.
public struct ObserverSettings: Sendable, Hashable {
  /// The time between two requests to the source when nothing comes.
  public var requestInterval: TimeSpan = .milliseconds(150)
  /// How long a source may be silent before the next one is asked.
  public var sourceTimeout: TimeSpan = .milliseconds(600)
  /// How long a source that was silent or refused is passed over.
  public var sourceAvoidance: TimeSpan = .seconds(2)
  /// How many entries a source may send ahead of the next request.
  public var window: UInt32 = 4_096
  /// Whom the feed is taken from.
  public var feed: FeedPreference = .nearest

  /// Who is asked for the index of linearizable reads.
  public var readIndex: ReadIndexSource = .leader

  /// Who is asked for the index of linearizable reads.
  public enum ReadIndexSource: String, Sendable, Hashable, CaseIterable {
    /// The leader, which makes sure that it still leads.
    case leader
    /// All voters, of which the nearest majority counts: cheaper where that is nearer than the leader, and it spares the
    /// leader. For research; where configurations change, and where too few answer, the leader is asked after all.
    case quorum
  }

  /// Whom an observer takes its feed from.
  public enum FeedPreference: Sendable, Hashable {
    /// The first of the sources that answers: hosts list them nearest first.
    case nearest
    /// The leader, and others only while none is known.
    case leader
  }

  /// The documented defaults.
  public init() {}
}
