import ArgumentParser
import Fuzzing
import Raft

/// What fuzzing came to, as text.
enum FuzzRendering {
  /// From how many seeds on a campaign must have reached everything that its profile can reach.
  static let seedsForCoverage = 10_000
  /// How many of a hundred histories may be too hard to decide.
  static let mostUndecidedPercent = 2

  // MARK: Campaigns

  /// How a campaign came to its end.
  enum End: String {
    /// All seeds were run, or the time was up.
    case done
    /// Somebody asked it to end.
    case interrupted
    /// So many seeds had failed that no more were begun.
    case tooManyFailures = "too-many-failures"
  }

  /// A campaign's figures, coverage and verdict.
  static func outcome(of report: FuzzReport, _ campaign: FuzzCampaign, seconds: Double, _ end: End) -> CommandOutcome {
    var lines = [figures(of: report, seconds: seconds), "", coverage(of: report.coverage), ""]
    for failure in report.failures.prefix(10) { lines.append(line(of: failure, command(for: failure.seed, campaign))) }
    if report.failureCount > 10 { lines.append("and \(Render.count(report.failureCount - 10)) more") }
    switch end {
    case .done: break
    case .interrupted: lines.append("interrupted: the figures hold what was done until then")
    case .tooManyFailures: lines.append("stopped after \(report.failureCount) failures: the other seeds were not run")
    }
    let (verdict, code) = verdict(of: report, end)
    lines.append("verdict: \(verdict)")
    return CommandOutcome(output: lines, code: code)
  }

  private static func verdict(of report: FuzzReport, _ end: End) -> (String, ExitCode) {
    if report.variant != nil {
      return (report.failureCount > 0 ? "fail, the mutant was caught" : "the mutant escaped", .violation)
    }
    if report.failureCount > 0 { return ("fail", .violation) }
    if report.seeds >= seedsForCoverage {
      let missing = report.unreached
      if !missing.isEmpty {
        return ("fail, not reached by any seed: " + missing.map(\.words).joined(separator: ", "), .violation)
      }
      // A history that is not decided checks nothing; a few of them are the price of bounded searches.
      let undecided = report.coverage.runs(reaching: .historiesUndecided)
      if undecided * 100 > report.seeds * mostUndecidedPercent {
        return ("fail, \(Render.count(undecided)) histories were too hard to decide", .violation)
      }
    }
    if end == .interrupted { return ("unknown, interrupted", .unusable) }
    return report.seeds == 0 ? ("unknown, no seed was run", .unusable) : ("pass", .success)
  }

  private static func figures(of report: FuzzReport, seconds: Double) -> String {
    let rate = Double(report.seeds) / max(seconds, 1e-9)
    let events = Double(report.events) / max(seconds, 1e-9)
    var text = "\(Render.count(report.seeds)) seeds of profile \(report.profile.name)"
    if let variant = report.variant { text += ", mutant \(variant.name)" }
    text += ": \(Render.number(seconds, decimals: 1)) s, \(Render.number(rate, decimals: 0)) seeds/s; "
    text +=
      "\(Render.count(Int(clamping: report.events))) events, \(Render.number(events / 1e6, decimals: 2)) million/s; "
    return text + "\(Render.number(report.virtual.seconds / 3_600, decimals: 1)) simulated hours"
  }

  private static func coverage(of coverage: Coverage) -> String {
    var table = TextTable([.left("reached"), .right("times"), .right("seeds")])
    for item in Coverage.Item.allCases {
      table.add([item.words, Render.count(coverage.count(of: item)), Render.count(coverage.runs(reaching: item))])
    }
    return table.text
  }

  private static func line(of outcome: FuzzOutcome, _ command: String) -> String {
    guard let failure = outcome.failure else { return "" }
    let details = failure.details.prefix(1).joined()
    return "seed \(outcome.seed): \(failure.property), at \(failure.at): \(details)\n  reproduce: "
      + command
  }

  private static func command(for seed: UInt64, _ campaign: FuzzCampaign) -> String {
    var text = "eraft fuzz --seeds \(seed)"
    if campaign.profile != .standard { text += " --profile \(campaign.profile.name)" }
    if let variant = campaign.variant { text += " --mutant \(variant.name)" }
    return text
  }

  /// The minimised timeline of a failing seed.
  static func story(of outcome: FuzzOutcome, _ campaign: FuzzCampaign) -> String {
    var minimiser = Minimiser(variant: campaign.variant)
    do {
      guard let result = try minimiser.minimise(seed: outcome.seed, profile: campaign.profile) else {
        return "\nseed \(outcome.seed) did not fail again: that is a defect of the fuzzer, whose runs must repeat"
      }
      return "\n" + story(of: result, command(for: outcome.seed, campaign))
    } catch {
      return "\nseed \(outcome.seed) cannot be set up again: \(error)"
    }
  }

