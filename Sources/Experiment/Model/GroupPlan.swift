import Raft

/// A Raft group: who is in it at the start, and how its members behave.
public struct GroupPlan: Hashable, Sendable {
  /// How many groups there are at the start; more than one only in Multi-Raft.
  public var count = 1
  /// How many voters each site has, in the order of the spec; of each group, when there are several.
  public var voters: [SiteCount] = []
  /// How many learners each site has, in the order of the spec.
  public var learners: [SiteCount] = []
  /// How the members behave, replication through secretaries apart.
  public var raft = Settings()
  /// How members replicate through secretaries.
  public var relay = RelayPlan()
  /// A member takes a snapshot whenever it has applied this many entries since the last one; nil means never.
  public var snapshotEvery: Int? = 10_000
  /// How many entries before a snapshot stay in the log for slow followers.
  public var keepEntries = 5_000
  /// How long a group of several may be led from elsewhere before leadership goes back to its home; nil means for ever.
  public var leaderHomeAfter: TimeSpan? = .seconds(5)
  /// How old the state may be that answers a bounded read.
  public var boundedAge = TimeSpan.seconds(1)
}

/// Replication through secretaries.
public struct RelayPlan: Hashable, Sendable {
  /// Whom secretaries serve.
  public var reach = Settings().relayReach
  /// How long a secretary may be silent before the leader goes on directly.
  public var timeout = Settings().relayTimeout
  /// Which way followers answer what a secretary passed on.
  public var acknowledgements = Settings().acknowledgements
}

extension GroupPlan {
  /// How the members behave in every respect.
  public var settings: Settings {
    var settings = raft
    settings.relayReach = relay.reach
    settings.relayTimeout = relay.timeout
    settings.acknowledgements = relay.acknowledgements
    return settings
  }
}

/// A number of nodes at a site.
public struct SiteCount: Hashable, Sendable {
  /// The site's name.
  public var site: String
  /// How many.
  public var count: Int

  /// Makes a number of nodes at a site.
  public init(site: String, count: Int) {
    self.site = site
    self.count = count
  }
}
