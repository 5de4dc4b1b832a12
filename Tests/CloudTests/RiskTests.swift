import Cloud
import Emulation
import Raft
import Testing

@Suite struct RiskTests {
  private static func rate(
    _ model: RevocationModel, at hours: Double = 0, spot: PriceSeries = .constant(.microUSD(30_000)), running: Int = 0
  ) throws -> Double {
    var markets = try SpotMarkets([.plain(0, "c5.large", model, spot: spot)], random: RandomSource(seed: 1))
    try markets.fill(running)
    _ = markets.advance(to: .zero)
    return markets.interruptionsPerHour(inMarket: 0, at: .zero + .hours(hours))
  }

  private static func isNear(_ found: Double, _ expected: Double) -> Bool { abs(found - expected) < 1e-6 }

  @Test("A memoryless lifetime is lost at its own rate, however short it is", arguments: [0.01, 0.5, 1, 100])
  func memoryless(mean: Double) throws {
    let rate = try Self.rate(RevocationModel(.exponential(ExponentialLifetime(mean: .hours(mean)))))
    // The sum over seconds is off by the twelfth of the square of a second over the mean.
    #expect(abs(rate * mean - 1) < 1e-3)
  }

  @Test("The young of a falling hazard are lost more often than the mean says")
  func falling() throws {
    let weibull = WeibullLifetime(shape: 0.6, scale: .hours(2))
    let rate = try Self.rate(RevocationModel(.weibull(weibull)))
    // Drawn lives: how many end within their first hour, and how much of it they have.
    var random = RandomSource(seed: 5)
    let lives = (0..<200_000).map { _ in weibull.draw(&random).hours }
    let drawn = Double(lives.count { $0 <= 1 }) / lives.reduce(0) { $0 + min($1, 1) }
    #expect(abs(rate / drawn - 1) < 0.02)
    #expect(rate > 1 / 3.0)
  }

  @Test("Shocks come on top, by what they take on average of what runs and one more")
  func shocks() throws {
    let shocks = CorrelatedShocks(
      region: Shock(interval: .hours(10), severity: .share(0.5)),
      pool: Shock(interval: .hours(100), severity: .mixture(all: 0.4, one: 0.4)), instance: .hours(20))
    let base = Revocation.exponential(ExponentialLifetime(mean: .hours(4)))
    let lonely = try Self.rate(RevocationModel(base, shocks: shocks))
    #expect(Self.isNear(lonely, 0.36))
    // Of four: all with 0.4, one with 0.4, and two and a half on average with 0.2.
    let crowded = try Self.rate(RevocationModel(base, shocks: shocks), running: 3)
    #expect(Self.isNear(crowded, 0.25 + 0.05 + 0.625 / 100 + 0.05))
  }

  @Test("Prices and traces are judged by what they did in the last week, and not by what they will do")
  func past() throws {
    // Above the bid in every fourth hour.
    let prices: PriceSeries = steps([(0, .microUSD(10)), (3 * 3_600, .microUSD(50))], period: 4 * 3_600)
    let crossing = RevocationModel(.priceCrossing(PriceCrossing(bid: .microUSD(20))))
    #expect(try Self.rate(crossing, at: 2.5, spot: prices) == 0)
    #expect(try Self.isNear(Self.rate(crossing, at: 40, spot: prices), 1 / 3.0))
    let once: PriceSeries = steps([(0, .microUSD(10)), (3_600, .microUSD(50)), (7_200, .microUSD(10))])
    #expect(try Self.rate(crossing, at: 300, spot: once) == 0, "longer ago than a week")
    let available = RevocationModel(.trace(.availability(steps([(0, true), (7_200, false)]))))
    #expect(try Self.isNear(Self.rate(available, at: 5), 0.5))
    let counts = RevocationModel(.trace(.counts(steps([(0, 8), (7_200, 6), (14_400, 9)]), .share)))
    #expect(try Self.isNear(Self.rate(counts, at: 5), 0.25 / 5))
  }
}
