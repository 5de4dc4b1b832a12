import Driver
import Foundation
import Raft
import Traces
import Verification
import Workload

/// What a run of a sweep came to, from its summary and from the traces that it left.
struct SweepMeasures {
  /// The values of the run, one per axis.
  var values: SweepChoiceValues
  /// The table at the run's end.
  var summary: Summary
  /// Latencies of reads; nil when there were none, or reads of several kinds, whose percentiles do not add up.
  var reads: LatencyWindowRow.Percentiles?
  /// The same of all other operations.
  var writes: LatencyWindowRow.Percentiles?
  /// Rows of `outages.csv`.
  var outages: Int
  /// What the leader sent per second after the warm-up, in bytes; nil when there was none.
  var leaderEgress: Rate?
  /// Instances that providers took back; nil when the run had no fleet.
  var revocations: Int?
  /// The bill, data included, in billionths of a US dollar; nil when nothing was billed.
  var cost: Int64?
  /// What the checks said.
  var verdict: Verdict

  /// Reads the traces of a run that has ended; throws when they cannot be read.
  init(_ outcome: RunOutcome, values: SweepChoiceValues) throws(TraceError) {
    self.values = values
    summary = outcome.summary
    verdict = outcome.report.verdict
    reads = Self.latencies(in: summary) { $0.isRead }
    writes = Self.latencies(in: summary) { !$0.isRead }
    let outages = try CSVReader<OutageRow>.readAll(path: "\(outcome.directory)/\(TraceFile.outages.name)")
    self.outages = outages.rows.count
    revocations = try Self.sum(of: .revocations, in: outcome.directory) { (_: RevocationRow) in 1 }.map { Int($0) }
    cost = try Self.sum(of: .cost, in: outcome.directory) { (row: CostRow) in row.cost }
    leaderEgress = try Self.leaderEgress(in: outcome.directory, since: summary.start)
  }

  private static func latencies(
    in summary: Summary, of isWanted: (OperationKind) -> Bool
  ) -> LatencyWindowRow.Percentiles? {
    let lines = summary.lines.filter { line in
      line.site == LatencyWindowRow.all && line.latencies != nil
        && (OperationKind(rawValue: line.operation).map(isWanted) ?? false)
    }
    return lines.count == 1 ? lines[0].latencies : nil
  }

  /// The sum of what a trace's rows come to; nil when the run left no such trace.
  private static func sum<Row: TraceRow>(
    of file: TraceFile, in directory: String, _ value: (Row) -> Int64
  ) throws(TraceError) -> Int64? {
    let path = "\(directory)/\(file.name)"
    guard FileManager.default.fileExists(atPath: path) else { return nil }
    var reader = try CSVReader<Row>(path: path)
    var sum: Int64 = 0
    while let row = try reader.next() { sum += value(row) }
    return sum
  }

  private static func leaderEgress(in directory: String, since start: Instant) throws(TraceError) -> Rate? {
    var reader = try CSVReader<TrafficRow>(path: "\(directory)/\(TraceFile.traffic.name)")
    var bytes: Int64 = 0
    var time = TimeSpan.zero
    while let row = try reader.next() {
      guard row.role == .leader, row.start >= start else { continue }
      bytes += Int64(row.counters.bytesOut)
      time = time + (row.end - row.start)
    }
    return Rate(bytes, in: time)
  }
}

extension OperationKind {
  /// Whether operations of this kind change nothing.
  fileprivate var isRead: Bool {
    switch self {
    case .read, .scan: true
    case .update, .insert, .readModifyWrite, .delete, .compareAndSwap, .increment, .append: false
    }
  }
}

extension LatencyWindowRow {
  /// The site and the operation that stand for all of them.
  fileprivate static let all = "all"
}
