import Testing

@testable import Fuzzing

@Test func aFewSeeds() throws {
  for seed in 1...200 as ClosedRange<UInt64> {
    let plan = try FuzzPlan.draw(seed: seed, profile: .standard)
    let outcome = try FuzzRun.make(plan).execute()
    #expect(outcome.failure == nil, "\(seed): \(outcome.failure.map { "\($0)" } ?? "")")
  }
}
