import Emulation
import Raft

/// The four systems that are compared (DESIGN 4.4).
public enum SystemKind: String, Hashable, Sendable, CaseIterable {
  /// One group, no fleet.
  case raft
  /// Shards over groups, each with a voter at every site.
  case multiRaft = "multi-raft"
  /// One group with secretaries and observers.
  case geoRaft = "geo-raft"
  /// As `geo-raft`, with a budget for every epoch.
  case bwRaft = "bw-raft"
}

/// What no policy may exceed.
public struct Limits: Hashable, Sendable {
  /// The most instances at one site.
  public var instancesPerSite: Int
  /// The most instances in all.
  public var instances: Int
  /// The voters a group is wished to have: removal stops there.
  public var votersPerGroup: Int
  /// The most voters a group may have.
  public var mostVotersPerGroup: Int
  /// The sites of the voters of a group that is added, an entry for each voter.
  public var newGroupSites: [SiteID]
  /// The most groups.
  public var groups: Int
  /// The roles the system's fleet may have.
  public var fleetRoles: Set<FleetRole>

  /// Makes limits.
  public init(
    instancesPerSite: Int, instances: Int, votersPerGroup: Int, mostVotersPerGroup: Int, newGroupSites: [SiteID],
    groups: Int, fleetRoles: Set<FleetRole>
  ) {
    self.instancesPerSite = instancesPerSite
    self.instances = instances
    self.votersPerGroup = votersPerGroup
    self.mostVotersPerGroup = mostVotersPerGroup
    self.newGroupSites = newGroupSites
    self.groups = groups
    self.fleetRoles = fleetRoles
  }
}

/// What may be spent.
public struct Budget: Hashable, Sendable {
  /// The most that one epoch may cost; nil means no cap.
  public var perEpoch: Money?
  /// What is left for the rest of the run; nil means no cap.
  public var remaining: Money?
  /// How many epochs the run still has, with the next one.
  public var epochsLeft: Int

  /// Makes a budget.
  public init(perEpoch: Money? = nil, remaining: Money? = nil, epochsLeft: Int) {
    self.perEpoch = perEpoch
    self.remaining = remaining
    self.epochsLeft = epochsLeft
  }

  /// The most that the next epoch may cost: the lower of the cap of an epoch and what is left; nil means no cap.
  public var nextEpoch: Money? {
    guard let perEpoch, let remaining else { return perEpoch ?? remaining }
    return min(perEpoch, remaining)
  }
}

/// The longest latencies that count as good.
public struct ServiceLevel: Hashable, Sendable {
  /// For reads.
  public var read: TimeSpan
  /// For writes.
  public var write: TimeSpan

  /// Makes a service level.
  public init(read: TimeSpan, write: TimeSpan) {
    self.read = read
    self.write = write
  }
}
