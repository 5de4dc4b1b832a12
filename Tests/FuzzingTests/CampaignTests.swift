import Raft
import Testing

@testable import Fuzzing

@Suite("Campaigns")
struct CampaignTests {
  @Test("How many threads work has no influence on what a campaign comes to")
  func threads() throws {
    let one = FuzzCampaign(seeds: 20...45, profile: .elections, jobs: 1).run()
    let two = FuzzCampaign(seeds: 20...45, profile: .elections, jobs: 2).run()
    #expect(one.seeds == 26 && two.seeds == 26)
    #expect(one.fingerprint == two.fingerprint && one.events == two.events && one.virtual == two.virtual)
    #expect(one.coverage == two.coverage)
  }

  @Test("A campaign ends when it is told to, and at the end of the numbers")
  func ends() throws {
    let stopped = FuzzCampaign(seeds: 1...1_000_000, profile: .standard).run(shouldStop: { $0.seeds >= 16 })
    #expect(stopped.seeds == 16)
    let last = FuzzCampaign(seeds: (.max - 2)...(.max), profile: .elections).run()
    #expect(last.seeds == 3)
  }

  @Test("A campaign stops after so many failures, and lists them in order")
  func failures() throws {
    let variant = try #require(KnownBadVariant.named("votes-always-granted"))
    var campaign = FuzzCampaign(seeds: 1...10_000, profile: .standard, variant: variant, jobs: 2)
    campaign.mostFailures = 5
    let report = campaign.run()
    #expect(report.failureCount >= 5 && report.seeds < 200)
    #expect(report.failures.map(\.seed) == report.failures.map(\.seed).sorted())
  }

  @Test("What a profile cannot reach is not missed")
  func coverage() throws {
    let report = FuzzCampaign(seeds: 1...2, profile: .reads).run()
    #expect(!report.unreached.contains(.damageRefused))
    #expect(report.coverage.missing.contains(.damageRefused))
    let names = Coverage.Item.allCases.map(\.name)
    #expect(Set(names).count == names.count)
    #expect(Coverage.Item.snapshotsInstalled.name == "snapshots-installed")
  }
}

#if Mutants
  @Suite("Known-bad variants")
  struct VariantTests {
    /// Variants that a few seeds find; the others are found by `eraft fuzz --mutants` in a release build.
    static let quick = [
      "votes-always-granted", "vote-ignores-log", "vote-not-persisted", "acknowledged-before-durable",
      "acknowledges-local-last", "commits-on-half", "applies-uncommitted", "reads-without-index", "duplicate-executed",
      "answers-overwritten", "joint-never-left", "checksums-ignored", "wiped-node-returns",
    ]

    @Test("The checkers find a variant within a few seeds", arguments: quick)
    func caught(_ name: String) throws {
      let variant = try #require(KnownBadVariant.named(name))
      var trials = MutantTrials(variants: [variant])
      trials.starts = 1
      trials.mostSeeds = 40
      let result = trials.run()
      #expect(result.isGood)
      #expect(result.trials[0].caughtBy.count == 1)
      #expect(result.correct.map(\.seeds) == [result.trials[0].starts[0].seeds])
    }

    @Test("Every variant of the core is on the list, with a name and words of its own")
    func list() {
      #expect(KnownBadVariant.core.map(\.name) == Mutant.allCases.map(\.rawValue))
      #expect(Set(KnownBadVariant.all.map(\.name)).count == KnownBadVariant.all.count)
      #expect(Set(KnownBadVariant.all.map(\.summary)).count == KnownBadVariant.all.count)
    }

    @Test("A variant that nothing finds has escaped")
    func escape() throws {
      // Few plans serve reads by lease, and these none.
      let variant = try #require(KnownBadVariant.named("lease-during-transfer"))
      var trials = MutantTrials(variants: [variant])
      trials.starts = 1
      trials.mostSeeds = 2
      let result = trials.run()
      #expect(!result.isGood && !result.trials[0].isCaught)
    }

    @Test("A failing plan is made smaller and still breaks the same property")
    func minimised() throws {
      let variant = try #require(KnownBadVariant.named("vote-not-persisted"))
      let report = FuzzCampaign(seeds: 1...40, profile: .standard, variant: variant).run()
      let first = try #require(report.failures.first)
      var minimiser = Minimiser(variant: variant)
      let result = try #require(try minimiser.minimise(seed: first.seed, profile: .standard))
      #expect(result.outcome.failure?.property == first.failure?.property)
      // A vote is forgotten in one crash.
      #expect(result.troubles.count <= 2 && result.troubles.count < result.drawnTroubles)
      #expect(result.outcome.timeline?.lines.isEmpty == false)
    }

    @Test("Machines of the fleet that do not matter are left out, and one that does stays")
    func minimisedFleet() throws {
      let variant = try #require(KnownBadVariant.named("relay-acknowledges"))
      // One whose failure needs a secretary from the start, among others that it does not need.
      let seed = try #require(
        try (1...200 as ClosedRange<UInt64>).first { seed in
          let plan = try FuzzPlan.draw(seed: seed, profile: .elastic)
          return plan.fleet.count >= 3 && !plan.troubles.contains { $0.kind == .hire }
            && FuzzCampaign.runSeed(seed, .elastic, variant).failure != nil
        })
      var minimiser = Minimiser(variant: variant)
      let result = try #require(try minimiser.minimise(seed: seed, profile: .elastic))
      #expect(result.outcome.failure?.property == FuzzCampaign.runSeed(seed, .elastic, variant).failure?.property)
      #expect(result.drawnFleet >= 3 && result.fleet == 1)
      #expect(result.simplifications.contains("1 of \(result.drawnFleet) secretaries and observers"))
    }
  }
#endif
