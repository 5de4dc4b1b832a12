import Raft

/// How the policies that plan a fleet by predicted goodput size it.
public struct FleetSizing: Hashable, Sendable {
  /// The busy ratio that servers and leader should not exceed, in 0 ... 1; by default 0.7.
  public var target: Double
  /// Reads per second of one wholly busy server while none has been busy enough to tell; by default 10,000.
  public var readsPerServer: Double
  /// The market to hire in; nil means the cheapest; by default spot.
  public var market: Market?
  /// The fewest operations per second that are worth an instance; by default 1.
  public var leastGain: Double
  /// Epochs in a row in which a node must not be worth its price before it is dismissed; by default 3.
  public var patience: Int

  /// Makes a sizing.
  public init(
    target: Double = 0.7, readsPerServer: Double = 10_000, market: Market? = .spot, leastGain: Double = 1,
    patience: Int = 3
  ) {
    self.target = target
    self.readsPerServer = readsPerServer
    self.market = market
    self.leastGain = max(leastGain, 1e-6)
    self.patience = max(1, patience)
  }
}

/// Plans the fleet of the first group (a system with a fleet has only one) and turns the plan into actions.
struct FleetController {
  let sizing: FleetSizing
  private var reconciler: FleetReconciler

  init(_ sizing: FleetSizing) {
    self.sizing = sizing
    reconciler = FleetReconciler(patience: sizing.patience)
  }

  /// The actions for the next epoch, which is the first of `forecasts`.
  mutating func decide(
    _ observation: Observation, expecting forecasts: [EpochForecast], perEpoch: Money? = nil
  ) -> [ProposedAction] {
    guard let group = observation.groups.first else { return [] }
    let planner = FleetPlanner(
      observation, group: group, target: sizing.target, readsPerServer: sizing.readsPerServer, market: sizing.market,
      leastGain: sizing.leastGain)
    let fleetCost = planner.layout.fleet.reduce(Money.zero) { $0 + $1.price.cost(of: observation.epochLength) }
    let fixed = observation.standingCost - fleetCost
    let caps = [observation.budget.nextEpoch, perEpoch].compactMap { $0 }
    let cap = caps.min().map { $0 - fixed }
    var allowance: Money?
    if let remaining = observation.budget.remaining {
      allowance = remaining.share(forecasts.count, of: observation.budget.epochsLeft)
      for _ in forecasts { allowance = allowance.map { $0 - fixed } }
    }
    let units = HorizonPlanner.firstEpoch(of: forecasts, planner: planner, cap: cap, allowance: allowance)
    // One known epoch has its share of what is left as a cap; in several, money may be moved between them.
    let firm = forecasts.count == 1 ? [cap, allowance].compactMap { $0 }.min() : cap
    return reconciler.reconcile(
      units, of: group.id, layout: planner.layout, cap: firm, epochLength: observation.epochLength
    ) { unit in
      let rate = unit.gain < 1e12 ? "\(Int(unit.gain.rounded()))" : "\(unit.gain)"
      return "predicted to add \(rate) operations/s in time at \(observation.name(of: unit.site))"
    }
  }
}
