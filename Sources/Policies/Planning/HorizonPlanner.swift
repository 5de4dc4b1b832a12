import Raft

/// Spreads money over several epochs that are known in advance, and says what that means for the first of them.
///
/// Every epoch is planned by itself under the cap of an epoch; then all units of all epochs compete by gain over price
/// for the money of the whole horizon. Within an epoch units keep their order: a unit is not bought before those its
/// gain was counted upon.
enum HorizonPlanner {
  /// The units of the first epoch.
  ///
  /// - Parameters:
  ///   - cap: the most that the fleet of one epoch may cost; nil means no cap.
  ///   - allowance: the most that the fleets of all epochs may cost together; nil means no cap.
  static func firstEpoch(
    of forecasts: [EpochForecast], planner: FleetPlanner, cap: Money?, allowance: Money?
  ) -> [PlannedUnit] {
    guard let first = forecasts.first else { return [] }
    guard let allowance, forecasts.count > 1 else {
      let caps = [cap, allowance].compactMap { $0 }
      return planner.plan(first, cap: caps.min(), reusing: planner.layout.fleet)
    }
    var bids: [Bid] = []
    var units: [PlannedUnit] = []
    for (epoch, forecast) in forecasts.enumerated() {
      let plan = planner.plan(forecast, cap: cap, reusing: epoch == 0 ? planner.layout.fleet : [])
      if epoch == 0 { units = plan }
      var value = Double.infinity
      for (place, unit) in plan.enumerated() {
        value = min(value, unit.gain / Double(max(1, unit.cost.microUSD)))
        bids.append(Bid(epoch: epoch, place: place, value: value, cost: unit.cost))
      }
    }
    bids.sort { $0.value != $1.value ? $0.value > $1.value : ($0.epoch, $0.place) < ($1.epoch, $1.place) }
    var spent = Money.zero
    var isClosed = Array(repeating: false, count: forecasts.count)
    var bought = 0
    for bid in bids where !isClosed[bid.epoch] {
      guard spent + bid.cost <= allowance else {
        isClosed[bid.epoch] = true
        continue
      }
      spent = spent + bid.cost
      if bid.epoch == 0 { bought += 1 }
    }
    return Array(units.prefix(bought))
  }

  /// One unit of an epoch's plan, as small as can be: a long run has many.
  private struct Bid {
    var epoch: Int
    /// Its place in the plan.
    var place: Int
    /// Gain over price, never more than that of the units before it in its epoch.
    var value: Double
    var cost: Money
  }
}
