import AllocationCounter

/// Messages that nodes and secretaries take in per second in one thread, when all entries go over secretaries.
struct FleetBenchmark: Benchmark {
  var nodes: Int
  var secretaries: Int

  var name: String { "fleet.steps.\(nodes).\(secretaries)" }

  func run(_ effort: Effort) throws -> [Measurement] {
    let (samples, messages) = effort == .full ? (7, 1_000_000) : (3, 200_000)
    var group = try FleetGroup(nodes: nodes, secretaries: secretaries)
    _ = group.run(messages: max(messages / 4, 400 * nodes))
    var rates: [Double] = []
    rates.reserveCapacity(samples)
    var taken = 0
    let batches = group.batchesRelayed
    let allocationsBefore = allocation_count()
    for _ in 0..<samples {
      let start = ThreadClock.seconds
      let count = group.run(messages: messages)
      rates.append(Double(count) / (ThreadClock.seconds - start))
      taken += count
    }
    let allocations = Double(allocation_count() - allocationsBefore) / Double(taken)
    precondition(secretaries == 0 || group.batchesRelayed > batches, "nothing went over secretaries")
    return [
      Measurement(name: name, value: rates.median, unit: "messages/s", goal: nil),
      Measurement(name: "\(name).allocations", value: allocations, unit: "allocations/message", goal: nil),
    ]
  }
}
