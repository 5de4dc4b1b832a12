import Emulation
import Raft

/// One process of shocks and the markets in its reach.
struct ShockProcess: Sendable {
  let shock: Shock
  let cause: RevocationCause
  var markets: [Int]
  /// Two streams, so that how many victims there are moves no later shock.
  private var times: RandomSource
  private var victims: RandomSource

  /// The processes that the markets' models ask for: one for each region shock of a site, one for each pool.
  static func all(of settings: [MarketSettings], seed: UInt64) -> [ShockProcess] {
    var processes: [ShockProcess] = []
    func make(_ shock: Shock, _ cause: RevocationCause, _ market: Int) -> ShockProcess {
      let stream = UInt64(processes.count) * 2
      return ShockProcess(
        shock: shock, cause: cause, markets: [market], times: RandomSource(seed: seed, stream: stream),
        victims: RandomSource(seed: seed, stream: stream + 1))
    }
    for (index, market) in settings.enumerated() {
      if let pool = market.revocation.shocks?.pool { processes.append(make(pool, .poolShock, index)) }
      guard let region = market.revocation.shocks?.region else { continue }
      let shared = processes.firstIndex {
        $0.cause == .regionShock && $0.shock == region && settings[$0.markets[0]].id.site == market.id.site
      }
      if let shared {
        processes[shared].markets.append(index)
      } else {
        processes.append(make(region, .regionShock, index))
      }
    }
    return processes
  }

  mutating func nextShock(after instant: Instant) -> Instant {
    instant + ExponentialLifetime(mean: shock.interval).draw(&times)
  }

  mutating func drought() -> TimeSpan {
    shock.drought == .zero ? .zero : ExponentialLifetime(mean: shock.drought).draw(&times)
  }

  mutating func takes(of candidates: [InstanceID]) -> [InstanceID] {
    let count = shock.severity.draw(of: candidates.count, &victims)
    return victims.choose(count, of: candidates)
  }
}
