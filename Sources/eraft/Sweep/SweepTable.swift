import Experiment
import Foundation
import Raft
import Traces
import Verification

/// `sweep.csv`: one row per run, in the order of the runs.
///
/// The one place where its columns are named: what writes them also documents them.
struct SweepTable {
  /// The file's name.
  static let fileName = "sweep.csv"

  /// A run that has a row.
  struct Row {
    /// The run's directory, below that of the sweep.
    var run: String
    /// Its values, one per axis.
    var values: SweepChoiceValues
    /// What it came to; nil when it could not be made.
    var measures: SweepMeasures?
  }

  /// A column after the values: what it is, and how it is written; an empty text means none.
  struct Metric: Sendable {
    var column: Column
    var text: @Sendable (SweepMeasures) -> String
  }

  /// The column before the values.
  static let run = Column("run", .text, "the run's directory, beside this file")
  /// The word in the last column for a run that could not be made.
  static let error = "error"

  /// The columns after the values.
  static let metrics: [Metric] = [
    Metric(column: Column("measured_s", .seconds, optional: true, "how long the run lasted after the warm-up")) {
      fixed(max($0.summary.end - $0.summary.start, .zero), perUnit: 1_000, decimals: 6)
    },
    count("operations", "operations meant to start after the warm-up") { $0.summary.total?.offered ?? 0 },
    count("ok", "of these, how many ended well") { $0.summary.total?.ok ?? 0 },
    count("failed", "how many certainly took no effect") { $0.summary.total?.failed ?? 0 },
    count("unknown", "how many may or may not have taken effect") { $0.summary.total?.unknown ?? 0 },
    rate("goodput_per_s", "operations per second that ended well and within the SLO") { $0.summary.total?.goodput },
    milliseconds("read_p50_ms", "median latency of reads; none when there were no reads, or scans too") {
      $0.reads?.p50
    },
    milliseconds("read_p95_ms", "their 95th percentile") { $0.reads?.p95 },
    milliseconds("read_p99_ms", "their 99th percentile") { $0.reads?.p99 },
    milliseconds("write_p50_ms", "median latency of all other operations; none when they were of several kinds") {
      $0.writes?.p50
    },
    milliseconds("write_p95_ms", "their 95th percentile") { $0.writes?.p95 },
    milliseconds("write_p99_ms", "their 99th percentile") { $0.writes?.p99 },
    count("elections", "elections won in the whole run, the first one of each group included") { $0.summary.elections },
    milliseconds("leaderless_ms", "time without a leader after the warm-up, added up over groups") {
      $0.summary.leaderless
    },
    count("outages", "rows of `outages.csv`") { $0.outages },
    milliseconds("unavailable_ms", "time after the warm-up in which reads or writes of some group had an outage") {
      $0.summary.unavailable
    },
    rate("leader_egress_bytes_per_s", "bytes that leaders sent per second of leadership after the warm-up") {
      $0.leaderEgress
    },
    Metric(column: Column("revocations", .count, optional: true, "instances that providers took back")) {
      $0.revocations.map(String.init) ?? ""
    },
    Metric(column: Column("cost_usd", .usd, optional: true, "the bill: instances and data")) {
      $0.cost.map { fixed($0, decimals: 9) } ?? ""
    },
    Metric(column: Column("verdict", .word(["pass", "fail", "unknown", error]), "what the checks of the run said")) {
      $0.verdict.rawValue
    },
  ]

  private let axes: [SweepAxis]

  /// Makes the table of a sweep over these axes, none of whose names is a column of its own.
  init(axes: [SweepAxis]) { self.axes = axes }

  /// The first name of an axis that the table needs for a column; nil when there is none.
  static func collision(in axes: [SweepAxis]) -> String? {
    let columns = [run.name] + metrics.map(\.column.name)
    return axes.map(\.name).first(where: columns.contains)
  }

