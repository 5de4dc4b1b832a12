import ArgumentParser
import Traces
import Verification

/// The check of a run directory from its files alone.
///
/// A history that is not whole decides nothing: a read may return what an operation wrote whose line was lost, which
/// looks like a violation and is none, and what is lost may have been one. So damage makes the verdict unknown.
struct RunCheck {
  /// The run directory.
  let directory: String

  /// Reads everything and says what was found.
  func outcome() -> CommandOutcome {
    do throws(TraceError) {
      return report(try Manifest(directory: directory), damage: try RunDirectory.verify(directory))
    } catch {
      return CommandOutcome(errors: ["\(directory): no run that can be checked: \(error)"], code: .unusable)
    }
  }

  private func report(_ manifest: Manifest, damage: [RunDirectory.Discrepancy]) -> CommandOutcome {
    var outcome = CommandOutcome()
    outcome.output.append("\(manifest.name): \(manifest.world) world, seed \(manifest.seed)")
    if !manifest.isComplete { outcome.errors.append("\(directory): the run was interrupted: its traces end early") }
    outcome.errors += damage.map { "\(directory): \($0)" }
    var verdicts: [Verdict] = []
    if manifest.files.isEmpty {
      outcome.output.append("files: the manifest lists none")
    } else if damage.isEmpty {
      outcome.output.append("files: \(manifest.files.count) as the manifest says")
    } else {
      outcome.output.append("files: \(damage.count) of \(manifest.files.count) not as the manifest says")
      verdicts.append(.unknown)
    }
    let recorded = manifest.verdict
    outcome.output.append("verdict of the run itself: \(recorded ?? "none")")
    if recorded == Verdict.fail.rawValue { verdicts.append(.fail) }
    verdicts.append(checkHistory(manifest, damage: damage, into: &outcome))
    let verdict = Verdict.all(verdicts)
    outcome.output.append(Render.verdict(verdict))
    outcome.code = ExitCode(verdict.exitCode)
    return outcome
  }

  private func checkHistory(
    _ manifest: Manifest, damage: [RunDirectory.Discrepancy], into outcome: inout CommandOutcome
  ) -> Verdict {
    let name = TraceFile.history.name
    let isListed = manifest.files.contains { $0.name == name }
    if !manifest.files.isEmpty, !isListed {
      outcome.errors.append("\(directory): the run recorded no \(name): there is no history to check")
      return .unknown
    }
    var history = History()
    var isWhole = isListed && !damage.contains { $0.name == name }
    do throws(TraceError) {
      var reader = try HistoryReader(path: "\(directory)/\(name)")
      while let entry = try reader.next() { history.append(entry) }
      if reader.isTruncated {
        isWhole = false
        outcome.errors.append("\(directory): \(name) is cut off: its last line does not end")
      }
    } catch {
      outcome.errors.append("\(directory): the history cannot be read: \(error)")
      return .unknown
    }
    var report = CheckReport()
    report.add(LinearizabilityChecker().check(history))
    outcome.output.append(Render.checks(report))
    if isWhole { return report.verdict }
    outcome.errors.append("\(directory): \(name) is not whole, so what the check found decides nothing")
    return .unknown
  }
}

extension RunDirectory.Discrepancy {
  /// The file that is not as the manifest says.
  fileprivate var name: String {
    switch self {
    case .unreadable(let name, _), .length(let name, _, _), .checksum(let name, _, _): name
    }
  }
}

extension Verdict {
  /// What several verdicts come to: fail outweighs unknown, and unknown outweighs pass.
  fileprivate static func all(_ verdicts: [Verdict]) -> Verdict {
    if verdicts.contains(.fail) { return .fail }
    return verdicts.contains(.unknown) ? .unknown : .pass
  }
}
