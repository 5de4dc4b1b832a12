import Foundation
import Testing

@testable import Raft

@Suite struct ScheduleTests {
  /// ERAFT_SCHEDULES sets how many schedules run, ERAFT_FIRST_SEED where they begin.
  @Test func randomSchedulesKeepEveryPromiseAndHeal() {
    let environment = ProcessInfo.processInfo.environment
    let count = environment["ERAFT_SCHEDULES"].flatMap { UInt64($0) } ?? 150
    let first = environment["ERAFT_FIRST_SEED"].flatMap { UInt64($0) } ?? 1
    var failures: [String] = []
    var totals = [0, 0, 0, 0]
    for seed in first..<(first + count) where failures.count < 12 {
      var schedule = Schedule(seed: seed)
      if let failure = schedule.run(steps: 400) { failures.append("seed \(seed): \(failure)") }
      totals[0] += schedule.elections
      totals[1] += schedule.changes
      totals[2] += schedule.installs
      totals[3] += schedule.readsServed
    }
    #expect(failures.isEmpty, "\(failures.joined(separator: "\n"))")
    // A schedule that reaches nothing proves nothing.
    if count >= 100 {
      #expect(totals.allSatisfy { $0 > Int(count) / 20 }, "elections, changes, installs, reads: \(totals)")
    }
  }
}
