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

/// Runs with secretaries and observers on machines that are taken back.
@Suite struct ElasticRunTests {
  private func elastic(_ more: String, overrides: [String] = [], seed: UInt64 = 1) throws -> ExperimentSpec {
    try SpecLoader.parse(
      """
      name: elastic
      duration: 30s
      warmup: 2s
      system: geo-raft
      sites: [us-east-1, us-west-2, eu-central-1]
      group: {voters: {us-east-1: 1, us-west-2: 2, eu-central-1: 2}}
      fleet: {secretaries: {us-west-2: 1, eu-central-1: 1}, observers: {us-west-2: 1, eu-central-1: 1}}
      spot: {revocation: {model: exponential, mean: 10s}, notice: 2s, start_up: 1s}
      workload: [{mix: ycsb-b, rate: 150/s, keys: {distribution: zipfian, count: 200}, value: 64B}]
      \(more)
      """, overrides: overrides, seed: seed
    ).spec
  }

  @Test("What is lost is replaced, the group stays correct, and another run leaves the same bytes")
  func keptUp() throws {
    let scratch = try Scratch()
    let more = """
      policy: {name: static, epoch: 3s}
      faults: [{at: 9s, revoke: secretary@us-west-2}, {at: 15s, revoke: observer@eu-central-1, notice: 2s}]
      """
    let first = try ExperimentRun(elastic(more), directory: scratch.path + "/1").run()
    #expect(first.report.verdict == .pass, "\(first.report)")
    let revoked = try rows(RevocationRow.self, first)
    #expect(revoked.count { $0.cause == "fault" } == first.faults.injected && first.faults.injected > 0)
    let noticed = revoked.filter { $0.cause == "lifetime" }.compactMap { row in row.noticed.map { row.at - $0 } }
    // One that lives for less than that hears of it at once.
    #expect(noticed.contains(.seconds(2)) && noticed.allSatisfy { $0 <= .seconds(2) })
    let changes = try rows(MembershipRow.self, first)
    #expect(changes.count { $0.change == .hire && $0.decidedBy == "spec" } == 4)
    #expect(changes.contains { $0.change == .hire && $0.decidedBy == "static" })
    #expect(changes.count { $0.change == .revoke } == revoked.count)
    let actions = try rows(ActionRow.self, first)
    #expect(!actions.isEmpty && actions.allSatisfy { $0.outcome == .done && $0.action == "hire" })
    _ = try ExperimentRun(elastic(more), directory: scratch.path + "/2").run()
    #expect(try files(scratch.path + "/1") == files(scratch.path + "/2"))
  }

