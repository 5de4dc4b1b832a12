import Cloud
import Emulation
import Raft
import Testing

@Suite struct MarketTests {
  private static let hour = RevocationModel(.exponential(ExponentialLifetime(mean: .hours(1))))

  @Test("An instance is launched after the pending time, of use after the boot, and ends with the run")
  func lifeOfAnInstance() throws {
    let startUp = StartUp(pending: .seconds(5), boot: .seconds(40))
    var markets = try SpotMarkets([.plain(startUp: startUp)], random: RandomSource(seed: 1))
    let id = try markets.request(.onDemand, from: markets.settings[0].id)
    #expect(markets.nextEvent == .at(5))
    #expect(markets.advance(to: .at(4.9)).isEmpty)
    #expect(markets.instances[id.slot].phase == .pending)
    #expect(markets.advance(to: .at(100)).map(\.line) == ["5.0 i-0 launched", "45.0 i-0 ready"])
    #expect(markets.instances[id.slot].phase == .running(launched: .at(5)))
    markets.finish()
    #expect(markets.instances[id.slot].phase == .ended(launched: .at(5), at: .at(100), by: .endOfRun))
    #expect(markets.lives.map(\.length) == [.seconds(95)])
  }

  @Test("Dismissing ends a life once, withdraws a request, and silences what was announced")
  func dismissing() throws {
    let startUp = StartUp(pending: .seconds(5), boot: .zero)
    var markets = try SpotMarkets(
      [.plain(0, "c5.large", Self.hour, notice: .aws, startUp: startUp)], random: RandomSource(seed: 1))
    try markets.fill(2)
    #expect(try markets.dismiss(InstanceID(1)))
    _ = markets.advance(to: .at(6))
    #expect(markets.instances[1].phase == .cancelled(at: .zero))
    #expect(try markets.dismiss(InstanceID(0)))
    #expect(try !markets.dismiss(InstanceID(0)))
    #expect(markets.advance(to: .at(1e6)).isEmpty)
    #expect(markets.lives.map(\.endedBy) == [.user])
    #expect(throws: MarketError.unknownInstance(InstanceID(2))) { try markets.dismiss(InstanceID(2)) }
  }

