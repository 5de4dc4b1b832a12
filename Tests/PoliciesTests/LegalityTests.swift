import Emulation
import Raft
import Testing

@testable import Policies

struct LegalityTests {
  static func verdicts(_ actions: [Action], _ sample: Sample) -> [Verdict] {
    Legality().decide(actions.map { ProposedAction($0, because: "test") }, in: sample.observation).map(\.verdict)
  }

  static let observer = Action.hire(.observer, group: Sample.shard, at: Sample.placement(0))

  @Test("One change of voters or leadership a group and epoch is allowed, none while one is under way")
  func onlyOneChange() {
    let sample = Sample()
    let actions: [Action] = [
      .addVoter(group: Sample.shard, at: Sample.placement(0, .spot)),
      .addVoter(group: Sample.shard, at: Sample.placement(1, .spot)),
      .transferLeadership(group: Sample.shard, to: NodeID(1)), Self.observer,
    ]
    #expect(
      Self.verdicts(actions, sample) == [.allowed, .skipped(.changePending), .skipped(.changePending), .allowed])
    var pending = sample
    pending.isChangePending = true
    #expect(Self.verdicts(actions, pending).prefix(3).allSatisfy { $0 == .skipped(.changePending) })
  }

  @Test("Every refusal says why")
  func reasons() {
    var sample = Sample()
    let secretary = sample.add(.secretary, at: 1)
    func reason(_ action: Action) -> Verdict { Self.verdicts([action], sample)[0] }
    #expect(reason(.dismiss(NodeID(99))) == .skipped(.noSuchNode))
    #expect(reason(.dismiss(NodeID(0))) == .skipped(.notInFleet))
    #expect(reason(.removeVoter(secretary)) == .skipped(.notAVoter))
    #expect(reason(.removeVoter(NodeID(1))) == .skipped(.belowWishedVoters))
    #expect(reason(.transferLeadership(group: Sample.shard, to: secretary)) == .skipped(.notAVoter))
    #expect(reason(.transferLeadership(group: Sample.shard, to: NodeID(0))) == .skipped(.alreadyLeader))
    #expect(reason(.transferLeadership(group: Sample.shard, to: NodeID(77))) == .skipped(.noSuchNode))
    #expect(reason(.hire(.observer, group: GroupID(4), at: Sample.placement(0))) == .skipped(.noSuchGroup))
    #expect(
      reason(.hire(.observer, group: Sample.shard, at: Sample.placement(0, .spot, InstanceType("x1"))))
        == .skipped(.notOffered))
    #expect(reason(.addGroup(Sample.instance)) == .skipped(.notInThisSystem))
    sample.leader = nil
    #expect(reason(.transferLeadership(group: Sample.shard, to: NodeID(1))) == .skipped(.noLeader))
    sample.limits.fleetRoles = [.secretary]
    #expect(reason(Self.observer) == .skipped(.notInThisSystem))
    sample.limits.mostVotersPerGroup = 3
    #expect(reason(.addVoter(group: Sample.shard, at: Sample.placement(0))) == .skipped(.aboveMostVoters))
    sample.change(NodeID(1)) { $0.state = .down }
    sample.change(NodeID(2)) { $0.state = .down }
    #expect(reason(.addVoter(group: Sample.shard, at: Sample.placement(0))) == .skipped(.noQuorum))
  }

  @Test("Instances under notice count neither in the budget nor in the limits, and others do")
  func limits() {
    var sample = Sample()
    let spot = sample.add(.observer, at: 0)
    sample.limits.instances = 4
    #expect(Self.verdicts([Self.observer], sample) == [.skipped(.instanceLimit)])
    sample.change(spot) { $0.revokedAt = Instant(nanoseconds: 1) }
    #expect(Self.verdicts([Self.observer, Self.observer], sample) == [.allowed, .skipped(.instanceLimit)])
    sample.limits.instances = 40
    sample.budget.perEpoch = Money(microUSD: 319_999)
    #expect(Self.verdicts([Self.observer, Self.observer], sample) == [.allowed, .skipped(.overBudget)])
  }

  @Test("What is dismissed frees its money and its place for what follows, once")
  func dismissalFrees() {
    var sample = Sample()
    let old = sample.add(.observer, at: 0)
    sample.budget.perEpoch = Money(microUSD: 310_000)
    #expect(
      Self.verdicts([Self.observer, .dismiss(old), Self.observer, .dismiss(old)], sample)
        == [.skipped(.overBudget), .allowed, .allowed, .skipped(.noSuchNode)])
  }

  @Test("A quorum of voters in one pool is refused while another pool or another voter avoids it")
  func faultDomains() {
    var sample = Sample(voters: [0, 1])
    let here = Action.addVoter(group: Sample.shard, at: Sample.placement(0, .onDemand))
    #expect(Self.verdicts([here], sample) == [.skipped(.quorumInOneFaultDomain)])
    sample.offers = [sample.offers[0]]
    #expect(Self.verdicts([here], sample) == [.allowed])
    let four = Sample(voters: [0, 0, 1, 2])
    #expect(Self.verdicts([.removeVoter(NodeID(2))], four) == [.skipped(.quorumInOneFaultDomain)])
    #expect(Self.verdicts([.removeVoter(NodeID(1))], four) == [.allowed])
  }

  @Test("A lost voter may be removed once its successor has joined, wherever that is")
  func lostVoter() {
    var sample = Sample(voters: [0, 0, 1, 2])
    sample.nodes.removeAll { $0.id == NodeID(2) }
    #expect(Self.verdicts([.removeVoter(NodeID(2))], sample) == [.allowed])
  }

  @Test("Voters are placed only where they can be, and a new group is booked voter by voter")
  func placesOfVoters() {
    var sample = Sample()
    for place in sample.offers.indices where sample.offers[place].placement.market == .spot {
      sample.offers[place].takesVoters = false
    }
    let spot = Action.addVoter(group: Sample.shard, at: Sample.placement(1))
    #expect(Self.verdicts([spot, Self.observer], sample) == [.skipped(.notForVoters), .allowed])
    #expect(Self.verdicts([.addVoter(group: Sample.shard, at: Sample.placement(1, .onDemand))], sample) == [.allowed])
    // Room for as many machines as there are sites, and for one less than a group has voters.
    sample.system = .multiRaft
    sample.limits.newGroupSites = [0, 0, 1, 2].map { Sample.sites[$0] }
    sample.limits.instances = sample.nodes.count + 3
    #expect(Self.verdicts([.addGroup(Sample.instance)], sample) == [.skipped(.instanceLimit)])
    sample.limits.instances += 1
    #expect(Self.verdicts([.addGroup(Sample.instance)], sample) == [.allowed])
  }

  @Test("Groups come and go one at a time, and the last one stays")
  func groups() {
    var sample = Sample()
    sample.system = .multiRaft
    #expect(Self.verdicts([.removeGroup(Sample.shard)], sample) == [.skipped(.groupLimit)])
    #expect(
      Self.verdicts([.addGroup(Sample.instance), .addGroup(Sample.instance)], sample)
        == [.allowed, .skipped(.changePending)])
    sample.budget.perEpoch = Money(microUSD: 599_999)
    #expect(Self.verdicts([.addGroup(Sample.instance)], sample) == [.skipped(.overBudget)])
    sample.budget.perEpoch = nil
    sample.limits.groups = 1
    #expect(Self.verdicts([.addGroup(Sample.instance)], sample) == [.skipped(.groupLimit)])
  }

  @Test("On all small states every single action is decided as an independent oracle decides it")
  func bruteForce() {
    var allowed = 0
    var total = 0
    for sample in SmallStates.all {
      let observation = sample.observation
      let oracle = LegalityOracle(observation: observation)
      for action in SmallStates.actions(observation) {
        let verdict = Legality().decide([ProposedAction(action, because: "")], in: observation)[0].verdict
        let expected = oracle.allows(action)
        #expect((verdict == .allowed) == expected, "\(action) is \(verdict) in \(observation)")
        total += 1
        if expected { allowed += 1 }
      }
    }
    // Both answers are common, or the comparison shows little.
    #expect(total > 50_000 && allowed * 10 > total && (total - allowed) * 10 > total)
  }
}
