import Raft
import Traces

extension Render {
  /// The table at a run's end: operations, goodput and latencies per operation and site, then elections and outages.
  ///
  /// Operations that nobody asked for have no line; the last line is that of all operations, asked for or not.
  static func summary(_ summary: Summary) -> String {
    [operations(summary), incidents(summary)].joined(separator: "\n\n")
  }

  /// The table of operations, a block per site.
  private static func operations(_ summary: Summary) -> String {
    var table = TextTable([
      .left("site"), .left("operation"), .right("operations"), .right("ok"), .right("failed"), .right("unknown"),
      .right("goodput/s"), .right("p50 ms"), .right("p95 ms"), .right("p99 ms"),
    ])
    let total = summary.lines.count - 1
    var site: String?
    for (number, line) in summary.lines.enumerated() where line.offered > 0 || number == total {
      if let site, line.site != site { table.addRule() }
      table.add(cells(of: line, siteIsNew: line.site != site))
      site = line.site
    }
    return table.text
  }

  private static func cells(of line: Summary.Line, siteIsNew: Bool) -> [String] {
    func latency(_ span: TimeSpan?) -> String { span.map { number($0.milliseconds, decimals: 1) } ?? "-" }
    return [
      siteIsNew ? line.site : "", line.operation, count(line.offered), count(line.ok), count(line.failed),
      count(line.unknown), line.goodput.map { number($0.perSecond, decimals: 1) } ?? "-",
      latency(line.latencies?.p50), latency(line.latencies?.p95), latency(line.latencies?.p99),
    ]
  }

  private static func incidents(_ summary: Summary) -> String {
    func seconds(_ span: TimeSpan) -> String { "\(number(span.seconds, decimals: 3)) s" }
    let measured = summary.end > summary.start ? summary.end - summary.start : .zero
    var lines = [
      "measured     \(seconds(measured)) after the warm-up of \(seconds(summary.start - .zero))",
      "elections    \(count(summary.elections)) won in the whole run; without a leader for "
        + seconds(summary.leaderless),
      "unavailable  \(seconds(summary.unavailable)) (reads \(seconds(summary.readsUnavailable)), writes "
        + "\(seconds(summary.writesUnavailable)))",
    ]
    if summary.late > 0 {
      lines.append("late         \(count(summary.late)) operations ended after their availability window was written")
    }
    return lines.joined(separator: "\n")
  }
}
