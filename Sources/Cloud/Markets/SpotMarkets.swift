import Raft

/// The markets of a run and every instance that came from them: a state machine over time.
///
/// The caller moves time with ``advance(to:)``, which returns what happened in a deterministic order: by instant;
/// within one, kills, launches, ready instances, rebalance signals, notices; within these by instance. Requests and
/// dismissals happen at ``now``.
///
/// Randomness: every instance draws from a stream of its own, numbered by its ``InstanceID``, and every shock process
/// has one stream for its times and one for its victims. So what a policy does to one instance changes no other one's
/// lifetime and no shock's time, and two policies can be compared in the same weather.
public struct SpotMarkets: Sendable {
  /// The markets, in the order in which they were given.
  public let settings: [MarketSettings]
  /// The present.
  public private(set) var now: Instant = .zero
  /// Every instance ever asked for; an instance's place is its number.
  public internal(set) var instances: [Instance] = []

  var fates: [Fate] = []
  var pools: [Pool]
  var shocks: [ShockProcess]
  var queue = MarketQueue()
  let lifetimeSeed: UInt64
  /// By market: how often its model's lifetimes end.
  let lifetimeRates: [Double]

  /// Opens the markets at time zero.
  ///
  /// Throws ``MarketError/repeatedMarket(_:)`` and ``MarketError/invalidMarket(_:_:)``.
  public init(_ settings: [MarketSettings], random: RandomSource) throws(MarketError) {
    for (index, market) in settings.enumerated() {
      if settings[..<index].contains(where: { $0.id == market.id }) { throw .repeatedMarket(market.id) }
      if let fault = market.fault { throw .invalidMarket(market.id, fault) }
    }
    var random = random
    self.settings = settings
    lifetimeRates = settings.map { $0.revocation.base.lifetime?.interruptionsPerHour ?? 0 }
    lifetimeSeed = random.next()
    let poolSeed = random.next()
    pools = settings.indices.map { Pool(random: RandomSource(seed: poolSeed, stream: UInt64($0))) }
    shocks = ShockProcess.all(of: settings, seed: random.next())
    for index in shocks.indices { queue.add(.shock(process: index), at: shocks[index].nextShock(after: .zero)) }
    for index in settings.indices { planFall(in: index, after: .zero) }
  }

  /// The next instant at which something may happen by itself, or nil when nothing ever will.
  public var nextEvent: Instant? { queue.first?.at }

  /// Asks for an instance; what comes of it is told by events.
  ///
  /// Throws ``MarketError/unknownMarket(_:)``.
  public mutating func request(_ purchase: Purchase, from market: MarketID) throws(MarketError) -> InstanceID {
    guard let index = index(of: market) else { throw .unknownMarket(market) }
    let id = InstanceID(UInt32(instances.count))
    instances.append(Instance(id: id, market: market, purchase: purchase, requested: now, phase: .pending))
    fates.append(Fate(market: index, random: RandomSource(seed: lifetimeSeed, stream: UInt64(id.rawValue))))
    queue.add(.launch(id), at: now + settings[index].startUp.pending)
    return id
  }

  /// Ends an instance on its user's behalf, or withdraws the request; false when it is over already.
  ///
  /// Throws ``MarketError/unknownInstance(_:)``.
  @discardableResult
  public mutating func dismiss(_ id: InstanceID) throws(MarketError) -> Bool {
    guard id.slot < instances.count else { throw .unknownInstance(id) }
    return end(id, by: .user)
  }

  /// Ends an instance as its provider does, without a word; false when it is over already. For faults that a run injects.
  @discardableResult
  public mutating func interrupt(_ id: InstanceID) -> Bool { id.slot < instances.count && end(id, by: .provider) }

  /// Ends the run: every instance that is left ends now.
  public mutating func finish() {
    for instance in instances { _ = end(instance.id, by: .endOfRun) }
  }

  /// Moves time forward and returns what happened until then, that instant included; an earlier time changes nothing.
  public mutating func advance(to instant: Instant) -> [MarketEvent] {
    var events: [MarketEvent] = []
    while let entry = queue.first, entry.at <= instant {
      queue.removeFirst()
      now = max(now, entry.at)
      if let event = perform(entry.task) { events.append(event) }
    }
    now = max(now, instant)
    return events
  }

  /// What an instance from this market costs now.
  ///
  /// Throws ``MarketError/unknownMarket(_:)``.
  public func price(_ purchase: Purchase, from market: MarketID) throws(MarketError) -> HourlyRate {
    guard let index = index(of: market) else { throw .unknownMarket(market) }
    return settings[index].prices(purchase).value(at: now)
  }

  /// The lives that are over, in the order of the requests: what there is to bill once the run is finished.
  public var lives: [InstanceLife] { instances.compactMap(InstanceLife.init) }

  private func index(of market: MarketID) -> Int? { settings.firstIndex { $0.id == market } }

  /// Ends an instance that is not over; false when it is.
  mutating func end(_ id: InstanceID, by cause: EndCause) -> Bool {
    switch instances[id.slot].phase {
    case .pending: instances[id.slot].phase = .cancelled(at: now)
    case .booting(let launched), .running(let launched):
      instances[id.slot].phase = .ended(launched: launched, at: now, by: cause)
    case .refused, .cancelled, .ended: return false
    }
    pools[fates[id.slot].market].running.removeAll { $0 == id }
    return true
  }
}
