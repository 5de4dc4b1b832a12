import Verification

extension Render {
  /// The checks of a run, a line each with what they looked at or found, and the verdict line at the end.
  static func report(_ report: CheckReport) -> String {
    guard !report.items.isEmpty else { return "verdict: none, nothing was checked" }
    return [checks(report), verdict(report.verdict)].joined(separator: "\n")
  }

  /// The checks without a verdict line.
  static func checks(_ report: CheckReport) -> String {
    let width = CheckReport.Check.allCases.map(\.rawValue.count).max() ?? 0
    return report.items.map { item in
      let name = item.check.rawValue + String(repeating: " ", count: width - item.check.rawValue.count)
      let head = "\(name)  \(item.verdict.rawValue)"
      guard let first = item.details.first else { return head }
      guard item.details.count > 1 else { return "\(head): \(first)" }
      return "\(head)\n\(indented(item.details.joined(separator: "\n")))"
    }.joined(separator: "\n")
  }

  /// The line that says how a run or a check ended.
  static func verdict(_ verdict: Verdict) -> String {
    switch verdict {
    case .pass: "verdict: pass"
    case .fail: "verdict: FAIL"
    case .unknown: "verdict: unknown"
    }
  }
}
