import Cloud
import Emulation
import Raft
import Testing

@Suite struct ShockTests {
  /// How many of `count` instances each of `shocks` shocks took; what was lost is replaced after each.
  private static func losses(_ shock: Shock, count: Int, shocks: Int, seed: UInt64) throws -> [Int] {
    let model = RevocationModel(.none, shocks: CorrelatedShocks(pool: shock))
    var markets = try SpotMarkets([.plain(0, "c5.large", model)], random: RandomSource(seed: seed))
    try markets.fill(count)
    _ = markets.advance(to: .zero)
    return try (0..<shocks).map { _ in
      let next = try #require(markets.nextEvent)
      let lost = markets.advance(to: next).filter(\.isKill).count
      try markets.fill(lost)
      _ = markets.advance(to: next)
      return lost
    }
  }

  @Test("A shock takes the stated share, rounded so that the mean is right", arguments: [0.0, 0.3, 0.25, 0.01, 1])
  func statedShare(_ share: Double) throws {
    let losses = try Self.losses(
      Shock(interval: .hours(1), severity: .share(share)), count: 10, shocks: 4_000, seed: 2)
    let exact = share * 10
    #expect(losses.allSatisfy { $0 == Int(exact.rounded(.down)) || $0 == Int(exact.rounded(.up)) })
    // A fraction's standard deviation is at most 0.5; four of the mean's are 0.032.
    #expect(abs(Double(losses.reduce(0, +)) / 4_000 - exact) < 0.032)
  }

