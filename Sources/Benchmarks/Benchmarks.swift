/// Everything that `eraft-bench` measures, in order.
enum Benchmarks {
  static let groupSizes = [3, 5, 31, 301]

  static let fleets = [(nodes: 5, secretaries: 1), (nodes: 301, secretaries: 1), (nodes: 301, secretaries: 8)]

  static var all: [any Benchmark] {
    groupSizes.map { CoreBenchmark(nodes: $0, load: .batches) }
      + groupSizes.map { CoreBenchmark(nodes: $0, load: .heartbeats) }
      + fleets.map { FleetBenchmark(nodes: $0.nodes, secretaries: $0.secretaries) }
      + [1, 8, 64, 512].map { StorageBenchmark(together: $0) } + [StorageEncodingBenchmark()]
      + [1, 16, nil].map { WireBenchmark(entries: $0) }
      + RESPBenchmark.Load.allCases.map { RESPBenchmark(load: $0) }
      + [SimulationBenchmark(), LinearizabilityBenchmark()]
  }
}
