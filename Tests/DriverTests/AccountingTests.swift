import Cloud
import Emulation
import Experiment
import Foundation
import Policies
import Raft
import Testing
import Traces
import Verification

@testable import Driver

/// What is decided, done, booked and told of machines must be the same.
@Suite struct AccountingTests {
  static func elastic(
    _ more: String, overrides: [String] = [], policies: [String] = [], system: String = "geo-raft"
  ) throws -> ExperimentSpec {
    try SpecLoader.parse(
      """
      name: accounting
      duration: 20s
      warmup: 2s
      system: \(system)
      sites: [us-east-1, us-west-2, eu-central-1]
      group: {voters: {us-east-1: 1, us-west-2: 1, eu-central-1: 1}}
      workload: [{mix: ycsb-b, rate: 100/s, keys: {distribution: zipfian, count: 200}, value: 64B}]
      \(more)
      """, overrides: overrides, policies: policies
    ).spec
  }

  /// A run with a policy of the test's own.
  static func run(
    _ more: String, overrides: [String] = [], system: String = "geo-raft",
    isInterrupted: () -> Bool = { false }, _ decide: @escaping @Sendable (Observation) -> [Policies.Action]
  ) throws -> RunOutcome {
    var registry = PolicyRegistry()
    try registry.register(.init(name: "scripted", summary: "what a test wants") { Scripted(decide: decide) })
    let spec = try elastic(more, overrides: overrides, policies: registry.addedNames, system: system)
    return try ExperimentRun(spec, directory: scratchPath(), policies: registry).run(isInterrupted: isInterrupted)
  }

  struct Scripted: MembershipPolicy {
    let decide: @Sendable (Observation) -> [Policies.Action]
    mutating func decide(_ observation: Observation) -> [ProposedAction] {
      decide(observation).map { ProposedAction($0, because: "the script says so") }
    }
  }

  static func scratchPath() -> String { NSTemporaryDirectory() + "eraft-accounting-\(UUID().uuidString)" }

  static func removing<T>(_ outcome: RunOutcome, _ body: () throws -> T) rethrows -> T {
    defer { try? FileManager.default.removeItem(atPath: outcome.directory) }
    return try body()
  }

  private static func times(_ seconds: [Int64]) -> [Instant] { seconds.map { Instant.zero + .seconds($0) } }

  // MARK: Notices and revocations

  @Test("Notice that comes while an instance boots reaches its node, and the policy hears of it")
  func noticeDuringBoot() throws {
    let outcome = try Self.run(
      """
      fleet: {observers: {us-east-1: 1}}
      spot: {revocation: {model: trace, replays: availability, steps: [[0s, 1], [9s, 0]]}, notice: 8s, start_up: 0s, boot: 4s}
      policy: {name: scripted, epoch: 5s}
      """
    ) { observation in
      // The notice comes at 1 s, the node at 4 s; who leaves is not booked twice, and a spare one is.
      let leaving = observation.nodes.filter { $0.role == .observer && $0.isLeaving }
      guard observation.epoch == 0, leaving.count == 1 else { return [] }
      let at = Placement(site: leaving[0].site, instance: Policies.InstanceType("c5.large"), market: .onDemand)
      return [.hire(.observer, group: GroupID(0), at: at)]
    }
    try Self.removing(outcome) {
      let lost = try rows(RevocationRow.self, outcome)
      #expect(lost.map(\.at) == Self.times([9]))
      #expect(lost.map(\.noticed) == Self.times([4]), "told when it begins to work")
      #expect(lost.first?.activity == "draining")
      #expect(try rows(ActionRow.self, outcome).map(\.outcome) == [.done])
    }
  }

  @Test("Sampled runs tell the age and price of a revocation as of the kill, in the epoch in which it falls")
  func sampledRevocations() throws {
    // One instance is taken back in the middle of the second hour, another in that of the last.
    let outcome = try ExperimentRun(
      Self.elastic(
        """
        fleet: {observers: {us-east-1: 1}}
        spot:
          price: {model: recorded, steps: [[0h, 0.01], [90min, 0.02], [100min, 0.03], [2h, 0.04], [230min, 0.05]]}
          revocation: {model: trace, replays: availability, steps: [[0h, 1], [95min, 0], [110min, 1], [220min, 0]]}
          notice: 120s
          start_up: 60s
        policy: {name: static}
        sampling: {epoch: 1h, window: 2s}
        """, overrides: ["duration=4h", "warmup=1h"]), directory: Self.scratchPath()
    ).run()
    try Self.removing(outcome) {
      #expect(outcome.report.verdict == .pass)
      let lost = try rows(RevocationRow.self, outcome)
      #expect(lost.map(\.price) == [20_000_000, 40_000_000])
      // Launched a minute after the request: at the start, and at the end of the second hour.
      let ages: [TimeSpan] = [.seconds(94 * 60), .seconds(99 * 60)]
      #expect(lost.map(\.age) == ages)
      let epochs = try rows(EpochRow.self, outcome)
      #expect(epochs.map(\.revocations) == [0, 1, 0, 1])
      #expect(epochs.map(\.end) == Self.times([3_600, 7_200, 10_800, 14_400]))
      #expect(epochs.map(\.counts.observers) == [1, 0, 1, 0])
    }
  }

