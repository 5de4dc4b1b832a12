import Raft

extension SpotMarkets {
  /// Does what is due now; nil when it came to nothing or concerns no instance by itself.
  mutating func perform(_ task: MarketTask) -> MarketEvent? {
    switch task {
    case .launch(let id): return launch(id)
    case .ready(let id): return ready(id)
    case .kill(let id): return kill(id)
    case .rebalance(let id): return rebalance(id)
    case .notice(let id): return notice(id)
    case .shock(let process): strike(process)
    case .decide(let market, let fall): decide(market, fall: fall)
    case .enforce(let market): enforce(market)
    }
    return nil
  }

  private mutating func launch(_ id: InstanceID) -> MarketEvent? {
    guard case .pending = instances[id.slot].phase else { return nil }
    let index = fates[id.slot].market
    let market = settings[index]
    if instances[id.slot].purchase == .spot {
      if let reason = refusal(of: index) {
        instances[id.slot].phase = .refused(at: now, reason)
        return MarketEvent(at: now, instance: id, kind: .refused(reason))
      }
      pools[index].running.append(id)
      decideLifetime(of: id, market)
    }
    instances[id.slot].phase = .booting(launched: now)
    queue.add(.ready(id), at: now + market.startUp.boot)
    return MarketEvent(at: now, instance: id, kind: .launched)
  }

  /// Why a market gives out no spot instance now, or nil when it does.
  private func refusal(of index: Int) -> RefusalReason? {
    let market = settings[index]
    if now < pools[index].droughtEnd { return .afterShock }
    switch market.revocation.base {
    case .priceCrossing(let model): return market.spot.value(at: now) > model.bid ? .priceAboveBid : nil
    case .trace(.availability(let series)): return series.value(at: now) ? nil : .noCapacity
    case .trace(.counts(let series, .capacity)):
      return pools[index].running.count < series.value(at: now) ? nil : .noCapacity
    case .trace(.counts(let series, .share)): return series.value(at: now) > 0 ? nil : .noCapacity
    case .none, .exponential, .weibull, .lognormal, .bathtub, .advisor: return nil
    }
  }

  private mutating func decideLifetime(of id: InstanceID, _ market: MarketSettings) {
    fates[id.slot].drawSignals(market.notice)
    let base = market.revocation.base
    let end = base.revocation(startedAt: now, prices: market.spot, random: &fates[id.slot].random)
    if let end { condemn(id, kill: end, cause: base.cause) }
    if let mean = market.revocation.shocks?.instance {
      let age = ExponentialLifetime(mean: mean).draw(&fates[id.slot].random)
      condemn(id, kill: now + age, cause: .instanceShock)
    }
  }

  private mutating func ready(_ id: InstanceID) -> MarketEvent? {
    guard case .booting(let launched) = instances[id.slot].phase else { return nil }
    instances[id.slot].phase = .running(launched: launched)
    return MarketEvent(at: now, instance: id, kind: .ready)
  }

  private mutating func kill(_ id: InstanceID) -> MarketEvent? {
    guard let sentence = sentence(of: id), sentence.kill == now, end(id, by: .provider) else { return nil }
    return MarketEvent(at: now, instance: id, kind: .killed(sentence.cause))
  }

  // A signal is sent once, also when an earlier kill that replaced another plans it for the same instant.
  private mutating func rebalance(_ id: InstanceID) -> MarketEvent? {
    guard let sentence = sentence(of: id), sentence.rebalance == now else { return nil }
    fates[id.slot].sentence?.rebalance = nil
    return MarketEvent(at: now, instance: id, kind: .rebalance)
  }

  private mutating func notice(_ id: InstanceID) -> MarketEvent? {
    guard let sentence = sentence(of: id), sentence.notice == now else { return nil }
    fates[id.slot].sentence?.notice = nil
    return MarketEvent(at: now, instance: id, kind: .notice(kill: sentence.kill, sentence.cause))
  }

  /// What was decided about an instance that is alive. Tasks of a decision that an earlier kill replaced do not fit it.
  private func sentence(of id: InstanceID) -> Fate.Sentence? {
    instances[id.slot].phase.isAlive ? fates[id.slot].sentence : nil
  }

  /// Decides now that an instance is killed, unless it is to be killed by then anyway.
  mutating func condemn(_ id: InstanceID, kill: Instant, cause: RevocationCause) {
    if let sentence = fates[id.slot].sentence, sentence.kill <= kill { return }
    let rule = settings[fates[id.slot].market].notice
    let sentence = fates[id.slot].sentence(kill: kill, cause: cause, rule: rule, now: now)
    fates[id.slot].sentence = sentence
    queue.add(.kill(id), at: kill)
    if let notice = sentence.notice { queue.add(.notice(id), at: notice) }
    if let rebalance = sentence.rebalance { queue.add(.rebalance(id), at: rebalance) }
  }
}

extension Revocation {
  /// Why an instance is taken back by this model.
  fileprivate var cause: RevocationCause {
    switch self {
    case .none, .exponential, .weibull, .lognormal, .bathtub, .advisor: .lifetime
    case .priceCrossing: .price
    case .trace: .trace
    }
  }
}
