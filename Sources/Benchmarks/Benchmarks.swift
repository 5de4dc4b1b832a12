/// Everything that `eraft-bench` measures, in order.
enum Benchmarks {
  static let groupSizes = [3, 5, 31, 301]

  static var all: [any Benchmark] {
    groupSizes.map { CoreBenchmark(nodes: $0, load: .batches) }
      + groupSizes.map { CoreBenchmark(nodes: $0, load: .heartbeats) }
      + [SimulationBenchmark(), LinearizabilityBenchmark()]
  }
}
