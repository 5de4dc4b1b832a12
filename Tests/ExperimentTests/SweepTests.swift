import Foundation
import Raft
import Testing
import Workload

@testable import Experiment

@Suite("Sweeps")
struct SweepTests {
  private static func sweep(_ lines: String, set overrides: [String] = []) throws -> LoadedSweep? {
    try SpecLoader.parseSweep(Samples.minimal(with: lines), overrides: overrides)
  }

  private static func problems(_ lines: String, set overrides: [String] = [], seed: UInt64? = nil) -> [String] {
    do throws(SpecRefusal) {
      _ = try SpecLoader.parseSweep(Samples.minimal(with: lines), overrides: overrides, seed: seed)
      return []
    } catch {
      return error.problems.map(\.description)
    }
  }

  @Test("the runs are the product of the axes, the last one fastest")
  func product() throws {
    let sweep = try #require(
      try Self.sweep("sweep: {group.heartbeat: [50ms, 100ms], seed: 3..5, \"workload[0].rate\": [7/s]}"))
    #expect(sweep.axes.map(\.name) == ["group.heartbeat", "seed", "workload[0].rate"])
    #expect(sweep.runs.map(\.number) == Array(1...6))
    #expect(sweep.runs.map(\.spec.seed) == [3, 4, 5, 3, 4, 5])
    let heartbeats = sweep.runs.map(\.spec.group.raft.heartbeatInterval)
    #expect(
      heartbeats == Array(repeating: .milliseconds(50), count: 3) + Array(repeating: .milliseconds(100), count: 3))
    #expect(sweep.runs.allSatisfy { $0.spec.workload[0].load.arrival == .poisson(rate: 7) })
    #expect(sweep.describe(sweep.runs[4].choices) == "group.heartbeat=100ms, seed=4, workload[0].rate=7/s")
  }

  @Test("a run of a sweep is a spec like any other: it has no sweep and reads back equal")
  func runsStandAlone() throws {
    let sweep = try #require(try Self.sweep("sweep: {seed: 1..2}"))
    for run in sweep.runs {
      #expect(run.spec.sweep.isEmpty)
      #expect(try SpecLoader.parse(run.spec.canonicalYAML).spec == run.spec)
    }
    #expect(sweep.runs[1].spec == (try SpecLoader.parse(Samples.minimal, seed: 2).spec))
  }

  @Test("values may be mappings and lists, and keys that the spec leaves out")
  func structuredValues() throws {
    let sweep = try #require(
      try Self.sweep("sweep: {group.voters: [{us-east-1: 3}, {us-west-2: 5}], group.election_timeout: [[2s, 3s]]}"))
    #expect(sweep.runs.map { $0.spec.group.voters.map(\.count).reduce(0, +) } == [3, 5])
    #expect(sweep.runs.map { sweep.describe($0.choices) }[1].hasPrefix("group.voters={us-west-2: 5}, "))
  }

  @Test("a case sets several keys together")
  func cases() throws {
    let sweep = try #require(
      try Self.sweep(
        "sweep: {size: {small: {duration: 10s}, large: {duration: 90s, group.voters: {us-west-2: 7}}}, seed: [1]}"))
    #expect(sweep.runs.map { $0.choices[0].label } == ["small", "large"])
    #expect(sweep.runs.map(\.spec.duration) == [.seconds(10), .seconds(90)])
    #expect(sweep.runs[1].spec.group.voters.map(\.count) == [7])
    #expect(sweep.runs[0].spec.group.voters.map(\.count) == [2, 1])
  }

  @Test("a spec without a sweep is none")
  func none() throws {
    #expect(try Self.sweep("") == nil)
  }

  @Test(
    "what a sweep cannot mean is refused where it stands",
    arguments: [
      ("sweep: 5", "spec.yaml:6:8: sweep: found 5, expected a mapping"),
      ("sweep: {}", "spec.yaml:6:8: sweep: found an empty mapping, expected a mapping"),
      ("sweep: {seed: 5}", "spec.yaml:6:15: sweep.seed: found 5, expected a list of values, a range"),
      ("sweep: {seed: []}", "spec.yaml:6:15: sweep.seed: found an empty list"),
      ("sweep: {seed: 5..1}", "spec.yaml:6:15: sweep.seed: found 5..1, expected a list"),
      ("sweep: {seed: 1..10001}", "spec.yaml:6:15: sweep.seed: found 10001 values, expected at most 10000"),
      ("sweep: {seed: 1..200, duration: 1..200}", "spec.yaml:6:8: sweep: found 40000 runs, expected at most 10000"),
      ("sweep: {a..b: [1]}", "spec.yaml:6:9: sweep.a..b: found the key a..b, expected a dotted key"),
      ("sweep: {sweep.seed: [1]}", "spec.yaml:6:9: sweep.sweep.seed: found the key sweep.seed, expected a dotted key"),
      ("sweep: {size: {small: 3}}", "spec.yaml:6:23: sweep.size.small: found 3, expected a mapping"),
      ("sweep: {seed: [1], size: {small: {seed: 3}}}", "spec.yaml:6:8: sweep: found seed set by both seed and size"),
    ])
  func refusals(_ lines: String, _ problem: String) throws {
    let found = Self.problems(lines)
    #expect(found.count == 1)
    #expect(found.first?.hasPrefix(problem) == true, "\(found)")
  }

  @Test("all runs are held against the spec before any begins: a bad value is named with its place and key")
  func badValues() {
    #expect(
      Self.problems("sweep: {seed: 1..3, group.heartbeat: [50ms, -5ms]}") == [
        "spec.yaml:6:45: sweep group.heartbeat=-5ms: group.heartbeat: found -5ms, expected a positive duration "
          + "(run 2: seed=1, group.heartbeat=-5ms)"
      ])
    #expect(Self.problems("sweep: {group.heartbeet: [1s]}").first?.contains("did you mean heartbeat?") == true)
  }

  @Test("what is wrong with every run is said once, without a run")
  func commonProblems() {
    let found = Self.problems("warmup: 2h\nsweep: {seed: 1..3}")
    #expect(found.count == 1)
    #expect(found.first?.contains("warmup") == true)
    #expect(found.first?.contains("run 1") == false)
  }

  @Test("--set changes every run, or the sweep itself, and cannot be overwritten by the sweep")
  func overrides() throws {
    let sweep = try #require(try Self.sweep("sweep: {seed: 1..3}", set: ["duration=7s", "sweep.seed=[8, 9]"]))
    #expect(sweep.runs.map(\.spec.seed) == [8, 9])
    #expect(sweep.runs.allSatisfy { $0.spec.duration == .seconds(7) })
    #expect(Self.problems("sweep: {seed: 1..3}", set: ["seed=8"]).first?.hasPrefix("--set seed=8: seed: ") == true)
    #expect(Self.problems("sweep: {seed: 1..3}", seed: 8).first?.hasPrefix("--seed 8: seed: ") == true)
  }

  @Test("a spec with a sweep is read back as an equal spec")
  func roundTrip() throws {
    let text = Samples.minimal(
      with: """
        sweep:
          seed: 1..3
          group.voters: [{us-east-1: 3}, {us-west-2: 1}]
          size: {small: {duration: 10s}, "very large": {duration: 90s, "workload[0].rate": 9/s}}
        """)
    let spec = try SpecLoader.parse(text).spec
    #expect(spec.sweep.runCount == 12)
    let again = try SpecLoader.parse(spec.canonicalYAML).spec
    #expect(again == spec, "\(spec.canonicalYAML)")
  }

  @Test("every experiment of the reproduction is a sweep over several seeds whose runs can all be made")
  func reproduction() throws {
    let folder = Samples.experiments.appendingPathComponent("iwqos19")
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".yaml") }
    #expect(names.count >= 9)
    for name in names.sorted() {
      let sweep = try #require(try SpecLoader.loadSweep(path: folder.appendingPathComponent(name).path), "\(name)")
      #expect(sweep.runs[0].spec.name + ".yaml" == name)
      #expect(Set(sweep.runs.map(\.spec.seed)).count >= 3, "\(name)")
      #expect(sweep.warnings.isEmpty, "\(name): \(sweep.warnings)")
    }
  }
}