  @Test("A shock of the observed severity takes all, one, or any number, as often as stated")
  func observedSeverity() throws {
    let losses = try Self.losses(Shock(interval: .hours(1)), count: 16, shocks: 8_000, seed: 3)
    func frequency(_ count: Int) -> Double { Double(losses.filter { $0 == count }.count) / 8_000 }
    // Four standard deviations of 8,000 trials: 0.023, and 0.0025 for a rare one.
    #expect(abs(frequency(16) - (0.45 + 0.05 / 16)) < 0.023)
    #expect(abs(frequency(1) - (0.50 + 0.05 / 16)) < 0.023)
    for count in 2...15 { #expect(abs(frequency(count) - 0.05 / 16) < 0.0025) }
  }

  @Test("Shocks come as a Poisson process of the stated rate")
  func poissonProcess() throws {
    let shock = Shock(interval: .hours(2), severity: .share(1))
    let model = RevocationModel(.none, shocks: CorrelatedShocks(pool: shock))
    var markets = try SpotMarkets([.plain(0, "c5.large", model)], random: RandomSource(seed: 4))
    var gaps: [TimeSpan] = []
    while gaps.count < 5_000 {
      let start = markets.now
      let next = try #require(markets.nextEvent)
      _ = markets.advance(to: next)
      gaps.append(next - start)
    }
    let expected = ExponentialLifetime(mean: .hours(2))
    #expect(kolmogorovDistance(gaps, expected.cumulative) < criticalDistance(5_000))
  }

  @Test("A region shock reaches every pool of its site and no other site; a pool shock reaches its pool alone")
  func reach() throws {
    let region = Shock(interval: .hours(10), severity: .share(1))
    let regional = RevocationModel(.none, shocks: CorrelatedShocks(region: region))
    let local = RevocationModel(.none, shocks: CorrelatedShocks(pool: region))
    func kills(_ model: RevocationModel) throws -> [[MarketEvent]] {
      let sites: [(UInt16, InstanceTypeName)] = [(0, "c5.large"), (0, "m5.large"), (1, "c5.large")]
      var markets = try SpotMarkets(sites.map { .plain($0, $1, model) }, random: RandomSource(seed: 5))
      try markets.fill(3)
      let events = markets.advance(to: .at(1e6)).filter(\.isKill)
      return (0..<3).map { market in events.filter { Int($0.instance.rawValue) / 3 == market } }
    }
    let shared = try kills(regional)
    #expect(shared.allSatisfy { $0.count == 3 && Set($0.map(\.at)).count == 1 })
    #expect(shared[0][0].at == shared[1][0].at && shared[0][0].at != shared[2][0].at)
    #expect(shared.joined().allSatisfy { $0.kind == .killed(.regionShock) })
    let separate = try kills(local)
    #expect(Set(separate.map { $0[0].at }).count == 3)
    #expect(separate.joined().allSatisfy { $0.kind == .killed(.poolShock) })
  }

  @Test("Region shocks with a share choose their victims from the whole region")
  func regionalShare() throws {
    let region = Shock(interval: .hours(10), severity: .share(0.5))
    let model = RevocationModel(.none, shocks: CorrelatedShocks(region: region))
    var counts: Set<Int> = []
    for seed in 0..<40 as Range<UInt64> {
      var markets = try SpotMarkets(
        [.plain(0, "c5.large", model), .plain(0, "m5.large", model)], random: RandomSource(seed: seed))
      try markets.fill(4)
      _ = markets.advance(to: .zero)
      let killed = markets.advance(to: try #require(markets.nextEvent)).filter(\.isKill)
      #expect(killed.count == 4)
      counts.insert(killed.filter { $0.instance.rawValue < 4 }.count)
    }
    // Hypergeometric: 1, 2 and 3 of the first pool are common.
    #expect(counts.isSuperset(of: [1, 2, 3]))
  }

  @Test("A shock's victims get their signals from the decision on")
  func shockAnnouncements() throws {
    let notice = NoticeRule(notice: .init(lead: .seconds(120)), rebalance: .init(lead: .seconds(60)))
    let shock = Shock(interval: .hours(10), severity: .share(1))
    var markets = try SpotMarkets(
      [.plain(0, "c5.large", RevocationModel(.none, shocks: CorrelatedShocks(region: shock)), notice: notice)],
      random: RandomSource(seed: 5))
    try markets.fill(1)
    _ = markets.advance(to: .zero)
    let decided = try #require(markets.nextEvent)
    let events = markets.advance(to: decided + .seconds(180))
    #expect(events.map { $0.at - decided } == [.zero, .seconds(60), .seconds(180)])
    #expect(
      events.map(\.kind) == [
        .rebalance, .notice(kill: decided + .seconds(180), .regionShock), .killed(.regionShock),
      ])
  }

  @Test("Shocks of single instances are exponential, on top of what the model does")
  func instanceShocks() throws {
    let base = ExponentialLifetime(mean: .hours(6))
    let model = RevocationModel(.exponential(base), shocks: CorrelatedShocks(instance: .hours(3)))
    var markets = try SpotMarkets([.plain(0, "c5.large", model)], random: RandomSource(seed: 7))
    try markets.fill(3_000)
    let events = markets.advance(to: .at(1e7))
    // Two rates add up: 1/6 + 1/3 = 1/2 per hour, two thirds of them by shocks.
    let both = ExponentialLifetime(mean: .hours(2))
    #expect(kolmogorovDistance(markets.lives.map(\.length), both.cumulative) < criticalDistance(3_000))
    let shocked = events.filter { $0.kind == .killed(.instanceShock) }.count
    #expect(abs(Double(shocked) / 3_000 - 2.0 / 3) < 0.035)
  }

  @Test("After a shock its pools give out nothing for the drought")
  func drought() throws {
    let shock = Shock(interval: .hours(1_000), severity: .share(1), drought: .hours(1))
    let model = RevocationModel(.none, shocks: CorrelatedShocks(pool: shock))
    var droughts: [TimeSpan] = []
    for seed in 0..<300 as Range<UInt64> {
      var markets = try SpotMarkets([.plain(0, "c5.large", model)], random: RandomSource(seed: seed))
      let start = try #require(markets.nextEvent)
      _ = markets.advance(to: start)
      for minute in 0..<1_000 as Range<Int64> {
        _ = markets.advance(to: start + .seconds(60 * minute))
        try markets.fill(1)
        let answers = markets.advance(to: markets.now)
        if answers[0].kind == .launched {
          droughts.append(.seconds(60 * minute))
          break
        }
        #expect(answers.map(\.kind) == [.refused(.afterShock)])
      }
    }
    #expect(droughts.count == 300)
    // Probed every minute: the mean of an exponential hour, a half-minute more, ± 4 / √300 of it.
    let mean = droughts.reduce(0) { $0 + $1.hours } / 300
    #expect(abs(mean - 1) < 0.24)
  }
}
