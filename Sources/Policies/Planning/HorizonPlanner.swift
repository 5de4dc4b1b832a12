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
    for (epoch, forecast) in forecasts.enumerated() {
      let reusing = epoch == 0 ? planner.layout.fleet : []
      var value = Double.infinity
      for (place, unit) in planner.plan(forecast, cap: cap, reusing: reusing).enumerated() {
        value = min(value, unit.gain / Double(max(1, unit.cost.microUSD)))
        bids.append(Bid(epoch: epoch, place: place, value: value, unit: unit))
      }
    }
    bids.sort { $0.value != $1.value ? $0.value > $1.value : ($0.epoch, $0.place) < ($1.epoch, $1.place) }
    var spent = Money.zero
    var closed = Set<Int>()
    var chosen: [PlannedUnit] = []
    for bid in bids where !closed.contains(bid.epoch) {
      guard spent + bid.unit.cost <= allowance else {
        closed.insert(bid.epoch)
        continue
      }
      spent = spent + bid.unit.cost
      if bid.epoch == 0 { chosen.append(bid.unit) }
    }
    return chosen
  }

  private struct Bid {
    var epoch: Int
    var place: Int
    /// Gain over price, never more than that of the units before it in its epoch.
    var value: Double
    var unit: PlannedUnit
  }
}