  private static func story(of result: Minimiser.Result, _ command: String) -> String {
    guard let timeline = result.outcome.timeline, let failure = result.outcome.failure else { return "" }
    var lines = [
      "the first failing seed, \(result.outcome.seed), with \(result.troubles.count) of its "
        + "\(result.drawnTroubles) troubles (\(result.runs) runs to find out)"
    ]
    if !result.simplifications.isEmpty { lines.append("also: " + result.simplifications.joined(separator: ", ")) }
    lines += [Timeline.legend, ""]
    let shown = timeline.lines.suffix(200)
    if shown.count < timeline.lines.count { lines.append("(\(timeline.lines.count - shown.count) lines before)") }
    let nodes = timeline.lines.map(\.states.count).max() ?? 0
    let width = timeline.lines.flatMap(\.states).map(\.count).max() ?? 0
    func row(_ time: String, _ cells: [String], _ text: String) -> String {
      let padded = (0..<nodes).map { node in
        let cell = node < cells.count ? cells[node] : ""
        return cell + String(repeating: " ", count: width - cell.count)
      }
      return ([String(repeating: " ", count: max(0, 12 - time.count)) + time] + padded + [text]).joined(separator: "  ")
    }
    lines.append(row("time", (0..<nodes).map { "n\($0)" }, "what happened"))
    lines += shown.map { row("\($0.at)", $0.states, $0.text) }
    lines.append("")
    lines.append("broken at \(failure.at): \(failure.property)")
    lines += failure.details.map { "  \($0)" }
    lines.append("reproduce: \(command)")
    return lines.joined(separator: "\n")
  }

  // MARK: Mutants

  /// One variant's trial in a line.
  static func line(of trial: MutantTrial) -> String {
    guard trial.isCaught else { return "\(trial.variant.name) escaped" }
    return "\(trial.variant.name): caught in \(trial.medianSeeds) seeds by \(trial.caughtBy.joined(separator: ", "))"
  }

  /// The table of all trials and the verdict.
  static func outcome(of result: MutantTrials.Result, seconds: Double) -> CommandOutcome {
    var table = TextTable([
      .left("mutant"), .left("profile"), .right("seeds needed"), .right("least"), .right("most"), .left("caught by"),
      .left("what it does wrong"),
    ])
    for trial in result.trials {
      let seeds = trial.starts.map(\.seeds)
      let escapes = trial.starts.count { $0.caughtBy == nil }
      let caught = trial.caughtBy.joined(separator: ", ")
      table.add([
        trial.variant.name, trial.variant.profile.name, Render.count(trial.medianSeeds),
        Render.count(seeds.min() ?? 0), Render.count(seeds.max() ?? 0),
        escapes > 0 ? "ESCAPED from \(escapes) of \(seeds.count) starts; \(caught)" : caught, trial.variant.summary,
      ])
    }
    let starts = result.trials.first?.starts.count ?? 0
    var lines = [
      table.text, "", "Seeds needed: the median of \(starts) starts. \(Render.number(seconds, decimals: 0)) s.",
    ]
    for profile in FuzzProfile.all {
      let reports = result.correct.filter { $0.profile == profile }
      guard !reports.isEmpty else { continue }
      let (seeds, broken) = (reports.reduce(0) { $0 + $1.seeds }, reports.reduce(0) { $0 + $1.failureCount })
      lines.append(
        "the correct build on the same seeds, profile \(profile.name): \(Render.count(seeds)) seeds, \(broken) violations"
      )
      for failure in reports.flatMap(\.failures) {
        lines.append(line(of: failure, "eraft fuzz --seeds \(failure.seed) --profile \(profile.name)"))
      }
    }
    let escaped = result.trials.filter { !$0.isCaught }.map(\.variant.name)
    if !escaped.isEmpty { lines.append("escaped: " + escaped.joined(separator: ", ")) }
    if !result.isComplete { lines.append("interrupted: not everything was tried") }
    let isBroken = !escaped.isEmpty || result.correct.contains { $0.failureCount > 0 }
    lines.append("verdict: " + (isBroken ? "fail" : result.isComplete ? "pass" : "unknown, interrupted"))
    return CommandOutcome(
      output: lines, code: isBroken ? .violation : result.isComplete ? .success : .unusable)
  }
}