  @Test("The markets' clock, and the bill, stop at the end of the run, however long operations take to end")
  func billEndsWithTheRun() throws {
    let outcome = try ExperimentRun(
      Self.elastic(
        """
        fleet: {observers: {us-east-1: 1}}
        spot: {start_up: 60s}
        policy: {name: static}
        sampling: {epoch: 1h, window: 100ms}
        """, overrides: ["duration=40h", "warmup=25h"]), directory: Self.scratchPath()
    ).run()
    try Self.removing(outcome) {
      let lives = try rows(CostRow.self, outcome).filter { $0.kind == .instance }
      #expect(lives.compactMap(\.end) == Self.times(Array(repeating: 40 * 3_600, count: 4)))
      #expect(lives.filter { $0.role == .voter }.allSatisfy { $0.billed == .seconds(40 * 3_600) })
    }
  }

  @Test("The last epoch has a row although the run ends within it, and so has one that is interrupted")
  func partialEpochs() throws {
    let more = "fleet: {observers: {us-east-1: 1}}\npolicy: {name: scripted, epoch: 8s}"
    let whole = try Self.run(more) { _ in [] }
    var rounds = 0
    let cut = try Self.run(
      more,
      isInterrupted: {
        rounds += 1
        return rounds > 100
      }
    ) { _ in [] }
    try Self.removing(whole) {
      let epochs = try rows(EpochRow.self, whole)
      #expect(epochs.map(\.end) == Self.times([8, 16, 20]))
      // Half as long, half as dear.
      #expect(abs(epochs[2].cost * 2 - epochs[1].cost) <= 2 && epochs[2].operations.offered > 0)
    }
    try Self.removing(cut) {
      let last = try #require(try rows(EpochRow.self, cut).last)
      #expect(!cut.isComplete && last.end == last.sampledEnd && last.end.seconds < 20)
    }
  }

  // MARK: Actions

  @Test("What is hired is what was asked for: its type, its market, its machine and its price")
  func hires() throws {
    let types = ["m5.large", "c5.large"]
    let outcome = try Self.run(
      """
      resources: m5.large
      fleet: {instance: c5.large}
      spot: {start_up: 0s}
      policy: {name: scripted, epoch: 5s}
      """
    ) { observation in
      guard observation.epoch == 0 else { return [] }
      return types.map { type in
        .hire(
          .observer, group: GroupID(0),
          at: Placement(site: SiteID(0), instance: Policies.InstanceType(type), market: .onDemand))
      } + [
        // Nobody offers the members' type on the spot market.
        .hire(
          .observer, group: GroupID(0),
          at: Placement(site: SiteID(0), instance: Policies.InstanceType("m5.large"), market: .spot))
      ]
    }
    try Self.removing(outcome) {
      #expect(try rows(ActionRow.self, outcome).map(\.refusal) == [nil, nil, "not-offered"])
      let bill = try rows(CostRow.self, outcome).filter { $0.role == .observer }
      #expect(bill.map(\.detail) == types && bill.allSatisfy { $0.market == "on-demand" })
      let prices = types.map { InstanceCatalog.named(InstanceTypeName($0))!.price(in: "us-east-1")!.onDemand }
      for (line, price) in zip(bill, prices) {
        let seconds = (line.billed ?? .zero).nanoseconds / 1_000_000_000
        #expect(line.cost == (price.nanoUSDPerHour * seconds * 2 + 3_600) / 7_200)
      }
    }
  }

  @Test("Voters are not placed where only the fleet can be, and are billed as what they are until they leave")
  func voters() throws {
    let outcome = try Self.run(
      """
      resources: m5.large
      fleet: {instance: c5.large}
      policy: {name: scripted, epoch: 4s}
      """
    ) { observation in
      func add(_ type: String, _ market: Market) -> Policies.Action {
        .addVoter(
          group: GroupID(0), at: Placement(site: SiteID(1), instance: Policies.InstanceType(type), market: market))
      }
      switch observation.epoch {
      case 0: return [add("c5.large", .spot), add("c5.large", .onDemand)]
      case 2: return [.removeVoter(NodeID(1))]
      default: return []
      }
    }
    try Self.removing(outcome) {
      #expect(outcome.report.verdict == .pass)
      let actions = try rows(ActionRow.self, outcome)
      #expect(actions.map(\.outcome) == [.skipped, .done, .done])
      #expect(actions[0].refusal == "not-for-voters")
      let bill = try rows(CostRow.self, outcome).filter { $0.role == .voter }
      #expect(bill.map(\.detail) == ["m5.large", "m5.large", "m5.large", "c5.large"])
      let end = try #require(bill[1].end)
      #expect(bill[1].endedBy == "user" && (12.0...14.0).contains(end.seconds))
      let epochs = try rows(EpochRow.self, outcome)
      #expect(epochs.map(\.counts.voters) == [3, 4, 4, 3, 3])
      // The machine that was given back costs nothing any more: m5.large and c5.large of us-west-2, 96 and 85 thousandths.
      #expect(epochs[4].cost < epochs[2].cost && epochs[4].cost < epochs[0].cost)
    }
  }

