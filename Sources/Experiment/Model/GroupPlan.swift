import Raft

/// A Raft group: who is in it at the start, and how its members behave.
public struct GroupPlan: Hashable, Sendable {
  /// How many voters each site has, in the order of the spec.
  public var voters: [SiteCount] = []
  /// How many learners each site has, in the order of the spec.
  public var learners: [SiteCount] = []
  /// How the members behave.
  public var raft = Settings()
  /// A member takes a snapshot whenever it has applied this many entries since the last one; nil means never.
  public var snapshotEvery: Int? = 10_000
  /// How many entries before a snapshot stay in the log for slow followers.
  public var keepEntries = 5_000
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
