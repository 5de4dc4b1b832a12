import Emulation
import Raft
import Simulation
import Testing

@testable import Fuzzing

@Suite("Runs")
struct RunTests {
  @Test("A run is a function of its plan, recorded or not")
  func repeatable() throws {
    for seed in [3, 4] as [UInt64] {
      let plan = try FuzzPlan.draw(seed: seed, profile: .standard)
      let (first, again) = (try FuzzRun.make(plan).execute(), try FuzzRun.make(plan).execute())
      #expect(first.failure == nil, "\(first.failure.map { "\($0)" } ?? "")")
      #expect(first.fingerprint == again.fingerprint && first.events == again.events)
      #expect(first.coverage == again.coverage)
      let recorded = try FuzzRun.make(plan, recordsTimeline: true).execute()
      #expect(recorded.fingerprint == first.fingerprint)
      #expect((recorded.timeline?.lines.count ?? 0) > 10)
    }
  }

  @Test("The correct build passes seeds of every profile", arguments: FuzzProfile.all.map(\.name))
  func profiles(_ name: String) throws {
    let profile = try #require(FuzzProfile.named(name))
    let report = FuzzCampaign(seeds: 1...12, profile: profile, jobs: 2).run()
    #expect(report.seeds == 12)
    #expect(report.failures.isEmpty, "\(report.failures.map { "\($0.seed): \($0.failure.map { "\($0)" } ?? "")" })")
    #expect(report.coverage.runs(reaching: .recoveries) == 12)
  }

  @Test("A run whose troubles all come to nothing does not pass")
  func vacuity() throws {
    var plan = try FuzzPlan.draw(seed: 3, profile: .standard)
    plan.troubles = []
    #expect(try FuzzRun.make(plan).execute().failure?.property == FuzzFailure.Check.vacuity)
  }

  @Test("A group that cannot recover in time does not pass")
  func liveness() throws {
    let plans = try (1...20 as ClosedRange<UInt64>).map { try FuzzPlan.draw(seed: $0, profile: .standard) }
    var plan = try #require(
      plans.first { $0.setup.configuration.voters.count > 1 && $0.patience < LinkModel.longestDelay })
    // No vote arrives before the bound has passed.
    for from in 0..<plan.setup.links.siteCount {
      for to in 0..<plan.setup.links.siteCount {
        plan.setup.links[SiteID(UInt16(from)), SiteID(UInt16(to))].delay = LinkModel.longestDelay
      }
    }
    plan.calm = .zero + .milliseconds(1)
    try #require(plan.deadline < .zero + LinkModel.longestDelay)
    let failure = try #require(try FuzzRun.make(plan).execute().failure)
    #expect(failure.property == FuzzFailure.Check.liveness)
    #expect(failure.details.count > plan.setup.nodes.count)
  }

  @Test("Leaving a trouble out does not change what the others draw")
  func independence() throws {
    var plan = try FuzzPlan.draw(seed: 11, profile: .standard)
    // Before anybody leads, so that whom they meet is drawn and nothing else.
    plan.troubles = (0..<3).map { number in
      Trouble(number: number, at: .zero + .milliseconds(Int64(number + 1)), span: .seconds(1), kind: .skewClock)
    }
    func deeds(_ plan: FuzzPlan) throws -> [String] {
      let timeline = try #require(try FuzzRun.make(plan, recordsTimeline: true).execute().timeline)
      return timeline.lines.map(\.text).filter { $0.hasPrefix("#") }
    }
    let all = try deeds(plan)
    #expect(all.count == 3 && Set(all).count == 3)
    plan.troubles.remove(at: 1)
    #expect(try deeds(plan) == [all[0], all[2]])
  }
}
