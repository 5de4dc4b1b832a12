import AllocationCounter

/// Messages that nodes take in per second in one thread, with nothing but the core.
struct CoreBenchmark: Benchmark {
  var nodes: Int
  var load: CoreGroup.Load

  var name: String {
    switch load {
    case .batches: "core.steps.\(nodes)"
    case .heartbeats: "core.heartbeats.\(nodes)"
    }
  }

  func run(_ effort: Effort) throws -> [Measurement] {
    let (samples, messages) = effort == .full ? (7, 2_000_000) : (3, 300_000)
    var group = try CoreGroup(nodes: nodes)
    // Buffers grow to their final size first; that takes as long as logs grow before they are compacted.
    _ = group.run(load, messages: max(messages / 4, 1_000 * nodes))
    var rates: [Double] = []
    rates.reserveCapacity(samples)
    var taken = 0
    let allocationsBefore = allocation_count()
    for _ in 0..<samples {
      let start = ThreadClock.seconds
      let count = group.run(load, messages: messages)
      rates.append(Double(count) / (ThreadClock.seconds - start))
      taken += count
    }
    let allocations = Double(allocation_count() - allocationsBefore) / Double(taken)
    return [
      Measurement(name: name, value: rates.median, unit: "messages/s", goal: .atLeast(3_000_000)),
      Measurement(
        name: "\(name).allocations", value: allocations, unit: "allocations/message",
        goal: load == .heartbeats ? .atMost(0) : nil),
    ]
  }
}
