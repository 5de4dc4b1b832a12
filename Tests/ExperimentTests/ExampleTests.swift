import Emulation
import Foundation
import Raft
import Testing
import Workload

@testable import Experiment

@Suite("The example specs")
struct ExampleTests {
  @Test("load without a warning", arguments: Samples.examples)
  func load(name: String) throws {
    let path = Samples.experiments.appendingPathComponent("\(name).yaml").path
    let loaded = try SpecLoader.load(path: path)
    #expect(loaded.spec.name == name)
    #expect(loaded.warnings == [])
  }

  @Test("quickstart is five voters in three regions at 2,000 operations/s or more, with a crash and a partition")
  func quickstart() throws {
    let spec = try SpecLoader.parse(try Samples.example("quickstart")).spec
    #expect(spec.duration == .seconds(60))
    #expect(
      spec.nodes.map(\.name) == ["us-east-1.0", "us-east-1.1", "us-west-2.0", "us-west-2.1", "eu-central-1.0"])
    #expect(spec.workload.map(\.load.arrival) == [.poisson(rate: 3_000)])
    #expect(spec.workload[0].sites == spec.sites)
    #expect(spec.faults.map(\.fault.kind) == [.crash, .partition])
    #expect(
      spec.faults[0] == TimedFault(timing: .once(at: .seconds(20)), fault: .crash(.leader, restartAfter: .seconds(10))))
    #expect(spec.record.history)
    #expect(spec.resources == MachinePresets.m5Large.model)
  }

  @Test("nodes that faults add are numbered after those of the start")
  func addedNodes() throws {
    let spec = try SpecLoader.parse(try Samples.example("membership")).spec
    #expect(spec.nodes.map(\.id) == (0..<5).map { NodeID($0) })
    #expect(spec.nodes.suffix(2).map(\.name) == ["eu-west-1.0", "eu-central-1.0"])
    #expect(spec.nodes.suffix(2).map(\.origin) == [.added(byFault: 0), .added(byFault: 1)])
  }

  @Test("phases take what they leave out from the one before")
  func phases() throws {
    let spec = try SpecLoader.parse(try Samples.example("saturation")).spec
    #expect(spec.workload.map(\.load.value) == Array(repeating: .constant(1_024), count: 6))
    #expect(spec.workload.map(\.load.start) == (0..<6).map { .seconds($0 * 10) })
    #expect(spec.workload.last?.load.arrival == .poisson(rate: 32_000))
  }

  @Test("the plan names nodes, round trips and the timeline")
  func plan() throws {
    let text = try SpecLoader.parse(try Samples.example("quickstart")).spec.effectiveDescription
    #expect(text.contains("quickstart: raft, simulated world, seed 1, 60s (warm-up 5s)"))
    #expect(text.contains("eu-central-1.0  voter"))
    #expect(text.contains("20s  fault: {at: 20s, crash: leader, restart_after: 10s}"))
  }
}
