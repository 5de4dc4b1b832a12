import Policies
import Raft
import Testing

struct StaticPolicyTests {
  static let settings = StaticPolicy.Settings(fleet: [
    .init(role: .observer, placement: Sample.placement(1), count: 2),
    .init(role: .secretary, placement: Sample.placement(2), count: 1),
  ])

  @Test("A fixed fleet is filled, kept, and what is under notice is replaced")
  func keepsFleet() {
    var policy = StaticPolicy(Self.settings)
    var sample = Sample()
    let observer = Action.hire(.observer, group: Sample.shard, at: Sample.placement(1))
    let secretary = Action.hire(.secretary, group: Sample.shard, at: Sample.placement(2))
    #expect(policy.decide(sample.observation).steps == [observer, observer, secretary])
    let first = sample.add(.observer, at: 1, state: .starting)
    sample.add(.observer, at: 1)
    sample.add(.secretary, at: 2)
    #expect(policy.decide(sample.observation).isEmpty)
    sample.change(first) { $0.revokedAt = Instant(nanoseconds: 1) }
    #expect(policy.decide(sample.observation).steps == [observer])
    sample.change(first) { $0.revokedAt = nil }
    let third = sample.add(.observer, at: 1)
    #expect(policy.decide(sample.observation).steps == [.dismiss(third)])
  }

  @Test("A lost voter is replaced in its pool and then removed; one that is only down is left alone")
  func replacesVoter() {
    var policy = StaticPolicy()
    var sample = Sample()
    sample.change(NodeID(2)) { $0.state = .down }
    #expect(policy.decide(sample.observation).isEmpty)
    sample.nodes.removeAll { $0.id == NodeID(2) }
    #expect(
      policy.decide(sample.observation).steps == [
        .addVoter(group: Sample.shard, at: Sample.placement(2, .onDemand))
      ])
    let offers = sample.offers
    sample.offers.removeAll { $0.placement == Sample.placement(2, .onDemand) }
    #expect(policy.decide(sample.observation).steps == [.addVoter(group: Sample.shard, at: Sample.placement(2, .spot))])
    sample.offers.removeAll { $0.placement.site == Sample.sites[2] }
    #expect(policy.decide(sample.observation).isEmpty)
    sample.offers = offers
    sample.voters.append(sample.add(.voter, at: 2, .onDemand))
    let removal = policy.decide(sample.observation)
    #expect(removal.steps == [.removeVoter(NodeID(2))])
    #expect(Legality().decide(removal, in: sample.observation).map(\.verdict) == [.allowed])
    sample.voters.removeAll { $0 == NodeID(2) }
    #expect(policy.decide(sample.observation).isEmpty)
  }
}

struct SpotDiversifiedPolicyTests {
  static let other = InstanceType("m5.large")

  @Test("Hires spread over the pools of a site by price, interruptions and crowding")
  func spreads() {
    var sample = Sample()
    sample.reads = [0, 3_500, 0]
    sample.offers.append(
      Offer(
        placement: Sample.placement(1, .spot, Self.other), price: HourlyPrice(microUSDPerHour: 12_000),
        interruptionsPerHour: 0.05))
    var policy = SpotDiversifiedPolicy(.init(target: 1, readsPerServer: 1_000))
    func hire(_ instance: InstanceType) -> Action {
      .hire(.observer, group: Sample.shard, at: Sample.placement(1, .spot, instance))
    }
    #expect(
      policy.decide(sample.observation).steps == [hire(Sample.instance), hire(Self.other), hire(Sample.instance)])
  }

  @Test("A pool that is often interrupted is avoided, up to buying on demand")
  func avoidsInterruptions() {
    var sample = Sample()
    sample.reads = [0, 1_500, 0]
    sample.offers = sample.offers.map { offer in
      var offer = offer
      if offer.placement.market == .spot { offer.interruptionsPerHour = 20 }
      return offer
    }
    var policy = SpotDiversifiedPolicy(.init(target: 1, readsPerServer: 1_000))
    #expect(
      policy.decide(sample.observation).steps == [
        .hire(.observer, group: Sample.shard, at: Sample.placement(1, .onDemand))
      ])
    var spotOnly = SpotDiversifiedPolicy(.init(usesOnDemand: false, target: 1, readsPerServer: 1_000))
    #expect(
      spotOnly.decide(sample.observation).steps == [.hire(.observer, group: Sample.shard, at: Sample.placement(1))])
  }

  @Test("A secretary stands where there are two followers; a surplus goes one by one, after some patience")
  func secretariesAndSurplus() {
    var sample = Sample(voters: [0, 1, 1, 2])
    var policy = SpotDiversifiedPolicy()
    #expect(
      policy.decide(sample.observation).steps == [.hire(.secretary, group: Sample.shard, at: Sample.placement(1))])
    sample.add(.secretary, at: 1)
    sample.add(.observer, at: 2)
    let newest = sample.add(.observer, at: 2)
    let steps = (0..<5).map { _ in policy.decide(sample.observation).steps }
    #expect(steps == [[], [], [.dismiss(newest)], [], []])
  }
}

