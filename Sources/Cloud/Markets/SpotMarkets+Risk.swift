import Emulation
import Raft

// How often instances of a market are taken back, as somebody who cannot look ahead would estimate it.
extension SpotMarkets {
  /// How far back prices and replayed traces are looked at for an estimate: a week.
  public static let memory = TimeSpan.seconds(7 * 86_400)

  /// The estimated rate at which a spot instance that is launched from a market at an instant is taken back: revocations
  /// per instance-hour, of all causes together.
  ///
  /// Lifetimes count with the rate of their first hour, ``LifetimeModel/interruptionsPerHour``; prices and traces with
  /// what they did in the last week, ``memory``; shocks with their rate times the share that they take on average of
  /// what runs now and one more.
  ///
  /// - Parameter market: The market's place in ``settings``.
  public func interruptionsPerHour(inMarket market: Int, at instant: Instant) -> Double {
    var rate = lifetimeRates[market] + pastRate(settings[market], before: instant)
    for process in shocks where process.markets.contains(market) {
      let count = process.markets.reduce(1) { $0 + pools[$1].running.count }
      rate += process.shock.severity.meanShare(of: count) / process.shock.interval.hours
    }
    if let mean = settings[market].revocation.shocks?.instance { rate += 1 / mean.hours }
    return rate
  }

  /// Losses per instance-hour for which the past has to stand; zero for models with lifetimes.
  private func pastRate(_ market: MarketSettings, before end: Instant) -> Double {
    switch market.revocation.base {
    case .none, .exponential, .weibull, .lognormal, .bathtub, .advisor: 0
    case .priceCrossing(let model):
      market.spot.lossesPerHour(before: end, runs: { $0 <= model.bid }, loss: { $1 > model.bid ? 1 : 0 })
    case .trace(.availability(let series)):
      series.lossesPerHour(before: end, runs: { $0 }, loss: { $1 ? 0 : 1 })
    case .trace(.counts(let series, _)):
      series.lossesPerHour(before: end, runs: { $0 > 0 }, loss: { max(0, Double($0 - $1) / Double($0)) })
    }
  }
}

extension StepSeries {
  /// Losses per hour in which an instance could run, over the last week before an instant: `loss` is the share that a
  /// step from one value to the next takes.
  fileprivate func lossesPerHour(before end: Instant, runs: (Value) -> Bool, loss: (Value, Value) -> Double) -> Double {
    var at = max(.zero, end - SpotMarkets.memory)
    var value = value(at: at)
    var hours = 0.0
    var losses = 0.0
    while at < end {
      let next = change(after: at)
      let until = min(next?.at ?? end, end)
      if runs(value) { hours += (until - at).hours }
      guard let next, next.at <= end else { break }
      if runs(value) { losses += loss(value, next.value) }
      (at, value) = (next.at, next.value)
    }
    return hours > 0 ? losses / hours : 0
  }
}

extension LifetimeModel {
  /// Revocations per instance-hour among instances in their first hour: F(1 h) / E[min(lifetime, 1 h)], the latter summed
  /// second by second.
  public var interruptionsPerHour: Double {
    var alive = 0.0
    var before = 1 - cumulative(.zero)
    for second in 1...3_600 {
      let after = 1 - cumulative(.seconds(Int64(second)))
      alive += (before + after) / 2
      before = after
    }
    return (1 - before) / max(alive / 3_600, 1e-9)
  }
}

extension Severity {
  /// The share of `count` instances, at least one, that a shock takes on average.
  func meanShare(of count: Int) -> Double {
    switch self {
    case .mixture(let all, let one):
      // Any number from one to all is (count + 1) / 2 on average.
      let each = 1 / Double(count)
      return all + one * each + (1 - all - one) * (1 + each) / 2
    case .share(let share): return share
    }
  }
}
