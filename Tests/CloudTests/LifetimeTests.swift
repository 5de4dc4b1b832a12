import Cloud
import Raft
import Testing

/// Draws from every model with a distribution against its CDF by Kolmogorov and Smirnov: n = 10,000, critical distance
/// 1.949 / √n = 0.0195 (once in a thousand samples), fixed seeds.
@Suite struct LifetimeTests {
  private static let count = 10_000

  private static func draws(_ model: some LifetimeModel, seed: UInt64, count: Int = count) -> [TimeSpan] {
    var random = RandomSource(seed: seed)
    return (0..<count).map { _ in model.draw(&random) }
  }

  private static func distance(_ model: some LifetimeModel, seed: UInt64) -> Double {
    kolmogorovDistance(draws(model, seed: seed), model.cumulative)
  }

  @Test("Every preset's draws follow its distribution", arguments: RevocationPresets.all)
  func presetsFollowTheirDistribution(_ preset: RevocationPreset) throws {
    let model = try #require(preset.model.lifetime)
    #expect(model.fault == nil)
    for seed in 1...2 as ClosedRange<UInt64> {
      let distance = Self.distance(model, seed: seed)
      #expect(distance < criticalDistance(Self.count), "\(preset.name), seed \(seed): \(distance)")
    }
  }

  @Test("The comparison tells neighbouring models apart")
  func theComparisonCanFail() throws {
    let weibull = WeibullLifetime(shape: 0.6, scale: .hours(1.75))
    let draws = Self.draws(weibull, seed: 1)
    for other in [
      WeibullLifetime(shape: 0.64, scale: .hours(1.75)), WeibullLifetime(shape: 0.6, scale: .hours(2)),
      WeibullLifetime(shape: 1, scale: .hours(1.75)),
    ] {
      #expect(kolmogorovDistance(draws, other.cumulative) > criticalDistance(Self.count))
    }
    let stopped = try #require(RevocationPresets.named("bathtub-gcp-2019-uncensored")?.model.lifetime)
    let censored = try #require(RevocationPresets.named("bathtub-gcp-2019")?.model.lifetime)
    #expect(kolmogorovDistance(Self.draws(stopped, seed: 1), censored.cumulative) > 0.1)
  }

  @Test("A Weibull of shape 1 is the exponential, draw by draw")
  func weibullOfShapeOneIsExponential() {
    let draws = Self.draws(WeibullLifetime(shape: 1, scale: .hours(3)), seed: 9, count: 100)
    #expect(draws == Self.draws(ExponentialLifetime(mean: .hours(3)), seed: 9, count: 100))
  }

  @Test("A bathtub's lives end where its distribution reaches 1, and the published one has the authors' shape")
  func bathtubIsBounded() {
    let model = BathtubLifetime(scale: 0.4137, early: .hours(0.9), late: .hours(0.76), bound: .hours(24))
    // F = 1 where exp((t - 24) / 0.76) = 1 / 0.4137 - 1, the early term being spent.
    #expect(abs(model.end.hours - 24.2650) < 0.0005)
    #expect(model.cumulative(model.end) == 1)
    #expect(model.cumulative(model.end - .seconds(1)) < 1)
    let draws = Self.draws(model, seed: 4)
    #expect(draws.allSatisfy { $0 > .zero && $0 <= model.end })
    // Early, middle and late thirds by hand: F(3 h) = 0.3990, F(20 h) - F(3 h) = 0.0169.
    let early = draws.filter { $0 <= .hours(3) }.count
    let middle = draws.filter { $0 > .hours(3) && $0 <= .hours(20) }.count
    #expect(abs(Double(early) / Double(Self.count) - 0.3990) < 0.015)
    #expect(abs(Double(middle) / Double(Self.count) - 0.0169) < 0.004)
  }

  @Test("A quantile is the first nanosecond at which the distribution has reached it")
  func quantileInvertsTheDistribution() {
    let model = BathtubLifetime(scale: 0.295, early: .hours(1.48), late: .hours(0.72), bound: .hours(24.09))
    for percent in 1...100 {
      let probability = Double(percent) / 100
      let age = model.quantile(probability)
      #expect(model.cumulative(age) >= probability)
      #expect(model.cumulative(age - TimeSpan(nanoseconds: 1)) < probability)
    }
  }

  @Test(
    "An advisor band has the mean life that the assumption gives it",
    arguments: zip(InterruptionBand.allCases, [28_834.0, 9_364, 5_467, 3_795, 2_538]))
  func advisorBands(_ band: InterruptionBand, hours: Double) {
    let model = AdvisorLifetime(band: band)
    #expect(abs(model.memoryless.mean.hours - hours) < 1)
    #expect(abs(model.cumulative(.hours(730)) - band.share) < 1e-9)
  }

  @Test("Lives of the scarce types are three to four orders of magnitude shorter than the advisor's")
  func theGapBetweenSources() throws {
    let scarce = try #require(RevocationPresets.named("exponential-aws-r5-2023")?.model)
    guard case .exponential(let model) = scarce else { return #expect(Bool(false), "not exponential") }
    for band in InterruptionBand.allCases {
      let ratio = AdvisorLifetime(band: band).memoryless.mean.hours / model.mean.hours
      #expect((1_000...20_000).contains(ratio))
    }
  }

  @Test("Parameters out of bounds are named with what was expected")
  func faultsNameTheParameter() {
    let faults: [(Revocation, String)] = [
      (.exponential(ExponentialLifetime(mean: .zero)), "exponential: the mean is 0s; it must lie in 1s ... 100 years"),
      (
        .weibull(WeibullLifetime(shape: .nan, scale: .hours(1))),
        "weibull: the shape is nan; it must lie in 0.05 ... 100.0"
      ),
      (
        .lognormal(LognormalLifetime(median: .hours(1), sigma: 11)),
        "lognormal: the sigma is 11.0; it must lie in 0.001 ... 10.0"
      ),
      (
        .bathtub(BathtubLifetime(scale: 1.5, early: .hours(1), late: .hours(1), bound: .hours(24))),
        "bathtub: the scale A is 1.5; it must lie in 0.001 ... 1.0"
      ),
    ]
    for (model, fault) in faults { #expect(model.fault == fault) }
  }

  @Test("Every model is listed under its own name with one line")
  func registryIsComplete() {
    let models =
      RevocationPresets.all.map(\.model) + [
        .none, .priceCrossing(PriceCrossing(bid: .free)), .trace(.availability(.constant(true))),
      ]
    let used = Set(models.map(\.kind))
    #expect(used.union([.correlated]) == Set(RevocationKind.allCases))
    #expect(
      RevocationKind.allCases.map(\.name) == [
        "none", "exponential", "weibull", "lognormal", "bathtub", "price-crossing", "advisor", "trace", "correlated",
      ])
    #expect(RevocationKind.allCases.allSatisfy { !$0.summary.isEmpty && !$0.summary.contains("\n") })
    #expect(Set(RevocationPresets.all.map(\.name)).count == RevocationPresets.all.count)
  }
}
