import Policies
import Raft
import Testing

/// Policies in a closed loop with a world that follows from what they do.
struct StabilityTests {
  static let all: [ShippedPolicy] =
    ShippedPolicy.all + [.peek(.init(foresight: .all)), .peek(.init(foresight: .epochs(0)))]

  @Test("Under a steady load every policy comes to rest and stays there", arguments: all, [0, 1, 2])
  func comesToRest(_ policy: ShippedPolicy, startUp: Int) {
    for (reads, writes) in [(0.0, 0.0), (650, 400), (2_900, 2_400), (1_400, 1_300), (800, 2_000)] {
      var world = ToyWorld(Sample(voters: [0, 0, 1, 1, 1, 2, 2]))
      world.startUp = startUp
      world.sample.reads = [reads, reads / 2, 0]
      world.sample.writes = [writes, 0, 0]
      world.sample.budget = Budget(epochsLeft: 60)
      var policy = policy.makePolicy()
      for _ in 0..<60 {
        let known = policy.foresight.epochs(outOf: min(3, world.sample.budget.epochsLeft))
        world.sample.forecasts = Array(
          repeating: Sample.forecast(reads: [reads, reads / 2, 0], writes: [writes, 0, 0]), count: known)
        world.epoch(&policy, reads: [reads, reads / 2, 0], writes: writes)
      }
      #expect(world.log.suffix(30).allSatisfy { $0.isEmpty }, "reads \(reads), writes \(writes)")
    }
  }

  @Test("Under random loads, prices and revocations no epoch costs more than its cap", arguments: all)
  func neverOverBudget(_ policy: ShippedPolicy) {
    var draws = RandomSource(seed: 3)
    var hired = 0
    for _ in 0..<20 {
      var world = ToyWorld(Sample(voters: [0, 0, 1, 1, 1]))
      let cap = Money(microUSD: 500_000 + Int64(draws.next(below: 80_000)))
      world.sample.budget = Budget(perEpoch: cap, epochsLeft: 30)
      var policy = policy.makePolicy()
      for _ in 0..<30 {
        let reads = (0..<3).map { _ in Double(draws.next(below: 5_000)) }
        let writes = Double(draws.next(below: 3_000))
        world.sample.offers = Sample.offers(spot: Int64(5_000 + draws.next(below: 20_000)))
        let known = policy.foresight.epochs(outOf: 2)
        world.sample.forecasts = Array(
          repeating: Sample.forecast(reads: reads, writes: [writes, 0, 0]), count: known)
        let before = world.spent
        world.epoch(&policy, reads: reads, writes: writes)
        #expect(world.spent - before <= cap)
        world.sample.nodes.removeAll { $0.fleetRole != nil && draws.next(below: 10) == 0 }
      }
      hired += world.log.joined().filter { $0.kind == .hire }.count
    }
    switch policy {
    case .fixed, .followLoad, .multiRaft: #expect(hired == 0)
    default: #expect(hired > 50)
    }
  }

  @Test("The policies that plan with the budget propose nothing that goes beyond it")
  func plansWithinBudget() {
    var draws = RandomSource(seed: 5)
    for _ in 0..<200 {
      var sample = Sample(voters: [0, 0, 1, 1, 1])
      sample.reads = (0..<3).map { _ in Double(draws.next(below: 90_000)) }
      for site in 0..<3 { sample.add(.observer, at: site) }
      sample.budget = Budget(
        perEpoch: Money(microUSD: 530_000 + Int64(draws.next(below: 80_000))),
        remaining: Money(microUSD: 5_300_000 + Int64(draws.next(below: 800_000))), epochsLeft: 10)
      for policy in [ShippedPolicy.budget(.init()), .peek(.init()), .predictive(.init())] {
        var policy = policy.makePolicy()
        let decisions = Legality().decide(policy.decide(sample.observation), in: sample.observation)
        #expect(decisions.allSatisfy { $0.verdict == .allowed })
      }
    }
  }
}
