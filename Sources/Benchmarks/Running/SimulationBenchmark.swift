import Driver
import Experiment
import Foundation
import Raft

/// Simulated events per second, everything on: links with jitter, CPU, network cards, disks, clients and traces.
struct SimulationBenchmark: Benchmark {
  let name = "sim.events"

  /// A run whose checks found something, which no figure is worth.
  struct FailedRun: Error {}

  /// Five voters in three regions under an open loop of YCSB-B.
  private static let spec = """
    name: bench
    duration: 20s
    sites: [us-east-1, us-west-2, eu-central-1]
    links: {matrix: aws-2020-06, jitter: {model: gamma, shape: 2, scale: 200us}, bandwidth: 1Gbps}
    group: {voters: {us-east-1: 2, us-west-2: 2, eu-central-1: 1}}
    resources: m5.large
    workload:
      - {mix: ycsb-b, rate: 3000/s, arrival: poisson, keys: {distribution: zipfian, count: 10000}, value: 128B}
    record: {checks: none, history: false}
    """

  func run(_ effort: Effort) throws -> [Measurement] {
    let spec = try SpecLoader.parse(Self.spec).spec
    var rates: [Double] = []
    for _ in 0..<(effort == .full ? 5 : 1) {
      let directory = NSTemporaryDirectory() + "eraft-bench-\(UUID().uuidString)"
      defer { try? FileManager.default.removeItem(atPath: directory) }
      let start = ThreadClock.seconds
      let outcome = try ExperimentRun(spec, directory: directory).run()
      rates.append(Double(outcome.events) / (ThreadClock.seconds - start))
      guard outcome.isComplete else { throw FailedRun() }
    }
    return [Measurement(name: name, value: rates.median, unit: "events/s", goal: .atLeast(1_500_000))]
  }
}