  @Test("A learner is billed as one, and as a voter once it votes")
  func learners() throws {
    let outcome = try ExperimentRun(
      Self.elastic(
        """
        costs: {on_demand: 0.1}
        faults: [{at: 4s, add: us-west-2, as: learner}, {at: 5s, add: eu-central-1, as: voter}]
        """, system: "raft"), directory: Self.scratchPath()
    ).run()
    try Self.removing(outcome) {
      #expect(outcome.report.verdict == .pass)
      let bill = try rows(CostRow.self, outcome).filter { $0.kind == .instance }
      #expect(bill.map(\.role) == [.voter, .voter, .voter, .learner, .voter])
    }
  }

  @Test("Changes of voters and leadership concern the group that was named")
  func groups() throws {
    let outcome = try Self.run(
      """
      costs: {on_demand: 0.1}
      policy: {name: scripted, epoch: 4s}
      """, overrides: ["group.count=2"], system: "multi-raft"
    ) { observation in
      let type = Policies.InstanceType("m5.large")
      switch observation.epoch {
      case 0:
        return [
          .addVoter(group: GroupID(1), at: Placement(site: SiteID(2), instance: type, market: .onDemand)),
          .transferLeadership(group: GroupID(0), to: NodeID(2)),
        ]
      case 1: return [.removeVoter(NodeID(5))]
      default: return []
      }
    }
    try Self.removing(outcome) {
      #expect(outcome.report.verdict == .pass)
      #expect(try rows(ActionRow.self, outcome).map(\.outcome) == [.done, .done, .done])
      let changes = try rows(MembershipRow.self, outcome).filter { $0.change != .initial }
      #expect(changes.allSatisfy { $0.group == "g1" } && changes.last?.change == .remove)
      // Who moved leadership wants it there.
      let led = try rows(ElectionRow.self, outcome).filter { $0.group == "g0" }
      #expect(led.map(\.newSite) == ["us-east-1", "eu-central-1"])
    }
  }

  @Test("A group is booked with as many machines as it is built with")
  func groupOfSeveralPerSite() throws {
    func limited(to instances: Int) throws -> RunOutcome {
      try Self.run(
        """
        costs: {on_demand: 0.1}
        policy: {name: scripted, epoch: 5s, instances: \(instances)}
        """, overrides: ["group.voters={us-east-1: 3, us-west-2: 2}"], system: "multi-raft"
      ) { $0.epoch == 0 ? [.addGroup(Policies.InstanceType("m5.large"))] : [] }
    }
    let tight = try limited(to: 9)
    let ample = try limited(to: 10)
    try Self.removing(tight) {
      let found = try rows(ActionRow.self, tight)
      #expect(found.map(\.refusal) == ["instance-limit"])
    }
    try Self.removing(ample) {
      let (actions, bill) = (try rows(ActionRow.self, ample), try rows(CostRow.self, ample))
      #expect(actions.map(\.outcome) == [.done])
      #expect(bill.count { $0.role == .voter } == 10)
    }
  }

  @Test("What was begun and not seen to be done is of unknown outcome, until it is given up", arguments: [20, 45])
  func unknown(seconds: Int) throws {
    let outcome = try Self.run(
      """
      policy: {name: scripted, epoch: 5s}
      faults: [{at: 4900ms, partition: [[us-east-1], [us-west-2], [eu-central-1]]}]
      """, overrides: ["duration=\(seconds)s"]
    ) { observation in
      let at = Placement(site: SiteID(2), instance: Policies.InstanceType("m5.large"), market: .onDemand)
      return observation.epoch == 0 ? [.addVoter(group: GroupID(0), at: at)] : []
    }
    try Self.removing(outcome) {
      let actions = try rows(ActionRow.self, outcome)
      #expect(actions.map(\.outcome) == [seconds == 20 ? .unknown : .skipped])
      #expect(actions.map(\.refusal) == [seconds == 20 ? nil : "it was refused for 30s"])
    }
  }

  @Test("A registered policy needs its registry")
  func unregistered() throws {
    let spec = try Self.elastic("policy: {name: mine}", policies: ["mine"])
    #expect(throws: PolicyRegistry.Problem.self) { _ = try ExperimentRun(spec, directory: Self.scratchPath()).run() }
    #expect(throws: SpecRefusal.self) { _ = try Self.elastic("policy: {name: mine}") }
  }
}