  @Test("The bill follows from the membership: every life from its hire to its end, at the market's price")
  func bill() throws {
    let scratch = try Scratch()
    let outcome = try ExperimentRun(
      elastic("policy: {name: static, epoch: 3s}"), directory: scratch.path + "/run"
    ).run()
    let changes = try rows(MembershipRow.self, outcome)
    let bill = try rows(CostRow.self, outcome)
    let end = try #require(bill.compactMap(\.end).max())
    // Recomputed from membership.csv alone, with AWS's rule written out anew: whole seconds, 60 at least, and nothing
    // for a first hour that the provider ends.
    var expected: [String: Int64] = [:]
    for hire in changes where hire.change == .hire {
      let over = changes.first { $0.node == hire.node && ($0.change == .revoke || $0.change == .dismiss) }
      let price = try #require(InstanceCatalog.named("c5.large")?.price(in: hire.site)?.spotMean.nanoUSDPerHour)
      let length = ((over?.at ?? end) - hire.at).nanoseconds
      let seconds = max(60, (length + 999_999_999) / 1_000_000_000)
      expected[hire.node] = over?.change == .revoke ? 0 : (price * seconds * 2 + 3_600) / 7_200
    }
    let fleet = bill.filter { $0.kind == .instance && $0.market == "spot" }
    #expect(fleet.count == expected.count && fleet.count > 4)
    for line in fleet { #expect(line.cost == expected[line.item], "\(line.item)") }
    let voters = bill.filter { $0.role == .voter }
    #expect(voters.count == 5 && voters.allSatisfy { $0.market == "on-demand" && $0.cost > 0 })
    // Data within a site is free, and between sites it costs the sender's rate.
    for line in bill where line.kind == .transfer {
      let rate: Int64 = line.site == line.detail ? 0 : 20_000_000
      #expect(line.cost == ((line.bytes.map(Int64.init) ?? 0) * rate * 2 + 1_000_000_000) / 2_000_000_000)
    }
    #expect(bill.count { $0.kind == .transfer } == 9)
  }

  @Test("Sampled epochs go through all of the markets' time and simulate their beginnings")
  func sampling() throws {
    let scratch = try Scratch()
    let outcome = try ExperimentRun(
      elastic(
        "policy: {name: static}\nsampling: {epoch: 1h, window: 1s}",
        overrides: [
          "duration=30h", "warmup=1h", "spot.revocation={model: exponential, mean: 3h}", "spot.notice=120s",
          "spot.start_up=30s",
        ]), directory: scratch.path + "/run"
    ).run()
    #expect(outcome.report.verdict == .pass)
    let epochs = try rows(EpochRow.self, outcome)
    #expect(epochs.count == 30)
    for (number, epoch) in epochs.enumerated() {
      #expect(epoch.epoch == number && epoch.start == .zero + .seconds(3_600) * Int64(number))
      #expect(epoch.sampledStart == .zero + .seconds(Int64(number)))
      #expect(epoch.sampledEnd - epoch.sampledStart == .seconds(1))
      // Nobody leads in the first second of a run.
      #expect(epoch.operations.offered > 0 || number == 0)
    }
    // Four instances with a mean life of three hours for thirty hours: some forty losses.
    let lost = epochs.reduce(0) { $0 + $1.revocations }
    #expect((15...80).contains(lost))
    #expect(lost == (try rows(RevocationRow.self, outcome).count))
    let lives = try rows(CostRow.self, outcome).filter { $0.kind == .instance && $0.market == "spot" }
    let hours = lives.reduce(0.0) { $0 + (($1.end ?? .zero) - ($1.start ?? .zero)).seconds / 3_600 }
    #expect((60.0...120.0).contains(hours), "four posts for thirty hours, refilled at the ends of epochs")
  }

  @Test("A sampled run ends although operations take longer than what is simulated of an epoch")
  func sampledRunDrains() throws {
    let scratch = try Scratch()
    var rounds = 0
    let outcome = try ExperimentRun(
      elastic(
        "policy: {name: static}\nsampling: {epoch: 1h, window: 100ms}",
        overrides: ["duration=40h", "warmup=25h", "spot.revocation={model: none}"]), directory: scratch.path + "/run"
    ).run(isInterrupted: {
      rounds += 1
      return rounds > 20_000
    })
    #expect(outcome.isComplete)
    #expect(outcome.report.verdict == .pass)
    let epochs = try rows(EpochRow.self, outcome)
    #expect(epochs.count == 40)
    #expect(epochs.last?.sampledEnd == .zero + .seconds(4))
  }

  @Test(
    "Every policy that comes with eraft runs, and what it may not do is on record",
    arguments: ShippedPolicy.all.map(\.name))
  func policies(_ name: String) throws {
    guard name != "multi-raft" else { return }
    let scratch = try Scratch()
    let outcome = try ExperimentRun(
      elastic(
        "policy: {name: \(name), epoch: 2s, instances: 9}\nbudget: {per_epoch: 0.001}", overrides: ["duration=12s"]),
      directory: scratch.path + "/run"
    ).run()
    #expect(outcome.report.verdict == .pass)
    let epochs = try rows(EpochRow.self, outcome)
    #expect(epochs.count >= 6)
    let actions = try rows(ActionRow.self, outcome)
    #expect(actions.count == epochs.reduce(0) { $0 + $1.actions.done + $1.actions.skipped })
    #expect(actions.allSatisfy { ($0.outcome == .skipped) == ($0.refusal != nil) })
    #expect(epochs.allSatisfy { $0.counts.voters + $0.counts.secretaries + $0.counts.observers <= 9 })
  }

  @Test("A policy that fails is on record, and the run goes on")
  func failingPolicy() throws {
    let scratch = try Scratch()
    let outcome = try ExperimentRun(
      elastic(
        "policy: {name: external, epoch: 2s, command: [\"false\"], timeout: 1s}", overrides: ["duration=8s"]),
      directory: scratch.path + "/run"
    ).run()
    #expect(outcome.report.verdict == .pass)
    let actions = try rows(ActionRow.self, outcome)
    #expect(!actions.isEmpty && actions.allSatisfy { $0.outcome == .fault })
  }
}
