import Policies
import Raft
import Testing

struct ReactivePolicyTests {
  static func busyLeader(_ ratio: Double) -> Sample {
    var sample = Sample(voters: [0, 0, 1, 1, 1, 2])
    sample.busy(0.5) { $0.id != NodeID(0) }
    sample.change(NodeID(0)) { $0.egressBusyRatio = ratio }
    return sample
  }

  @Test("A leader above the threshold gets one secretary, where most followers have none")
  func hiresSecretary() {
    var policy = ReactivePolicy()
    let actions = policy.decide(Self.busyLeader(0.71).observation)
    #expect(actions.steps == [.hire(.secretary, group: Sample.shard, at: Sample.placement(1))])
    #expect(actions[0].reason.contains("71 %") && actions[0].reason.contains("3 followers of b"))
    #expect(policy.decide(Self.busyLeader(0.7).observation).isEmpty)
  }

  @Test("A secretary that is starting counts, and one under notice does not")
  func countsStarting() {
    var sample = Self.busyLeader(0.9)
    let secretary = sample.add(.secretary, at: 1, state: .starting)
    var policy = ReactivePolicy()
    #expect(policy.decide(sample.observation).isEmpty)
    sample.change(secretary) { $0.revokedAt = Instant(nanoseconds: 1) }
    #expect(
      policy.decide(sample.observation).steps == [.hire(.secretary, group: Sample.shard, at: Sample.placement(1))])
  }

  @Test("A site with one follower never gets a secretary")
  func singleFollowers() {
    var sample = Sample()
    sample.busy(1) { $0.id == NodeID(0) }
    sample.busy(0.5) { $0.id != NodeID(0) }
    var policy = ReactivePolicy()
    let hires = policy.decide(sample.observation).steps
    #expect(!hires.contains { if case .hire(.secretary, _, _) = $0 { true } else { false } })
  }

  @Test("A secretary goes after three idle epochs, and not when the leader would be busy without it")
  func dismissesSecretary() {
    var sample = Self.busyLeader(0.2)
    let secretary = sample.add(.secretary, at: 1)
    var policy = ReactivePolicy()
    #expect((0..<3).map { _ in policy.decide(sample.observation).steps } == [[], [], [.dismiss(secretary)]])
    // Two copies with the secretary, six without: a leader busy for 0.29 would be busy for 0.87.
    var needed = Sample(voters: [0, 1, 1, 1, 1, 1])
    needed.add(.secretary, at: 1)
    needed.busy(0.29) { $0.id == NodeID(0) }
    needed.busy(0.5) { $0.role == .voter && $0.id != NodeID(0) }
    var other = ReactivePolicy()
    for _ in 0..<6 { #expect(other.decide(needed.observation).isEmpty) }
  }

  @Test("An epoch above the low threshold starts the count of idle epochs again")
  func countStartsAgain() {
    var idle = Self.busyLeader(0.2)
    idle.add(.secretary, at: 1)
    var normal = idle
    normal.change(NodeID(0)) { $0.egressBusyRatio = 0.4 }
    var policy = ReactivePolicy()
    for sample in [idle, idle, normal, idle, idle] { #expect(policy.decide(sample.observation).isEmpty) }
    #expect(policy.decide(idle.observation).count == 1)
  }

  @Test("A site whose servers of reads are busy gets an observer, and loses it after three idle epochs")
  func observers() {
    var sample = Sample()
    sample.busy(0.8) { $0.site == Sample.sites[2] }
    sample.busy(0.5) { $0.site != Sample.sites[2] }
    var policy = ReactivePolicy()
    #expect(policy.decide(sample.observation).steps == [.hire(.observer, group: Sample.shard, at: Sample.placement(2))])
    let observer = sample.add(.observer, at: 2)
    sample.busy(0.1) { $0.site == Sample.sites[2] }
    #expect((0..<3).map { _ in policy.decide(sample.observation).steps } == [[], [], [.dismiss(observer)]])
  }

  @Test("Without the role in the system, nothing is proposed")
  func roles() {
    var sample = Self.busyLeader(0.9)
    sample.busy(0.9) { _ in true }
    sample.limits.fleetRoles = []
    var policy = ReactivePolicy()
    #expect(policy.decide(sample.observation).isEmpty)
  }
}
