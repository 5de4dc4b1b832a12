import Policies
import Raft
import Testing

struct FleetPolicyTests {
  /// Reads of 2,500, 300 and 0 per second on servers that can do 1,000 within the target.
  static func loaded() -> Sample {
    var sample = Sample(voters: [0, 1, 1, 1, 2])
    sample.reads = [2_500, 300, 0]
    sample.writes = [100, 0, 0]
    return sample
  }

  static let sizing = FleetSizing(target: 1, readsPerServer: 1_000, patience: 1)

  @Test("Budget hires observers until the reads are served, and no secretary for an idle leader")
  func observers() {
    var policy = BudgetPolicy(.init(sizing: Self.sizing))
    let hire = Action.hire(.observer, group: Sample.shard, at: Sample.placement(0))
    let actions = policy.decide(Self.loaded().observation)
    #expect(actions.steps == [hire, hire])
    #expect(actions.map(\.reason).map { $0.contains("1000") } == [true, false])
  }

  @Test("Budget hires a secretary where it spares a busy leader most copies")
  func secretary() {
    var sample = Self.loaded()
    sample.reads = [0, 0, 0]
    sample.writes = [500, 0, 0]
    sample.busy(1) { $0.id == NodeID(0) }
    sample.forecasts = []
    var policy = BudgetPolicy(.init(sizing: FleetSizing(target: 0.7, patience: 1)))
    #expect(
      policy.decide(sample.observation).steps == [.hire(.secretary, group: Sample.shard, at: Sample.placement(1))])
  }

  @Test("The best gain for the money comes first, and the cap is kept")
  func bestFirst() {
    var sample = Self.loaded()
    sample.reads = [1_400, 1_900, 0]
    sample.voters = [NodeID(0), NodeID(1), NodeID(4)]
    sample.nodes.removeAll { $0.id == NodeID(2) || $0.id == NodeID(3) }
    sample.budget.perEpoch = Money(microUSD: 315_000)
    var policy = BudgetPolicy(.init(sizing: Self.sizing))
    #expect(policy.decide(sample.observation).steps == [.hire(.observer, group: Sample.shard, at: Sample.placement(1))])
    sample.offers = sample.offers.map { offer in
      var offer = offer
      if offer.placement == Sample.placement(1) { offer.price = HourlyPrice(microUSDPerHour: 30_000) }
      return offer
    }
    var dear = BudgetPolicy(.init(sizing: Self.sizing))
    #expect(dear.decide(sample.observation).steps == [.hire(.observer, group: Sample.shard, at: Sample.placement(0))])
  }

  @Test("When prices rise beyond the cap, the fleet shrinks at once")
  func tooDear() {
    var sample = Self.loaded()
    let nodes = [sample.add(.observer, at: 0), sample.add(.observer, at: 0)]
    sample.budget.perEpoch = Money(microUSD: 525_000)
    var policy = BudgetPolicy(.init(sizing: FleetSizing(target: 1, readsPerServer: 1_000, patience: 3)))
    #expect(policy.decide(sample.observation).isEmpty)
    for node in nodes { sample.change(node) { $0.price = HourlyPrice(microUSDPerHour: 20_000) } }
    #expect(policy.decide(sample.observation).steps == [.dismiss(nodes[1])])
  }

  @Test("What is no longer worth its price goes after as many epochs as it is told to wait")
  func patience() {
    var sample = Self.loaded()
    let node = sample.add(.observer, at: 2)
    var policy = BudgetPolicy(.init(sizing: FleetSizing(target: 1, readsPerServer: 1_000, patience: 3)))
    let dismissals = (0..<3).map { _ in policy.decide(sample.observation).steps.filter { $0.kind == .dismiss } }
    #expect(dismissals == [[], [], [.dismiss(node)]])
  }

  @Test("Peek without foresight makes the myopic choice, on many states")
  func peekZeroIsMyopic() {
    var draws = RandomSource(seed: 11)
    var hires = 0
    for _ in 0..<300 {
      var sample = Sample(voters: [0, 0, 1, 1, 2])
      sample.reads = (0..<3).map { _ in Double(draws.next(below: 4_000)) }
      sample.writes = (0..<3).map { _ in Double(draws.next(below: 1_000)) }
      for node in sample.nodes { sample.change(node.id) { $0.cpuBusyRatio = draws.nextUnit() } }
      for site in 0..<3 where draws.next(below: 2) == 0 { sample.add(.observer, at: site) }
      sample.budget.perEpoch = Money(microUSD: Int64(480_000 + draws.next(below: 120_000)))
      sample.forecasts = [Sample.forecast(reads: [9_999, 9_999, 9_999])]
      var myopic = BudgetPolicy(.init(sizing: Self.sizing))
      var peek = PeekPolicy(.init(foresight: .epochs(0), sizing: Self.sizing))
      let expected = myopic.decide(sample.observation)
      #expect(peek.decide(sample.observation) == expected)
      hires += expected.count
    }
    #expect(hires > 300)
  }

  @Test("Peek of one epoch hires for the load to come, not for the one that was")
  func peekOne() {
    var sample = Self.loaded()
    sample.forecasts = [Sample.forecast(reads: [0, 0, 1_800])]
    var policy = PeekPolicy(.init(foresight: .epochs(1), sizing: Self.sizing))
    #expect(policy.decide(sample.observation).steps == [.hire(.observer, group: Sample.shard, at: Sample.placement(2))])
  }

  @Test("Predictive follows a growing load, and hires ahead of a season that it has seen")
  func predictive() {
    let settings = PredictivePolicy.Settings(
      method: .holtWinters(.init(alpha: 0.2, beta: 0.1, gamma: 0.5, season: 4)), sizing: Self.sizing)
    var policy = PredictivePolicy(settings)
    var last: [ProposedAction] = []
    for epoch in 0..<12 {
      var sample = Sample()
      sample.epoch = epoch
      sample.reads = [epoch % 4 == 0 ? 5_000 : 500, 0, 0]
      last = policy.decide(sample.observation)
    }
    // The last epoch was quiet; the next is the busy one of its season.
    #expect(last.count == 4)
    var average = PredictivePolicy(.init(method: .exponentialAverage(alpha: 0.5), sizing: Self.sizing))
    var sample = Sample()
    sample.reads = [3_000, 0, 0]
    #expect(average.decide(sample.observation).count == 2)
    sample.reads = [0, 0, 0]
    #expect(average.decide(sample.observation).count == 1)
  }

  @Test("No more is hired than the instance limits have room for")
  func instanceLimits() {
    var sample = Self.loaded()
    sample.reads = [90_000, 90_000, 90_000]
    sample.limits.instancesPerSite = 4
    sample.limits.instances = 10
    for policy in [ShippedPolicy.budget(.init(sizing: Self.sizing)), .predictive(.init(sizing: Self.sizing))] {
      var policy = policy.makePolicy()
      let proposals = policy.decide(sample.observation)
      #expect(proposals.count == 5)
      let decisions = Legality().decide(proposals, in: sample.observation)
      #expect(decisions.allSatisfy { $0.verdict == .allowed })
    }
  }
}