  /// The table as text.
  func text(_ rows: [Row]) -> String {
    let header = [Self.run.name] + axes.map(\.name) + Self.metrics.map(\.column.name)
    let lines = rows.map { row in
      let cells =
        row.measures.map { measures in Self.metrics.map { $0.text(measures) } }
        ?? Self.metrics.map { $0.column.name == "verdict" ? Self.error : "" }
      return [row.run] + row.values + cells
    }
    return ([header] + lines).map { $0.map(Self.quoted).joined(separator: ",") + "\n" }.joined()
  }

  /// Makes the sweep's directory and removes the table of an earlier sweep, which would not tell of this one.
  static func prepare(_ directory: String) throws {
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    let path = "\(directory)/\(fileName)"
    if FileManager.default.fileExists(atPath: path) { try FileManager.default.removeItem(atPath: path) }
  }

  /// Writes the table in one step.
  func write(_ rows: [Row], to directory: String) throws {
    try Data(text(rows).utf8).write(to: URL(fileURLWithPath: "\(directory)/\(Self.fileName)"), options: .atomic)
  }

  // MARK: Fields

  /// A field as RFC 4180 has it.
  private static func quoted(_ text: String) -> String {
    guard text.contains(where: { $0 == "," || $0 == "\"" || $0.isNewline }) else { return text }
    return "\"\(text.replacing("\"", with: "\"\""))\""
  }

  private static func count(_ name: String, _ meaning: String, _ value: @escaping @Sendable (SweepMeasures) -> Int)
    -> Metric
  {
    Metric(column: Column(name, .count, optional: true, meaning)) { String(value($0)) }
  }

  private static func rate(_ name: String, _ meaning: String, _ value: @escaping @Sendable (SweepMeasures) -> Rate?)
    -> Metric
  {
    Metric(column: Column(name, .rate, optional: true, meaning)) { measures in
      value(measures).map { fixed($0.thousandths, decimals: 3) } ?? ""
    }
  }

  private static func milliseconds(
    _ name: String, _ meaning: String, _ value: @escaping @Sendable (SweepMeasures) -> TimeSpan?
  ) -> Metric {
    Metric(column: Column(name, .milliseconds, optional: true, meaning)) { measures in
      value(measures).map { fixed($0, perUnit: 1_000, decimals: 3) } ?? ""
    }
  }

  /// A span in whole microseconds, halves upwards, as the traces have it; `decimals` says where the point stands.
  private static func fixed(_ span: TimeSpan, perUnit nanoseconds: Int64, decimals: Int) -> String {
    fixed((span.nanoseconds + nanoseconds / 2) / nanoseconds, decimals: decimals)
  }

  /// A number that is not negative, with its point moved to the left.
  private static func fixed(_ value: Int64, decimals: Int) -> String {
    let digits = String(value)
    let padded = String(repeating: "0", count: max(decimals + 1 - digits.count, 0)) + digits
    return "\(padded.dropLast(decimals)).\(padded.suffix(decimals))"
  }
}

extension SweepTable {
  /// The reference of the file as Markdown.
  static var reference: String {
    var lines = [
      "# The table of a sweep", "",
      "`eraft sweep SPEC` leaves a run directory per run and one `\(fileName)` beside them, as CSV (RFC 4180, UTF-8, a",
      "header line, LF). One row is a run that went on to its end or could not be made; rows are in the order of the",
      "combinations, the last axis fastest, and are the same bytes whatever `--jobs` says. An empty field means: none.",
      "", "| column | type | meaning |", "| --- | --- | --- |", line(run),
      "| one per axis of the sweep | text | the value, or the name of the case |",
    ]
    lines += metrics.map { line($0.column) }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func line(_ column: Column) -> String {
    let type =
      switch column.type {
      case .word(let words): words.map { "`\($0)`" }.joined(separator: ", ")
      default: column.type.expectation
      }
    return "| `\(column.name)` | \(type)\(column.isOptional ? "; may be empty" : "") | \(column.meaning) |"
  }
}