struct FollowLoadPolicyTests {
  static func sample(_ writes: [Double]) -> Sample {
    var sample = Sample(voters: [0, 1, 1, 2])
    sample.writes = writes
    sample.busy(0.6) { $0.id == NodeID(1) }
    return sample
  }

  @Test("Leadership follows the writes after three epochs, to the least busy voter there")
  func follows() {
    var policy = FollowLoadPolicy()
    let moved = Self.sample([100, 200, 50]).observation
    #expect(
      (0..<3).map { _ in policy.decide(moved).steps } == [
        [], [], [.transferLeadership(group: Sample.shard, to: NodeID(2))],
      ])
  }

  @Test("Loads that wander, pause, or hardly differ, move nothing")
  func doesNotFlap() {
    let loads: [[[Double]]] = [
      [[100, 900, 0], [100, 0, 900]], [[100, 900, 0], [100, 900, 0], [100, 149, 0]], [[100, 149, 0]],
    ]
    for cycle in loads {
      var policy = FollowLoadPolicy()
      for epoch in 0..<30 {
        #expect(policy.decide(Self.sample(cycle[epoch % cycle.count]).observation).isEmpty)
      }
    }
  }

  @Test("A site without a voter that runs and stays is passed over")
  func needsHeir() {
    var sample = Self.sample([100, 900, 300])
    for id in [1, 2] { sample.change(NodeID(UInt32(id))) { $0.state = .down } }
    var policy = FollowLoadPolicy(.init(patience: 1))
    #expect(policy.decide(sample.observation).steps == [.transferLeadership(group: Sample.shard, to: NodeID(3))])
    sample.change(NodeID(3)) { $0.revokedAt = Instant(nanoseconds: 1) }
    #expect(policy.decide(sample.observation).isEmpty)
  }
}

struct MultiRaftPolicyTests {
  static func sample(busy: Double, groups: Int) -> Sample {
    var sample = Sample()
    sample.system = .multiRaft
    sample.moreGroups = (1..<groups).map { GroupObservation(id: GroupID(UInt16($0)), voters: [], leader: nil) }
    sample.change(NodeID(1)) { $0.cpuBusyRatio = busy }
    return sample
  }

  @Test("One exhausted voter anywhere adds a whole group")
  func adds() {
    var policy = MultiRaftPolicy()
    let actions = policy.decide(Self.sample(busy: 0.8, groups: 1).observation)
    #expect(actions.steps == [.addGroup(Sample.instance)])
    var pending = Self.sample(busy: 0.8, groups: 1).observation
    pending.isGroupChangePending = true
    #expect(policy.decide(pending).isEmpty)
  }

  @Test("The youngest group goes after three idle epochs, unless the rest would be busy, and never the last")
  func removes() {
    var policy = MultiRaftPolicy()
    let idle = Self.sample(busy: 0.2, groups: 3).observation
    #expect((0..<3).map { _ in policy.decide(idle).steps } == [[], [], [.removeGroup(GroupID(2))]])
    var last = MultiRaftPolicy()
    for _ in 0..<5 { #expect(last.decide(Self.sample(busy: 0, groups: 1).observation).isEmpty) }
    var careful = MultiRaftPolicy(.init(high: 0.5))
    for _ in 0..<5 { #expect(careful.decide(Self.sample(busy: 0.29, groups: 2).observation).isEmpty) }
  }
}
