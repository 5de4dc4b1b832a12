import Policies
import Raft
import Testing

/// Four epochs of reads at one site, money for a few observers in all, every sequence of loads.
struct ForesightTests {
  static let rates = [0.0, 1_500, 2_600, 4_000]
  static let epochs = 4
  /// The members cost 300,000 an epoch; five epochs of an observer are left over.
  static let money = Money(microUSD: 300_000 * 4 + 50_000)
  static let sizing = FleetSizing(target: 1, readsPerServer: 1_000, patience: 1)

  static func sequence(_ code: Int) -> [Double] {
    var code = code
    return (0..<epochs).map { _ in
      defer { code /= rates.count }
      return rates[code % rates.count]
    }
  }

  static func play(_ loads: [Double], _ foresight: Foresight) -> ToyWorld {
    var sample = Sample()
    sample.budget = Budget(remaining: money, epochsLeft: epochs)
    sample.reads = [loads[0], 0, 0]
    var world = ToyWorld(sample)
    var policy: any MembershipPolicy = PeekPolicy(.init(foresight: foresight, sizing: sizing))
    for (epoch, load) in loads.enumerated() {
      let known = loads[epoch...].prefix(foresight.epochs(outOf: epochs - epoch))
      world.sample.forecasts = known.map { Sample.forecast(reads: [$0, 0, 0]) }
      world.epoch(&policy, reads: [load, 0, 0], writes: 0)
    }
    return world
  }

  /// The best that can be done, by trying every split of the five observer epochs.
  static func optimum(_ loads: [Double]) -> Double {
    func best(_ epoch: Int, _ left: Int) -> Double {
      guard epoch < epochs else { return 0 }
      return (0...left).map { min(loads[epoch], 1_000 * Double(1 + $0)) + best(epoch + 1, left - $0) }.max() ?? 0
    }
    return best(0, 5)
  }

  @Test("The oracle is never worse than the myopic choice, is often better, and is the optimum where units cost alike")
  func oracle() {
    var better = 0
    for code in 0..<(4 * 4 * 4 * 4) {
      let loads = Self.sequence(code)
      let myopic = Self.play(loads, .epochs(0))
      let oracle = Self.play(loads, .all)
      #expect(oracle.goodput >= myopic.goodput, "\(loads)")
      #expect(oracle.goodput == Self.optimum(loads), "\(loads)")
      #expect(oracle.spent <= Self.money && myopic.spent <= Self.money, "\(loads)")
      if oracle.goodput > myopic.goodput { better += 1 }
    }
    #expect(better > 100)
  }

  @Test("A policy is told as many epochs as it asks for and the run has")
  func foresight() {
    #expect(Foresight.epochs(3).epochs(outOf: 10) == 3)
    #expect(Foresight.epochs(3).epochs(outOf: 2) == 2)
    #expect(Foresight.epochs(-1).epochs(outOf: 2) == 0)
    #expect(Foresight.all.epochs(outOf: 7) == 7)
    #expect(ReactivePolicy().foresight == .epochs(0))
  }
}