  @Test("A kill is announced by a rebalance signal and a notice with their leads")
  func announcements() throws {
    let bid = RevocationModel(.priceCrossing(PriceCrossing(bid: .microUSD(50_000))))
    let prices = steps([(0, HourlyRate.microUSD(30_000)), (1_000, .microUSD(60_000)), (2_000, .microUSD(50_000))])
    let notice = NoticeRule(notice: .init(lead: .seconds(120)), rebalance: .init(lead: .seconds(300)))
    var markets = try SpotMarkets(
      [.plain(0, "r3.large", bid, notice: notice, spot: prices)], random: RandomSource(seed: 1))
    try markets.fill(1)
    var lines = markets.advance(to: .at(950)).map(\.line)
    try markets.fill(1)
    lines += markets.advance(to: .at(1_500)).map(\.line)
    try markets.fill(1)
    lines += markets.advance(to: .at(2_000)).map(\.line)
    try markets.fill(1)
    lines += markets.advance(to: .at(9_000)).map(\.line)
    #expect(
      lines == [
        "0.0 i-0 launched", "0.0 i-0 ready", "580.0 i-0 rebalance", "880.0 i-0 notice 1000.0 price",
        "950.0 i-1 launched", "950.0 i-1 ready", "950.0 i-1 rebalance", "950.0 i-1 notice 1000.0 price",
        "1000.0 i-0 killed price", "1000.0 i-1 killed price", "1500.0 i-2 refused price-above-bid",
        "2000.0 i-3 launched", "2000.0 i-3 ready",
      ])
    #expect(markets.lives.map(\.endedBy) == [.provider, .provider])
  }

  @Test("Within an instant ends come before starts, and instances in the order of their numbers")
  func orderWithinAnInstant() throws {
    let bid = RevocationModel(.priceCrossing(PriceCrossing(bid: .microUSD(50_000))))
    let prices = steps([(0, HourlyRate.microUSD(30_000)), (100, .microUSD(60_000))])
    let startUp = StartUp(pending: .seconds(50), boot: .seconds(50))
    var markets = try SpotMarkets(
      [.plain(0, "c5.large", bid, spot: prices, startUp: startUp)], random: RandomSource(seed: 1))
    try markets.fill(2)
    _ = markets.advance(to: .at(50))
    try markets.fill(1)
    _ = try markets.request(.onDemand, from: markets.settings[0].id)
    #expect(
      markets.advance(to: .at(100)).map(\.line) == [
        "100.0 i-0 killed price", "100.0 i-1 killed price", "100.0 i-2 refused price-above-bid", "100.0 i-3 launched",
      ])
  }

  @Test("Notices and rebalance signals are lost as often as the rule says, and kills never")
  func lostNotices() throws {
    let notice = NoticeRule(
      notice: .init(lead: .seconds(120), lost: 0.2), rebalance: .init(lead: .seconds(60), lost: 0.7))
    var markets = try SpotMarkets(
      [.plain(0, "c5.large", Self.hour, notice: notice)], random: RandomSource(seed: 5))
    try markets.fill(10_000)
    let events = markets.advance(to: .at(1e6))
    #expect(events.filter(\.isKill).count == 10_000)
    // Ten thousand trials: four standard deviations are 0.016 and 0.018.
    #expect(abs(Double(events.filter(\.isNotice).count) / 10_000 - 0.8) < 0.016)
    #expect(abs(Double(events.filter { $0.kind == .rebalance }.count) / 10_000 - 0.3) < 0.018)
    for event in events {
      if case .notice(let kill, _) = event.kind { #expect(kill > event.at && kill - event.at <= .seconds(120)) }
    }
  }

  @Test("No notice is sent with a lead of zero")
  func zeroLead() throws {
    var markets = try SpotMarkets(
      [.plain(0, "c5.large", Self.hour, notice: NoticeRule(notice: .init(lead: .zero)))], random: RandomSource(seed: 5))
    try markets.fill(100)
    let events = markets.advance(to: .at(1e6))
    #expect(events.filter(\.isKill).count == 100 && !events.contains(where: \.isNotice))
  }

  @Test("On-demand instances are never taken back")
  func onDemandStays() throws {
    let shocks = CorrelatedShocks(pool: Shock(interval: .hours(1), severity: .share(1)))
    var markets = try SpotMarkets(
      [.plain(0, "c5.large", RevocationModel(Self.hour.base, shocks: shocks))], random: RandomSource(seed: 5))
    for _ in 0..<50 { _ = try markets.request(.onDemand, from: markets.settings[0].id) }
    try markets.fill(50)
    let events = markets.advance(to: .at(1e6))
    #expect(Set(events.filter(\.isKill).map(\.instance.rawValue)) == Set(50..<100))
  }

  @Test("Lives in a market follow the model's distribution, whatever moves time forward")
  func livesFollowTheModel() throws {
    let model = WeibullLifetime(shape: 0.6, scale: .hours(1.75))
    var markets = try SpotMarkets(
      [.plain(0, "c5.large", RevocationModel(.weibull(model)))], random: RandomSource(seed: 6))
    for hour in 0..<100 {
      try markets.fill(30)
      _ = markets.advance(to: .at(Double(hour) * 3_600))
    }
    _ = markets.advance(to: .at(1e9))
    let lengths = markets.lives.map(\.length)
    #expect(lengths.count == 3_000)
    #expect(kolmogorovDistance(lengths, model.cumulative) < criticalDistance(3_000))
  }

  @Test("Two runs of one seed tell the same story, in whatever strides, and another seed another one")
  func determinism() throws {
    let shock = Shock(interval: .hours(5), drought: .seconds(600))
    let model = RevocationModel(Self.hour.base, shocks: CorrelatedShocks(region: shock, pool: shock))
    func story(seed: UInt64, stride: Double) throws -> [String] {
      var markets = try SpotMarkets(
        [
          .plain(0, "c5.large", model, notice: .aws), .plain(0, "m5.large", model, notice: .aws),
          .plain(1, "c5.large", model, notice: .gcp),
        ], random: RandomSource(seed: seed))
      var events: [MarketEvent] = []
      for step in 0..<20 {
        try markets.fill(4)
        let end = Double(step + 1) * 3_600
        var at = end - 3_600
        while at < end {
          at = min(end, at + stride)
          events += markets.advance(to: .at(at))
        }
      }
      #expect(zip(events, events.dropFirst()).allSatisfy { $0.at <= $1.at })
      return events.map(\.line)
    }
    let first = try story(seed: 1, stride: 3_600)
    #expect(first.count > 500)
    #expect(try first == story(seed: 1, stride: 3_600))
    #expect(try first == story(seed: 1, stride: 7.3))
    #expect(try first != story(seed: 2, stride: 3_600))
  }

  @Test("What one does with an instance changes no other one's life and no shock")
  func independence() throws {
    let model = RevocationModel(
      Self.hour.base, shocks: CorrelatedShocks(pool: Shock(interval: .hours(2), severity: .share(1))))
    func kills(dismissing dismissed: Bool) throws -> [String] {
      var markets = try SpotMarkets([.plain(0, "c5.large", model)], random: RandomSource(seed: 8))
      try markets.fill(20)
      _ = markets.advance(to: .at(1))
      if dismissed { try markets.dismiss(InstanceID(3)) }
      return markets.advance(to: .at(1e6)).filter { $0.isKill && $0.instance != InstanceID(3) }.map(\.line)
    }
    #expect(try kills(dismissing: true) == kills(dismissing: false))
  }

  @Test("Impossible markets are refused with what is wrong")
  func impossibleMarkets() {
    let pool = MarketSettings.plain()
    #expect(throws: MarketError.repeatedMarket(pool.id)) {
      try SpotMarkets([pool, pool], random: RandomSource(seed: 1))
    }
    var late = pool
    late.notice = NoticeRule(notice: .init(lead: .seconds(30), lost: 1.5))
    let error = #expect(throws: MarketError.self) { try SpotMarkets([late], random: RandomSource(seed: 1)) }
    #expect(
      error?.description
        == "market c5.large@0: the probability that a notice is lost is 1.5; it must lie in 0 ... 1")
    #expect(throws: MarketError.unknownMarket(MarketID(site: SiteID(7), type: "x"))) {
      var markets = try SpotMarkets([pool], random: RandomSource(seed: 1))
      _ = try markets.request(.spot, from: MarketID(site: SiteID(7), type: "x"))
    }
  }
}
