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
    return try spec.sites.enumerated().map { place, site in
      let listed = InstanceCatalog.named(spec.fleet.instance)?.price(in: site)
      let onDemand = listed?.onDemand ?? spec.costs?.onDemand ?? .free
      let spot: PriceSeries
      switch spec.spot.price {
      case .catalog: spot = .constant(listed?.spotMean ?? .free)
      case .constant(let rate): spot = .constant(rate)
      case .generated(let median, let deviation, let reversion):
        var random = RandomSource(seed: spec.seed, stream: 0x5907_0000 + UInt64(place))
        spot = try GeneratedPrices(
          median: median ?? listed?.spotMean ?? .free, deviation: deviation, reversion: reversion
        ).series(until: spec.duration, random: &random)
      }
      return MarketSettings(
        id: MarketID(site: SiteID(UInt16(place)), type: spec.fleet.instance), onDemand: onDemand, spot: spot,
        revocation: RevocationModel(spec.spot.revocation, shocks: spec.spot.shocks), notice: spec.spot.noticeRule,
        startUp: spec.spot.startUp)
    }
  }

  /// Asks for an instance for a node.
  mutating func request(
    _ role: NodeRole, at site: SiteID, _ purchase: Purchase, by decidedBy: String, _ reason: String
  ) throws(MarketError) {
    let id = try markets.request(purchase, from: MarketID(site: site, type: plan.instance))
    posts.append(
      Post(instance: id, role: role, site: site, decidedBy: decidedBy, reason: reason, state: .starting))
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

  /// What an instance costs now.
  func price(of post: Post) -> HourlyRate {
    (try? markets.price(markets.instances[post.instance.slot].purchase, from: market(of: post))) ?? .free
  }

  func market(of post: Post) -> MarketID { markets.instances[post.instance.slot].market }
}
