import Emulation
import Raft

/// `spot-diversified`: as many secretaries and observers as the load asks for, spread over the pools of each site.
///
/// Sizes are the paper's (3.4): one secretary where a site has at least two followers, and `ceil(R_s / μ) − V_s`
/// observers for `R_s` reads per second, `V_s` voters and a capacity of `μ`. What is more than that goes when it has been
/// too much for `patience` epochs even for a load higher by `slack`, so that a load at the edge books nothing twice. A
/// new instance goes to the pool with the lowest
///
/// `(price + interruptions per hour × cost of an interruption) × (1 + crowding × instances of this fleet there)`
///
/// in which on-demand pools take part with no interruptions. A node under notice is replaced before it is gone.
public struct SpotDiversifiedPolicy: MembershipPolicy {
  /// What may be set.
  public struct Settings: Hashable, Sendable {
    /// What an interruption is taken to cost; by default 10,000 micro-USD, a cent.
    public var interruption: Money
    /// How much dearer a pool seems with each instance that is in it already, as a ratio; by default 0.5.
    public var crowding: Double
    /// Whether on-demand pools are used, too; by default they are.
    public var usesOnDemand: Bool
    /// Whether secretaries are kept; by default they are.
    public var keepsSecretaries: Bool
    /// The busy ratio that servers should not exceed, in 0 ... 1; by default 0.7.
    public var target: Double
    /// Reads per second of one wholly busy server while none has been busy enough to tell; by default 10,000.
    public var readsPerServer: Double
    /// By how much the load may grow before a dismissed node would be missed, as a ratio; by default 0.1.
    public var slack: Double
    /// Epochs in a row with too many nodes before one is dismissed; by default 3.
    public var patience: Int

    /// Makes settings.
    public init(
      interruption: Money = Money(microUSD: 10_000), crowding: Double = 0.5, usesOnDemand: Bool = true,
      keepsSecretaries: Bool = true, target: Double = 0.7, readsPerServer: Double = 10_000, slack: Double = 0.1,
      patience: Int = 3
    ) {
      self.interruption = interruption
      self.crowding = max(0, crowding)
      self.usesOnDemand = usesOnDemand
      self.keepsSecretaries = keepsSecretaries
      self.target = target
      self.readsPerServer = readsPerServer
      self.slack = max(0, slack)
      self.patience = max(1, patience)
    }
  }

  private struct Post: Hashable {
    var site: SiteID
    var role: FleetRole
  }

  /// The settings.
  public let settings: Settings
  private var tooMany: [Post: Streak] = [:]

  /// Makes the policy.
  public init(_ settings: Settings = Settings()) { self.settings = settings }

  /// Dismissals first, then what is missing, site by site.
  public mutating func decide(_ observation: Observation) -> [ProposedAction] {
    guard let group = observation.groups.first else { return [] }
    let layout = GroupLayout(group, in: observation)
    let model = CapacityModel(
      observation, group: group, target: settings.target, readsPerServer: settings.readsPerServer)
    var dismissals: [ProposedAction] = []
    var hires: [ProposedAction] = []
    var crowd: [Placement: Int] = [:]
    for node in layout.fleet { crowd[node.placement, default: 0] += 1 }
    for site in observation.sites {
      for role in FleetRole.allCases where observation.limits.fleetRoles.contains(role) {
        let wished = count(role, at: site, growth: 0, layout, model, observation.limits)
        let ample = count(role, at: site, growth: settings.slack, layout, model, observation.limits)
        let present = layout.fleet(role, at: site.id)
        let post = Post(site: site.id, role: role)
        let isTime = tooMany[post, default: Streak()].extend(if: present.count > ample, until: settings.patience)
        if isTime, let worst = present.max(by: { dearer($1, than: $0, crowd, observation) }) {
          tooMany[post, default: Streak()].reset()
          crowd[worst.placement, default: 0] -= 1
          dismissals.append(
            ProposedAction(
              .dismiss(worst.id),
              because: "\(present.count) where \(ample) \(role.rawValue) nodes do for \(settings.patience) epochs"))
        }
        for _ in present.count..<max(present.count, wished) {
          guard let offer = bestOffer(at: site.id, crowd, observation) else { break }
          crowd[offer.placement, default: 0] += 1
          hires.append(
            ProposedAction(
              .hire(role, group: group.id, at: offer.placement),
              because: "\(present.count) of \(wished) \(role.rawValue) nodes at \(site.name); the pool scores best"))
        }
      }
    }
    return dismissals + hires
  }

  /// How many are needed for a load that has grown by a ratio.
  private func count(
    _ role: FleetRole, at site: SiteObservation, growth: Double, _ layout: GroupLayout, _ model: CapacityModel,
    _ limits: Limits
  ) -> Int {
    switch role {
    case .secretary: return settings.keepsSecretaries && layout.followers[site.id, default: 0] >= 2 ? 1 : 0
    case .observer:
      let reads = site.reads.offeredPerSecond * (1 + growth)
      let servers = (reads / max(model.readsPerServer, 1e-6)).rounded(.up)
      guard servers.isFinite else { return limits.instancesPerSite }
      return max(0, Int(min(servers, Double(limits.instancesPerSite))) - layout.voters[site.id, default: 0])
    }
  }

  private func bestOffer(at site: SiteID, _ crowd: [Placement: Int], _ observation: Observation) -> Offer? {
    observation.offers
      .filter { $0.placement.site == site && (settings.usesOnDemand || $0.placement.market == .spot) }
      .min {
        let (left, right) = (score($0, crowd), score($1, crowd))
        return left != right ? left < right : $0.placement < $1.placement
      }
  }

  private func score(_ offer: Offer, _ crowd: [Placement: Int]) -> Double {
    let risk = offer.interruptionsPerHour * Double(settings.interruption.microUSD)
    let company = Double(crowd[offer.placement, default: 0])
    return (Double(offer.price.microUSDPerHour) + risk) * (1 + settings.crowding * company)
  }

  /// Whether `left` is the one to let go rather than `right`: the worse pool, then the newer node.
  private func dearer(
    _ left: NodeObservation, than right: NodeObservation, _ crowd: [Placement: Int], _ observation: Observation
  ) -> Bool {
    func price(_ node: NodeObservation) -> Double {
      score(
        Offer(
          placement: node.placement, price: node.price,
          interruptionsPerHour: observation.offer(for: node.placement)?.interruptionsPerHour ?? 0), crowd)
    }
    let (mine, theirs) = (price(left), price(right))
    return mine != theirs ? mine > theirs : left.id > right.id
  }
}
