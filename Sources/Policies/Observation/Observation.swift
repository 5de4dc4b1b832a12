import Emulation
import Raft

/// All that a policy is told at the end of an epoch. The same in every world.
public struct Observation: Hashable, Sendable {
  /// The number of the epoch that just ended, from 0.
  public var epoch: Int
  /// Time since the start of the run.
  public var at: Instant
  /// How long an epoch is.
  public var epochLength: TimeSpan
  /// What is being run.
  public var system: SystemKind
  /// The sites, by number.
  public var sites: [SiteObservation]
  /// The instances that exist, by number of their nodes.
  public var nodes: [NodeObservation]
  /// The groups, by number.
  public var groups: [GroupObservation]
  /// Whether a group is being added or removed, which moves keys.
  public var isGroupChangePending: Bool
  /// The capacity on offer now, in the order of placements.
  public var offers: [Offer]
  /// The epochs to come, as many as the policy asked for and the run still has.
  public var forecasts: [EpochForecast]
  /// What may be spent.
  public var budget: Budget
  /// The longest latencies that count as good.
  public var serviceLevel: ServiceLevel
  /// What no policy may exceed.
  public var limits: Limits

  /// Makes an observation; nodes, groups, sites and offers are put in order.
  public init(
    epoch: Int, at: Instant, epochLength: TimeSpan, system: SystemKind, sites: [SiteObservation],
    nodes: [NodeObservation], groups: [GroupObservation], isGroupChangePending: Bool = false, offers: [Offer],
    forecasts: [EpochForecast] = [], budget: Budget, serviceLevel: ServiceLevel, limits: Limits
  ) {
    self.epoch = epoch
    self.at = at
    self.epochLength = epochLength
    self.system = system
    self.sites = sites.sorted { $0.id < $1.id }
    self.nodes = nodes.sorted { $0.id < $1.id }
    self.groups = groups.sorted { $0.id < $1.id }
    self.isGroupChangePending = isGroupChangePending
    self.offers = offers.sorted { $0.placement < $1.placement }
    self.forecasts = forecasts
    self.budget = budget
    self.serviceLevel = serviceLevel
    self.limits = limits
  }
}

extension Observation {
  /// The node with that number, when its instance exists.
  public func node(_ id: NodeID) -> NodeObservation? { nodes.first { $0.id == id } }
  /// The group with that number.
  public func group(_ id: GroupID) -> GroupObservation? { groups.first { $0.id == id } }
  /// The site's name; its number when it has none.
  public func name(of site: SiteID) -> String { sites.first { $0.id == site }?.name ?? "site \(site.rawValue)" }
  /// What is on offer in a pool.
  public func offer(for placement: Placement) -> Offer? { offers.first { $0.placement == placement } }
  /// The leader of a group, when it is known and its instance exists.
  public func leader(of group: GroupObservation) -> NodeObservation? { group.leader.flatMap { node($0) } }

  /// The cheapest capacity at a site, in one market when one is given; the first placement wins a tie.
  public func cheapestOffer(at site: SiteID, in market: Market? = nil) -> Offer? {
    offers.filter { $0.placement.site == site && (market == nil || $0.placement.market == market) }
      .min { ($0.price, $0.placement) < ($1.price, $1.placement) }
  }

  /// The nodes of a group with a role at a site that are not about to be taken away, also those that are starting.
  public func staying(_ role: NodeObservation.Role, at site: SiteID, in group: GroupID) -> [NodeObservation] {
    nodes.filter { $0.role == role && $0.site == site && $0.group == group && !$0.isLeaving }
  }

  /// What the nodes that stay cost in one epoch at the prices now.
  public var standingCost: Money {
    nodes.filter { !$0.isLeaving }.reduce(.zero) { $0 + $1.price.cost(of: epochLength) }
  }

  /// The next epoch as one would guess it without foresight: like the last one.
  public var persistence: EpochForecast {
    EpochForecast(
      loads: sites.map {
        SiteLoad(
          site: $0.id, readsPerSecond: $0.reads.offeredPerSecond, writesPerSecond: $0.writes.offeredPerSecond)
      }, offers: offers)
  }
}
