import Policies
import Raft
import Testing

struct RegistryTests {
  struct Silent: MembershipPolicy {
    mutating func decide(_ observation: Observation) -> [ProposedAction] { [] }
  }

  @Test("The shipped policies are there by name, each with a summary of one line")
  func shipped() throws {
    let registry = PolicyRegistry()
    #expect(
      registry.entries.map(\.name) == [
        "static", "reactive", "budget", "peek", "predictive", "spot-diversified", "follow-load", "multi-raft",
      ])
    #expect(registry.entries.allSatisfy { !$0.summary.isEmpty && !$0.summary.contains("\n") })
    #expect(try registry.makePolicy(named: "peek") is PeekPolicy)
    #expect(try registry.makePolicy(named: "static") is StaticPolicy)
  }

  @Test("A program adds its own, and a name is taken once")
  func register() throws {
    var registry = PolicyRegistry()
    try registry.register(.init(name: "silent", summary: "does nothing") { Silent() })
    #expect(try registry.makePolicy(named: "silent") is Silent)
    #expect(throws: PolicyRegistry.Problem.nameTaken("silent")) {
      try registry.register(.init(name: "silent", summary: "") { Silent() })
    }
  }

  @Test("An unknown name is answered with the nearest")
  func unknown() {
    do {
      _ = try PolicyRegistry().makePolicy(named: "reactiv")
      Issue.record("made a policy of an unknown name")
    } catch {
      #expect(error.description.hasSuffix("did you mean reactive?"))
    }
  }
}

struct MoneyTests {
  @Test("Prices give exact amounts, rounded up, that saturate")
  func prices() {
    #expect(HourlyPrice(microUSDPerHour: 36_000).cost(of: .seconds(3_600)) == Money(microUSD: 36_000))
    #expect(HourlyPrice(microUSDPerHour: 36_000).cost(of: .seconds(10)) == Money(microUSD: 100))
    #expect(HourlyPrice(microUSDPerHour: 1).cost(of: .nanoseconds(1)) == Money(microUSD: 1))
    #expect(HourlyPrice(microUSDPerHour: 5).cost(of: .zero) == .zero)
    #expect(
      HourlyPrice(microUSDPerHour: .max).cost(of: TimeSpan(nanoseconds: .max)) == Money(microUSD: .max))
    #expect(Money(microUSD: .max) + Money(microUSD: 1) == Money(microUSD: .max))
    #expect(Money(microUSD: .min) - Money(microUSD: 1) == Money(microUSD: .min))
  }

  @Test("Shares of an amount never add up to more than it")
  func shares() {
    #expect(Money(microUSD: 10).share(1, of: 3) == Money(microUSD: 3))
    #expect(Money(microUSD: 10).share(3, of: 3) == Money(microUSD: 10))
    #expect(Money(microUSD: 10).share(2, of: 0) == Money(microUSD: 10))
    #expect(Money(microUSD: Int64.max).share(999, of: 1_000) < Money(microUSD: .max))
  }
}

struct ForecasterTests {
  @Test("An exponential average halves the distance to a steady value with every epoch")
  func average() {
    var average = ExponentialAverage(alpha: 0.5)
    for value in [0.0, 8, 8, 8] { average.observe(value) }
    #expect(average.level == 7)
  }

  @Test("Holt-Winters repeats a season exactly, and follows a trend")
  func holtWinters() {
    var seasonal = HoltWinters(.init(season: 4))
    let season = [10.0, 50, 20, 0]
    for epoch in 0..<40 {
      if epoch >= 4 { #expect((seasonal.forecast - season[epoch % 4]).magnitude < 1e-9) }
      seasonal.observe(season[epoch % 4])
    }
    var rising = HoltWinters(.init(alpha: 0.5, beta: 0.3, gamma: 0.1, season: 2))
    for epoch in 0..<200 { rising.observe(Double(epoch * 5)) }
    #expect((rising.forecast - 1_000).magnitude < 5)
    var falling = HoltWinters(.init(alpha: 0.5, beta: 0.5, gamma: 0.1, season: 1))
    for value in [100.0, 50, 0, 0] { falling.observe(value) }
    #expect(falling.forecast >= 0)
  }
}
