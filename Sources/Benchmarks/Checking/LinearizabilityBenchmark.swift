import Raft
import Verification
import Workload

/// Operations whose history is read and checked per second: half reads, half writes, 100 clients, 10,000 keys.
struct LinearizabilityBenchmark: Benchmark {
  let name = "check.linearizability.ops"

  /// A history was not found linearizable although it is.
  struct WrongVerdict: Error { var report: LinearizabilityReport }

  func run(_ effort: Effort) throws -> [Measurement] {
    let (samples, operations) = effort == .full ? (3, 1_000_000) : (1, 100_000)
    var times: [Double] = []
    for sample in 0..<samples { times.append(try seconds(toCheck: operations, seed: UInt64(sample + 1))) }
    return [
      Measurement(name: name, value: Double(operations) / times.median, unit: "operations/s"),
      Measurement(
        name: "\(name).seconds", value: times.median, unit: "s for \(operations) operations", goal: .atMost(30)),
    ]
  }

  /// Taking the records in and checking them is timed, making them is not.
  private func seconds(toCheck operations: Int, seed: UInt64) throws -> Double {
    var generator = HistoryGenerator(shape: HistoryGenerator.Shape(), seed: seed)
    var history = History()
    var time = 0.0
    var left = operations
    while left > 0 {
      var records: [OperationRecord] = []
      for _ in 0..<min(left, 10_000) { records.append(generator.next()) }
      left -= records.count
      time += ThreadClock.measure { for record in records { history.append(record) } }
    }
    let start = ThreadClock.seconds
    let report = LinearizabilityChecker().check(history)
    time += ThreadClock.seconds - start
    guard report.verdict == .linearizable else { throw WrongVerdict(report: report) }
    return time
  }
}
