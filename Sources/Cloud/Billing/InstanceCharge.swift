import Raft

/// A line of a bill: what the life of one instance costs.
public struct InstanceCharge: Hashable, Sendable {
  /// The life.
  public let life: InstanceLife
  /// The time that is paid for: whole seconds or whole hours.
  public let billed: TimeSpan
  /// What it costs.
  public let cost: Money

  /// Bills a life.
  ///
  /// Each billed unit (a second or an hour, counted from the launch) costs the price in force when it begins: a price
  /// that changes within an hour billed as such counts from the next hour on. The exact sum is rounded once, half up,
  /// to a billionth of a USD. The minimum of billing by the second applies unless the life is free.
  public init(_ life: InstanceLife, prices: PriceSeries, rule: BillingRule) {
    self.life = life
    let second = TimeSpan.seconds(1)
    let hour = TimeSpan.seconds(3_600)
    let unit: TimeSpan
    var count: Int64
    switch rule.unit {
    case .second(let minimum):
      unit = second
      count = max(Self.started(second, in: life.length), Self.started(second, in: minimum))
    case .startedHour:
      unit = hour
      count = Self.started(hour, in: life.length)
    }
    if life.purchase == .spot, life.endedBy == .provider {
      switch rule.refund {
      case .none: break
      case .firstHour: if life.length < hour { count = 0 }
      case .partialHour: count = life.length.nanoseconds / hour.nanoseconds * (hour.nanoseconds / unit.nanoseconds)
      }
    }
    billed = unit * count
    cost = Self.cost(of: count, unit, from: life.launched, prices)
  }

  /// How many units are started in a time: the quotient rounded up.
  private static func started(_ unit: TimeSpan, in time: TimeSpan) -> Int64 {
    let (count, rest) = max(time.nanoseconds, 0).quotientAndRemainder(dividingBy: unit.nanoseconds)
    return count + (rest > 0 ? 1 : 0)
  }

  private static func cost(of count: Int64, _ unit: TimeSpan, from launch: Instant, _ prices: PriceSeries) -> Money {
    var sum = ProductSum(divisor: 3_600)
    let seconds = unit.nanoseconds / 1_000_000_000
    var done: Int64 = 0
    while done < count {
      let start = launch + unit * done
      // All units that begin before the next change cost the same.
      let next = prices.change(after: start).map { started(unit, in: $0.at - launch) } ?? count
      let end = min(next, count)
      sum.add(prices.value(at: start).nanoUSDPerHour, times: (end - done) * seconds)
      done = end
    }
    return sum.rounded
  }
}
