import Cloud
import Emulation
import Experiment
import Raft
import Traces

/// The fleet's instances: what was asked of the markets, which nodes work on what came, and what all of it costs.
struct FleetManager {
  /// An instance that was asked for, and what for.
  struct Post {
    var instance: InstanceID
    var role: NodeRole
    var site: SiteID
    var decidedBy: String
    var reason: String
    var state: State
    /// The name of its node, once it has one.
    var name: String?
    /// When its node was told that it goes, by the world's clock, and when it goes, by the markets'.
    var noticed: Instant?
    var revokedAt: Instant?
  }

  /// How far an instance is.
  enum State {
    /// Asked for, or booting.
    case starting
    /// A node works on it.
    case working(NodeID)
    /// It is over.
    case gone(NodeID?)
  }

  let plan: FleetPlan
  var markets: SpotMarkets
  /// By number of the instance.
  var posts: [Post] = []
  /// How many nodes there ever were of each role at each site, for names.
  private var counts: [Int]
  /// How many instances were lost since the last epoch.
  var lostInEpoch = 0

  init(_ spec: ExperimentSpec) throws {
    plan = spec.fleet
    counts = Array(repeating: 0, count: spec.sites.count * 2)
    markets = try SpotMarkets(
      FleetManager.settings(spec), random: RandomSource(seed: spec.seed, stream: 0x59_07))
  }

  private static func settings(_ spec: ExperimentSpec) throws -> [MarketSettings] {
    guard spec.system.hasFleet else { return [] }
    let fleet = try spec.sites.enumerated().map { place, site in
      let listed = InstanceCatalog.named(spec.fleet.instance)?.price(in: site)
      let onDemand = spec.onDemandPrice(of: spec.fleet.instance, at: site)
      let spot: PriceSeries
      switch spec.spot.price {
      case .catalog: spot = .constant(listed?.spotMean ?? .free)
      case .constant(let rate): spot = .constant(rate)
      case .recorded(let series): spot = series[site] ?? .constant(listed?.spotMean ?? .free)
      case .generated(let median, let deviation, let reversion):
        var random = RandomSource(seed: spec.seed, stream: 0x5907_0000 + UInt64(place))
        spot = try GeneratedPrices(
          median: median ?? listed?.spotMean ?? .free, deviation: deviation, reversion: reversion
        ).series(until: spec.duration, random: &random)
      }
      return MarketSettings(
        id: MarketID(site: SiteID(UInt16(place)), type: spec.fleet.instance), onDemand: onDemand, spot: spot,
        revocation: spec.spot.revocation.model(at: site), notice: spec.spot.noticeRule, startUp: spec.spot.startUp)
    }
    // Fleets may also be hired on the members' type, on demand.
    let type = InstanceTypeName(spec.resources.name)
    guard type != spec.fleet.instance else { return fleet }
    return fleet
      + spec.sites.enumerated().map { place, site in
        let price = spec.onDemandPrice(of: type, at: site)
        return MarketSettings(
          id: MarketID(site: SiteID(UInt16(place)), type: type), onDemand: price, spot: .constant(price),
          startUp: spec.spot.startUp)
      }
  }

  /// The ways in which a market's instances can be bought: only the fleet's own type is on the spot market.
  func purchases(from market: MarketID) -> [Purchase] { market.type == plan.instance ? Purchase.allCases : [.onDemand] }

  /// Asks for an instance for a node.
  mutating func request(
    _ role: NodeRole, on type: InstanceTypeName, at site: SiteID, _ purchase: Purchase, by decidedBy: String,
    _ reason: String
  ) throws(MarketError) {
    let id = try markets.request(purchase, from: MarketID(site: site, type: type))
    posts.append(
      Post(instance: id, role: role, site: site, decidedBy: decidedBy, reason: reason, state: .starting))
  }

  /// Asks for the instances that the fleet has from the start.
  mutating func requestFirst(of spec: ExperimentSpec) throws(MarketError) {
    for (role, counts) in [(NodeRole.secretary, plan.secretaries), (.observer, plan.observers)] {
      for entry in counts {
        guard let site = spec.siteID(of: entry.site) else { continue }
        for _ in 0..<entry.count {
          try request(role, on: plan.instance, at: site, plan.purchase, by: "spec", "the spec's fleet")
        }
      }
    }
  }

  /// The row of an instance that the provider took back: at `now` by the world's clock, `instant` by the markets'.
  func revocation(
    of post: Post, node: String, at now: Instant, instant: Instant, site: String, cause: String, activity: String
  ) -> RevocationRow {
    let instance = markets.instances[post.instance.slot]
    let launched = instance.phase.launched ?? instance.requested
    return RevocationRow(
      at: now, noticed: post.noticed, market: "\(instance.market.type)@\(site)", node: node, role: post.role,
      site: site,
      cause: cause, price: price(of: post, at: instant).nanoUSDPerHour, age: max(.zero, instant - launched),
      activity: activity)
  }

  /// The name of the next node of a role at a site: `us-east-1.s0`, `us-east-1.o0`.
  mutating func nextName(_ role: NodeRole, at site: SiteID, called name: String) -> String {
    let place = site.slot * 2 + (role == .secretary ? 0 : 1)
    defer { counts[place] += 1 }
    return "\(name).\(role == .secretary ? "s" : "o")\(counts[place])"
  }

  /// The place of the post on which a node works.
  func place(of node: NodeID) -> Int? {
    posts.lastIndex { post in
      if case .working(node) = post.state { true } else { false }
    }
  }

  /// How many nodes of a role work.
  func working(_ role: NodeRole) -> Int {
    posts.count { post in
      if case .working = post.state { post.role == role } else { false }
    }
  }

  /// What an instance costs at a moment by the markets' clock; now, unless another is given.
  func price(of post: Post, at instant: Instant? = nil) -> HourlyRate {
    let instance = markets.instances[post.instance.slot]
    return markets.settings.first { $0.id == instance.market }?
      .prices(instance.purchase).value(at: instant ?? markets.now) ?? .free
  }

  func market(of post: Post) -> MarketID { markets.instances[post.instance.slot].market }
}

extension ExperimentSpec {
  /// What an instance of a type costs on demand at a site: what `costs.on_demand` says of the members' type, else the
  /// catalog's price, else what `costs.on_demand` says; nothing when nobody says anything.
  func onDemandPrice(of type: InstanceTypeName, at site: String) -> HourlyRate {
    if type.rawValue == resources.name, let own = costs?.onDemand { return own }
    return InstanceCatalog.named(type)?.price(in: site)?.onDemand ?? costs?.onDemand ?? .free
  }
}
