import Emulation
import Raft
import Testing
import Workload

@testable import Experiment

@Suite("Options that override a spec")
struct OverrideTests {
  @Test("set keys of all depths, also those that the spec leaves out")
  func set() throws {
    let spec = try SpecLoader.parse(
      Samples.minimal,
      overrides: [
        "duration=5min", "group.heartbeat=50ms", "group.voters.us-west-2=3", "workload[0].rate=7/s",
        "links.jitter={model: normal, deviation: 1ms}", "slo.read=80ms",
      ]
    ).spec
    #expect(spec.duration == .seconds(300))
    #expect(spec.group.raft.heartbeatInterval == .milliseconds(50))
    #expect(spec.nodes.count == 5)
    #expect(spec.workload[0].load.arrival == .poisson(rate: 7))
    #expect(spec.links.jitter == .normal(deviation: .milliseconds(1)))
    #expect(spec.objectives.read == .milliseconds(80))
  }

  @Test("the seed has an option of its own, which wins")
  func seed() throws {
    #expect(try SpecLoader.parse(Samples.minimal, overrides: ["seed=3"], seed: .max).spec.seed == .max)
  }

  @Test(
    "what is wrong with one",
    arguments: [
      ("duration", "--set duration: found no =, expected key=value such as group.heartbeat=50ms"),
      ("=5s", "--set =5s: found the key \"\", expected a dotted key such as group.heartbeat or workload[0].rate"),
      (
        "a..b=5s",
        "--set a..b=5s: found the key a..b, expected a dotted key such as group.heartbeat or workload[0].rate"
      ),
      (
        "workload[9].rate=5/s",
        "--set workload[9].rate=5/s: workload[9].rate: found item 9, expected one of the 1 of workload, from 0"
      ),
      (
        "name.first=a", "--set name.first=a: name.first: found that name is minimal, expected a mapping to set first in"
      ),
      (
        "group.hartbeat=1ms",
        "--set group.hartbeat=1ms: group.hartbeat: found an unknown key, expected one of voters, count, learners, heartbeat"
      ),
      ("slo={read: 1s", "--set \"slo={read: 1s\": found invalid YAML: did not find expected"),
    ])
  func refusals(option: String, problem: String) {
    let found = Samples.problems(Samples.minimal, set: [option])
    #expect(found.count == 1)
    #expect(found.first?.hasPrefix(problem) == true, "\(found)")
  }
}
