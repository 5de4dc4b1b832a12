import Testing

@testable import Experiment

/// What real processes on one machine cannot do is refused before anything starts.
@Suite struct LocalWorldTests {
  @Test(
    arguments: [
      (
        "faults: [{at: 1s, clock: leader, error: 100ppm}]",
        "spec.yaml:9:26: faults[0].clock: found a fault of clocks with world: local, expected world: simulated: a machine has one clock"
      ),
      (
        "faults: [{at: 1s, disk: leader, problem: stall}]",
        "spec.yaml:9:25: faults[0].disk: found a fault of disks with world: local, expected world: simulated: real disks do as they like"
      ),
      (
        "system: multi-raft",
        "spec.yaml:9:9: system: found multi-raft with world: local, expected a system of one group, or world: simulated"
      ),
      (
        "record: {checks: every-step}",
        "spec.yaml:9:18: record.checks: found every-step with world: local, expected end: nobody sees the steps of real processes"
      ),
      (
        "sampling: {epoch: 10s, window: 1s}",
        "spec.yaml:9:11: sampling: found sampling with world: local, expected none: real time cannot be left out"
      ),
      (
        "policy: {name: follow-load}",
        "spec.yaml:9:9: policy: found a policy with world: local, expected none, or world: simulated: real fleets are fixed"
      ),
    ])
  func itIsRefusedWithItsPlace(text: String, problem: String) throws {
    let spec = """
      name: tiny
      world: local
      sites: [us-east-1]
      group:
        voters: {us-east-1: 3}
      duration: 20s
      workload:
        - {mix: ycsb-a, rate: 10/s}
      \(text)
      """
    do {
      _ = try SpecLoader.parse(spec)
      Issue.record("it was accepted")
    } catch {
      #expect(error.problems.map(\.description).contains(problem), "\(error)")
    }
    #expect(throws: Never.self) { try SpecLoader.parse(spec.replacing(text, with: "")) }
  }
}
