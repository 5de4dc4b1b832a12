import Emulation
import Raft

/// `follow-load`: moves leadership to the site that most writes come from, so that they start near their leader.
///
/// A site must offer `margin` times the writes of the leader's site for `patience` epochs in a row, and have a running
/// voter that is not about to go; of these the least busy one is chosen. Loads are known by site and not by group, so
/// with several groups all of their leaders move, each by the same rule.
public struct FollowLoadPolicy: MembershipPolicy {
  /// What may be set.
  public struct Settings: Hashable, Sendable {
    /// How many times as many writes another site must offer; by default 1.5.
    public var margin: Double
    /// For how many epochs in a row; by default 3.
    public var patience: Int

    /// Makes settings.
    public init(margin: Double = 1.5, patience: Int = 3) {
      self.margin = max(1, margin)
      self.patience = max(1, patience)
    }
  }

  private struct Rival {
    var site: SiteID
    var streak: Streak
  }

  /// The settings.
  public let settings: Settings
  private var rivals: [GroupID: Rival] = [:]

  /// Makes the policy.
  public init(_ settings: Settings = Settings()) { self.settings = settings }

  /// At most one transfer a group.
  public mutating func decide(_ observation: Observation) -> [ProposedAction] {
    observation.groups.compactMap { follow($0, observation) }
  }

  private mutating func follow(_ group: GroupObservation, _ observation: Observation) -> ProposedAction? {
    guard let leader = observation.leader(of: group) else { return nil }
    func heir(at site: SiteID) -> NodeObservation? {
      observation.nodes
        .filter { $0.site == site && $0.state == .running && !$0.isLeaving && group.voters.contains($0.id) }
        .min { $0.busyRatio != $1.busyRatio ? $0.busyRatio < $1.busyRatio : $0.id < $1.id }
    }
    func writes(_ site: SiteID) -> Double {
      observation.sites.first { $0.id == site }?.writes.offeredPerSecond ?? 0
    }
    var best: SiteObservation?
    for site in observation.sites where site.id != leader.site && heir(at: site.id) != nil {
      if site.writes.offeredPerSecond > best?.writes.offeredPerSecond ?? 0 { best = site }
    }
    guard let best, best.writes.offeredPerSecond > settings.margin * writes(leader.site) else {
      rivals[group.id] = nil
      return nil
    }
    var rival = rivals[group.id] ?? Rival(site: best.id, streak: Streak())
    if rival.site != best.id { rival = Rival(site: best.id, streak: Streak()) }
    let isTime = rival.streak.extend(if: true, until: settings.patience)
    rivals[group.id] = rival
    guard isTime, !group.isChangePending, let heir = heir(at: best.id) else { return nil }
    rivals[group.id] = nil
    return ProposedAction(
      .transferLeadership(group: group.id, to: heir.id),
      because: "\(best.name) has offered more writes than the leader's site for \(settings.patience) epochs")
  }
}
