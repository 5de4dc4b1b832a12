import Emulation
import Raft

/// A secretary or observer that a plan wants.
struct PlannedUnit: Hashable {
  /// Where the instance comes from.
  enum Source: Hashable {
    /// It is at work already.
    case keep(NodeID)
    /// It is to be booked.
    case hire(Placement)
  }

  var role: FleetRole
  var site: SiteID
  var source: Source
  var cost: Money
  /// Operations per second within the SLO that it adds, given those before it.
  var gain: Double
}

/// Chooses the fleet of one epoch greedily by gain over price (paper 3.4).
///
/// Predicted goodput is the reads of each site that its voters and observers can answer, `min(R_s, μ (V_s + O_s))`,
/// plus the writes that the leader can ship in `F_rest + S` copies of the log. A secretary pays where there are at
/// least two followers; a second one at a site adds nothing.
struct FleetPlanner {
  var model: CapacityModel
  var layout: GroupLayout
  var limits: Limits
  var epochLength: TimeSpan
  /// The market to book in; nil means the cheapest.
  var market: Market?
  /// A unit that adds less than this many operations per second is not worth an instance.
  var leastGain: Double
  /// Instances that are no part of this fleet, by site.
  var others: [SiteID: Int]

  init(
    _ observation: Observation, group: GroupObservation, target: Double, readsPerServer: Double, market: Market?,
    leastGain: Double
  ) {
    model = CapacityModel(observation, group: group, target: target, readsPerServer: readsPerServer)
    layout = GroupLayout(group, in: observation)
    limits = observation.limits
    epochLength = observation.epochLength
    self.market = market
    self.leastGain = leastGain
    others = [:]
    let own = Set(layout.fleet.map(\.id))
    for node in observation.nodes where !node.isLeaving && !own.contains(node.id) {
      others[node.site, default: 0] += 1
    }
  }

  /// Predicted operations per second within the SLO.
  func goodput(observers: [SiteID: Int], secretaries: [SiteID: Int], load: EpochForecast) -> Double {
    var sum = min(load.writesPerSecond, model.writes(inCopies: layout.copies { secretaries[$0, default: 0] }))
    for site in load.loads {
      let servers = layout.voters[site.site, default: 0] + observers[site.site, default: 0]
      sum += min(site.readsPerSecond, model.readsPerServer * Double(servers))
    }
    return sum
  }

  /// The units for an epoch, best first, none of which would take their sum beyond `cap`.
  ///
  /// `reusing` are nodes at work that may be kept at their present price; they go before new ones.
  func plan(_ forecast: EpochForecast, cap: Money?, reusing: [NodeObservation]) -> [PlannedUnit] {
    var units: [PlannedUnit] = []
    var pool = reusing
    var counts: [FleetRole: [SiteID: Int]] = [:]
    var bySite = others
    var spent = Money.zero
    var now = goodput(observers: [:], secretaries: [:], load: forecast)
    while true {
      var best: PlannedUnit?
      for load in forecast.loads {
        guard bySite[load.site, default: 0] < limits.instancesPerSite else { continue }
        for role in FleetRole.allCases where limits.fleetRoles.contains(role) {
          var trial = counts
          trial[role, default: [:]][load.site, default: 0] += 1
          let gain =
            goodput(observers: trial[.observer] ?? [:], secretaries: trial[.secretary] ?? [:], load: forecast) - now
          guard gain >= leastGain, let (source, cost) = cheapest(role, at: load.site, pool, forecast.offers) else {
            continue
          }
          if let cap, spent + cost > cap { continue }
          let unit = PlannedUnit(role: role, site: load.site, source: source, cost: cost, gain: gain)
          if best.map({ Self.isBetter(unit, than: $0) }) ?? true { best = unit }
        }
      }
      guard let best, units.count + others.values.reduce(0, +) < limits.instances else { return units }
      units.append(best)
      spent = spent + best.cost
      now += best.gain
      counts[best.role, default: [:]][best.site, default: 0] += 1
      bySite[best.site, default: 0] += 1
      if case .keep(let id) = best.source { pool.removeAll { $0.id == id } }
    }
  }

  /// More gain for the money; the one that came first wins a tie.
  static func isBetter(_ left: PlannedUnit, than right: PlannedUnit) -> Bool {
    left.gain * Double(max(1, right.cost.microUSD)) > right.gain * Double(max(1, left.cost.microUSD))
  }

  private func cheapest(
    _ role: FleetRole, at site: SiteID, _ pool: [NodeObservation], _ offers: [Offer]
  ) -> (PlannedUnit.Source, Money)? {
    let kept = pool.filter { $0.fleetRole == role && $0.site == site }
      .min { ($0.price, $0.id) < ($1.price, $1.id) }
    if let kept { return (.keep(kept.id), kept.price.cost(of: epochLength)) }
    let offer = offers.filter { $0.placement.site == site && (market == nil || $0.placement.market == market) }
      .min { ($0.price, $0.placement) < ($1.price, $1.placement) }
    return offer.map { (.hire($0.placement), $0.price.cost(of: epochLength)) }
  }
}
