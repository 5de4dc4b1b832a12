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

  /// The units for an epoch, best first, none of which would take their sum beyond `cap`.
  ///
  /// `reusing` are nodes at work that may be kept at their present price; they go before new ones.
  func plan(_ forecast: EpochForecast, cap: Money?, reusing: [NodeObservation]) -> [PlannedUnit] {
    let writes = forecast.writesPerSecond
    var copies = layout.copies { _ in 0 }
    var sites = forecast.loads.map { SiteState($0, self, forecast.offers, reusing) }
    var room = limits.instances - others.values.reduce(0, +)
    let roles = FleetRole.allCases.filter { limits.fleetRoles.contains($0) }
    var units: [PlannedUnit] = []
    var spent = Money.zero
    while room > 0 {
      var best: (unit: PlannedUnit, site: Int)?
      for place in sites.indices where sites[place].room > 0 {
        for role in roles {
          let gain = sites[place].gain(of: role, model, writes: writes, copies: copies)
          guard gain >= leastGain, let supply = sites[place].supply(of: role) else { continue }
          if let cap, spent + supply.cost > cap { continue }
          let unit = PlannedUnit(
            role: role, site: sites[place].site, source: supply.source, cost: supply.cost, gain: gain)
          if best.map({ Self.isBetter(unit, than: $0.unit) }) ?? true { best = (unit, place) }
        }
      }
      guard let best else { break }
      units.append(best.unit)
      spent = spent + best.unit.cost
      room -= 1
      if best.unit.role == .secretary { copies -= sites[best.site].sparedCopies }
      sites[best.site].take(best.unit.role)
    }
    return units
  }

  /// More gain for the money; the one that came first wins a tie.
  static func isBetter(_ left: PlannedUnit, than right: PlannedUnit) -> Bool {
    left.gain * Double(max(1, right.cost.microUSD)) > right.gain * Double(max(1, left.cost.microUSD))
  }
}
