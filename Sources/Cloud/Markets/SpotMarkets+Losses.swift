import Raft

// What takes several instances at once: shocks, and falls of a replayed count.
extension SpotMarkets {
  /// A shock: victims are chosen among what runs now, and the pools in reach dry up for a while.
  mutating func strike(_ process: Int) {
    let markets = shocks[process].markets
    let candidates = markets.flatMap { pools[$0].running }.sorted()
    for id in shocks[process].takes(of: candidates) {
      condemn(id, kill: now + settings[fates[id.slot].market].notice.horizon, cause: shocks[process].cause)
    }
    let drought = shocks[process].drought()
    for market in markets { pools[market].droughtEnd = max(pools[market].droughtEnd, now + drought) }
    queue.add(.shock(process: process), at: shocks[process].nextShock(after: now))
  }

  /// Looks for the next fall of a market's replayed count, and plans when the provider decides about it.
  mutating func planFall(in market: Int, after instant: Instant) {
    guard case .trace(.counts(let series, _)) = settings[market].revocation.base else { return }
    var latest = instant
    var count = series.value(at: instant)
    // One round through a repeating series sees every fall.
    for _ in 0...series.steps.count {
      guard let change = series.change(after: latest) else { return }
      if change.value < count {
        let decision = max(now, change.at - settings[market].notice.horizon)
        queue.add(.decide(market: market, fall: change.at), at: decision)
        return
      }
      (latest, count) = (change.at, change.value)
    }
  }

  /// The provider knows of a coming fall and chooses its victims among what runs now.
  mutating func decide(_ market: Int, fall: Instant) {
    guard case .trace(.counts(let series, let rule)) = settings[market].revocation.base else { return }
    let candidates = pools[market].running.filter { (fates[$0.slot].sentence?.kill ?? .distantFuture) > fall }
    let (before, after) = (series.value(at: fall - TimeSpan(nanoseconds: 1)), series.value(at: fall))
    let count =
      switch rule {
      case .capacity: max(0, candidates.count - after)
      case .share: pools[market].random.round(Double(candidates.count) * Double(before - after) / Double(before))
      }
    for id in pools[market].random.choose(count, of: candidates) { condemn(id, kill: fall, cause: .trace) }
    queue.add(.enforce(market: market), at: fall)
    planFall(in: market, after: fall)
  }

  /// The count has fallen: whatever was launched since the decision and is too much dies unannounced.
  mutating func enforce(_ market: Int) {
    guard case .trace(.counts(let series, let rule)) = settings[market].revocation.base else { return }
    let allowed = series.value(at: now)
    if rule == .share, allowed > 0 { return }
    let running = pools[market].running.filter { (fates[$0.slot].sentence?.kill ?? .distantFuture) > now }
    for id in pools[market].random.choose(max(0, running.count - allowed), of: running) {
      condemn(id, kill: now, cause: .trace)
    }
  }
}
