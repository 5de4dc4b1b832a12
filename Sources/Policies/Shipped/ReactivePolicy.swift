import Emulation
import Raft

/// `reactive`: thresholds on how busy the leader and each site's servers of reads were in the last epoch (paper 3.4).
///
/// * Leader above `high`: one secretary at the site with most followers that no secretary relays to, if at least two.
/// * Leader below `low` for `patience` epochs: one secretary less, where that costs the fewest copies, unless the
///   leader would then be above `high` again.
/// * A site's servers of reads above `high` on average: one observer there. Below `low` for `patience` epochs: one
///   less, the newest, unless the rest would then be above `high`.
///
/// A node that is starting counts as if it served already, so one overload does not book twice; a node under notice
/// does not count any more.
public struct ReactivePolicy: MembershipPolicy {
  /// What may be set.
  public struct Settings: Hashable, Sendable {
    /// The busy ratio above which help is hired, in 0 ... 1; by default 0.7.
    public var high: Double
    /// The busy ratio below which help is dismissed, in 0 ... 1; by default 0.3.
    public var low: Double
    /// Epochs in a row below `low` before help is dismissed; by default 3.
    public var patience: Int
    /// The market to hire in; nil means the cheapest; by default spot.
    public var market: Market?
    /// Followers that one secretary serves; by default 8.
    public var followersPerSecretary: Int

    /// Makes settings.
    public init(
      high: Double = 0.7, low: Double = 0.3, patience: Int = 3, market: Market? = .spot, followersPerSecretary: Int = 8
    ) {
      self.high = high
      self.low = low
      self.patience = max(1, patience)
      self.market = market
      self.followersPerSecretary = max(1, followersPerSecretary)
    }
  }

  /// The settings.
  public let settings: Settings
  private var idleLeader: [GroupID: Streak] = [:]
  private var idleReads: [SiteID: Streak] = [:]

  /// Makes the policy.
  public init(_ settings: Settings = Settings()) { self.settings = settings }

  /// At most one step a group for its leader and one a site for its reads.
  public mutating func decide(_ observation: Observation) -> [ProposedAction] {
    var actions: [ProposedAction] = []
    for group in observation.groups {
      let layout = GroupLayout(group, in: observation)
      if observation.limits.fleetRoles.contains(.secretary), let leader = observation.leader(of: group) {
        if let action = relieve(leader, of: group, layout, observation) { actions.append(action) }
      }
    }
    if observation.limits.fleetRoles.contains(.observer) {
      for site in observation.sites {
        if let action = serveReads(at: site.id, observation) { actions.append(action) }
      }
    }
    return actions
  }

  private mutating func relieve(
    _ leader: NodeObservation, of group: GroupObservation, _ layout: GroupLayout, _ observation: Observation
  ) -> ProposedAction? {
    let busy = leader.busyRatio
    let isIdle = idleLeader[group.id, default: Streak()].extend(if: busy < settings.low, until: settings.patience)
    if busy > settings.high {
      let unassigned = observation.sites.map { site in
        let relayed = layout.fleet(.secretary, at: site.id).count * settings.followersPerSecretary
        return (site: site.id, count: max(0, layout.followers[site.id, default: 0] - relayed))
      }
      guard let most = unassigned.map(\.count).max(), most >= 2,
        let site = unassigned.first(where: { $0.count == most })?.site,
        let offer = observation.cheapestOffer(at: site, in: settings.market)
      else { return nil }
      return ProposedAction(
        .hire(.secretary, group: group.id, at: offer.placement),
        because: "leader busy \(percent(busy)), \(most) followers of \(observation.name(of: site)) without a secretary")
    }
    guard isIdle else { return nil }
    func copies(without id: NodeID?) -> Int {
      layout.copies { site in layout.fleet(.secretary, at: site).filter { $0.id != id }.count }
    }
    let candidates = layout.fleet.filter { $0.role == .secretary }.map { (node: $0, copies: copies(without: $0.id)) }
    guard let least = candidates.min(by: { ($0.copies, $1.node.id) < ($1.copies, $0.node.id) }),
      busy * Double(least.copies) / Double(max(1, copies(without: nil))) < settings.high
    else { return nil }
    idleLeader[group.id, default: Streak()].reset()
    return ProposedAction(
      .dismiss(least.node.id), because: "leader busy \(percent(busy)), below \(percent(settings.low)) for long enough")
  }

  private mutating func serveReads(at site: SiteID, _ observation: Observation) -> ProposedAction? {
    let servers = observation.nodes.filter {
      $0.site == site && ($0.role == .voter || $0.role == .observer) && !$0.isLeaving && $0.state != .down
    }
    let running = servers.filter { $0.state == .running }
    guard !running.isEmpty else { return nil }
    // The load is spread over those that are starting, too, as it will be once they run.
    let busy = running.reduce(0) { $0 + $1.busyRatio } / Double(servers.count)
    let isIdle = idleReads[site, default: Streak()].extend(if: busy < settings.low, until: settings.patience)
    if busy > settings.high {
      guard let offer = observation.cheapestOffer(at: site, in: settings.market),
        let group = servers.map(\.group).min()
      else { return nil }
      return ProposedAction(
        .hire(.observer, group: group, at: offer.placement),
        because: "servers of reads at \(observation.name(of: site)) busy \(percent(busy))")
    }
    guard isIdle, let newest = servers.last(where: { $0.role == .observer }), servers.count > 1,
      busy * Double(servers.count) / Double(servers.count - 1) < settings.high
    else { return nil }
    idleReads[site, default: Streak()].reset()
    return ProposedAction(
      .dismiss(newest.id),
      because: "servers of reads at \(observation.name(of: site)) busy \(percent(busy)) for long enough")
  }
}
