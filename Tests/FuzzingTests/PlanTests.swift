import Emulation
import Raft
import Simulation
import Testing

@testable import Fuzzing

@Suite("Plans")
struct PlanTests {
  @Test("The same seed means the same plan, and the next one another")
  func repeatable() throws {
    for profile in FuzzProfile.all {
      let (first, again) = (
        try FuzzPlan.draw(seed: 7, profile: profile), try FuzzPlan.draw(seed: 7, profile: profile)
      )
      #expect(first.troubles == again.troubles && first.calm == again.calm)
      #expect(first.setup.raft == again.setup.raft && first.setup.server == again.setup.server)
      let other = try FuzzPlan.draw(seed: 8, profile: profile)
      #expect(first.troubles != other.troubles)
    }
  }

  @Test("Plans are sound, and between them differ in everything that a seed decides")
  func spread() throws {
    var voters: Set<Int> = []
    var kinds: Set<FaultKind> = []
    var settings: Set<Settings> = []
    var orderings: Set<Ordering> = []
    for seed in 1...2_000 as ClosedRange<UInt64> {
      let plan = try FuzzPlan.draw(seed: seed, profile: .standard)
      voters.insert(plan.setup.configuration.voters.count)
      kinds.formUnion(plan.troubles.map(\.kind))
      settings.insert(plan.setup.raft)
      orderings.insert(plan.setup.links[SiteID(0), SiteID(1)].ordering)
      #expect(plan.troubles.allSatisfy { $0.at >= .zero && $0.at <= plan.calm })
      #expect(plan.troubles.map(\.number) == Array(0..<plan.troubles.count))
      #expect(plan.troubles.contains { $0.kind.isAlwaysPossible })
      if case .lease(let drift) = plan.setup.raft.readConfirmation {
        // No two clocks may be further apart than leases allow.
        #expect(plan.clockError * 2 <= Int64(drift))
        #expect(plan.setup.raft.checksQuorum)
      }
    }
    #expect(voters == Set(1...9))
    #expect(kinds == Set(FaultKind.allCases.filter { !$0.concernsFleet }), "fleets are for profiles of their own")
    #expect(settings.count > 1_900)
    #expect(orderings == Set(Ordering.allCases))
  }

  @Test("A profile draws only its own kinds of trouble", arguments: FuzzProfile.all.map(\.name))
  func profiles(_ name: String) throws {
    let profile = try #require(FuzzProfile.named(name))
    // A crash stands in where chance drew nothing that is always possible.
    let allowed = Set(profile.weights.map(\.kind)).union([.crash])
    for seed in 1...300 as ClosedRange<UInt64> {
      let plan = try FuzzPlan.draw(seed: seed, profile: profile)
      #expect(allowed.isSuperset(of: plan.troubles.map(\.kind)))
      #expect(plan.setup.configuration.voters.count <= profile.mostVoters)
    }
  }
}
