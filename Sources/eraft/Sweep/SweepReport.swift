import ArgumentParser
import Experiment
import Raft
import Traces
import Verification

/// What a sweep came to, for people.
struct SweepReport {
  let sweep: LoadedSweep
  let directory: String
  let names: [String]
  let results: [SweepResult]

  /// The table of runs, what went wrong, and the exit code.
  func outcome(wallSeconds: Double) -> CommandOutcome {
    var outcome = CommandOutcome(output: [table])
    let complete = results.count { if case .complete = $0 { true } else { false } }
    outcome.output.append(
      "\n\(complete) of \(results.count) runs complete in \(Render.number(wallSeconds, decimals: 1)) s")
    outcome.output.append("table: \(directory)/\(SweepTable.fileName)")
    for (name, result) in zip(names, results) {
      if case .failed(_, let reason) = result { outcome.errors.append("eraft: \(name): \(reason)") }
    }
    let ended = results.count { if case .failed = $0 { true } else { false } } + complete
    let wasInterrupted = ended < results.count
    if wasInterrupted {
      outcome.output.append(
        "interrupted: \(complete) complete runs and their rows stay; \(results.count - ended) runs were not made, or only in part"
      )
    }
    outcome.code = code(wasInterrupted: wasInterrupted)
    return outcome
  }

  private func code(wasInterrupted: Bool) -> ExitCode {
    if wasInterrupted || results.contains(where: \.isBad) { return .violation }
    let isUndecided = results.contains {
      if case .complete(let measures) = $0 { measures.verdict == .unknown } else { false }
    }
    return isUndecided ? .unusable : .success
  }

  private var table: String {
    var table = TextTable(
      [.left("run")] + sweep.axes.map { .left($0.name) } + [
        .right("operations"), .right("goodput/s"), .right("read p95 ms"), .right("write p95 ms"), .right("elections"),
        .left("verdict"),
      ])
    for (position, result) in results.enumerated() {
      let values = sweep.runs[position].choices.map(\.label)
      table.add([String(position + 1)] + values + cells(of: result))
    }
    return table.text
  }

  private func cells(of result: SweepResult) -> [String] {
    func latency(_ span: TimeSpan?) -> String { span.map { Render.number($0.milliseconds, decimals: 1) } ?? "-" }
    switch result {
    case .complete(let measures):
      let total = measures.summary.total
      return [
        Render.count(total?.offered ?? 0), total?.goodput.map { Render.number($0.perSecond, decimals: 1) } ?? "-",
        latency(measures.reads?.p95), latency(measures.writes?.p95), Render.count(measures.summary.elections),
        measures.verdict.rawValue,
      ]
    case .failed: return ["", "", "", "", "", SweepTable.error]
    case .cutShort: return ["", "", "", "", "", "cut short"]
    case .notBegun: return ["", "", "", "", "", "not begun"]
    }
  }
}
