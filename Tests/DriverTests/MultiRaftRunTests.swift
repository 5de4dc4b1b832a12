import Experiment
import Foundation
import Raft
import Testing
import Traces
import Verification

@testable import Driver

/// Runs of several groups, which come and go as a whole.
@Suite struct MultiRaftRunTests {
  private func sharded(_ more: String, set overrides: [String] = [], seed: UInt64 = 1) throws -> ExperimentSpec {
    try SpecLoader.parse(
      """
      name: sharded
      duration: 40s
      warmup: 2s
      system: multi-raft
      sites: [us-east-1, us-west-2, eu-central-1]
      group: {count: 2, voters: {us-east-1: 1, us-west-2: 1, eu-central-1: 1}}
      resources: {preset: t3.medium, cpu_per_operation: 1ms}
      costs: {on_demand: 0.1}
      \(more)
      """, overrides: overrides, seed: seed
    ).spec
  }

  private static let waves = """
    policy: {name: multi-raft, epoch: 3s, high: 0.2, low: 0.05, patience: 2, instances: 30, groups: 4}
    workload:
      - {mix: ycsb-a, rate: 20/s, keys: {distribution: uniform, count: 300}, value: 64B}
      - {from: 8s, rate: 500/s}
      - {from: 24s, rate: 20/s}
    """

  @Test("Groups come under load and go after it, their keys move for real, and nothing is lost or done twice")
  func waves() throws {
    let scratch = try Scratch()
    let outcome = try ExperimentRun(sharded(Self.waves), directory: scratch.path + "/1").run()
    #expect(outcome.report.verdict == .pass, "\(outcome.report)")
    let actions = try rows(ActionRow.self, outcome)
    #expect(actions.contains { $0.action == "add-group" && $0.outcome == .done })
    #expect(actions.contains { $0.action == "remove-group" && $0.outcome == .done })
    let changes = try rows(MembershipRow.self, outcome)
    // A group that comes has a voter at every site, and so has one that goes.
    let added = changes.filter { $0.change == .addVoter }
    #expect(!added.isEmpty && added.count % 3 == 0 && added.allSatisfy { $0.decidedBy == "multi-raft" })
    #expect(Set(added.filter { $0.group == added[0].group }.map(\.site)).count == 3)
    let groups = Set(try rows(LatencyRow.self, outcome).map(\.group))
    #expect(groups.isSuperset(of: ["g0", "g1", added[0].group]))
    // Groups that are not there miss no leader.
    #expect(outcome.summary.leaderless < .seconds(5))
    // The machines of a group that was removed are paid for until then.
    let bill = try rows(CostRow.self, outcome).filter { $0.kind == .instance }
    #expect(bill.count { $0.endedBy == "user" } >= 3)
    _ = try ExperimentRun(sharded(Self.waves), directory: scratch.path + "/2").run()
    #expect(try files(scratch.path + "/1") == files(scratch.path + "/2"))
  }

  @Test("Groups are led from different sites, and each has its share of the keys")
  func spread() throws {
    let scratch = try Scratch()
    let outcome = try ExperimentRun(
      sharded("workload: [{mix: ycsb-a, rate: 100/s, keys: {distribution: uniform, count: 300}}]"),
      directory: scratch.path + "/run"
    ).run()
    #expect(outcome.report.verdict == .pass)
    let elections = try rows(ElectionRow.self, outcome)
    #expect(elections.map(\.group) == ["g0", "g1"])
    #expect(Set(elections.map(\.newSite)).count == 2)
    let operations = try rows(LatencyRow.self, outcome)
    let share = Double(operations.count { $0.group == "g1" }) / Double(operations.count)
    #expect((0.35...0.65).contains(share))
  }

  @Test(
    "After a failover a group is led from home again once the time that the spec gives has passed",
    arguments: ["3s", "never"])
  func homecoming(_ delay: String) throws {
    let scratch = try Scratch()
    let outcome = try ExperimentRun(
      sharded(
        """
        workload: [{mix: ycsb-a, rate: 100/s, keys: {distribution: uniform, count: 300}}]
        faults: [{at: 10s, crash: us-west-2, restart_after: 5s}]
        """, set: ["group.leader_home_after=\(delay)"]), directory: scratch.path + "/run"
    ).run()
    #expect(outcome.report.verdict == .pass)
    let elections = try rows(ElectionRow.self, outcome).filter { $0.group == "g1" }
    let sites = elections.map(\.newSite)
    #expect(sites.first == "us-west-2" && sites.dropFirst().first != "us-west-2")
    guard delay == "3s" else { return #expect(sites.count == 2) }
    #expect(sites.count == 3 && sites.last == "us-west-2")
    let back = try #require(elections.last)
    #expect(back.trigger == .transfer)
    #expect((15.0...19.0).contains((back.won - Instant.zero).seconds))
    // The group that was at home stays there.
    #expect(try rows(ElectionRow.self, outcome).count { $0.group == "g0" } == 1)
  }
}
