import ArgumentParser
import Dispatch
import Foundation
import Fuzzing
import Raft
import Synchronization

/// Runs fuzzing campaigns with progress on standard error, and says what they came to.
struct FuzzPrinter {
  /// Where the result goes as JSON.
  let json: String?
  private let began = DispatchTime.now().uptimeNanoseconds

  /// Makes a printer.
  init(json: String?) { self.json = json }

  private var seconds: Double { Double(DispatchTime.now().uptimeNanoseconds - began) / 1e9 }

  // MARK: Campaigns

  /// Runs a campaign, for so long at most.
  func run(_ campaign: FuzzCampaign, for limit: TimeSpan?) -> CommandOutcome {
    if let problem = JSONFile.problem(writing: json) { return CommandOutcome(errors: [problem], code: .unusable) }
    let interruption = Interruption()
    let total = limit == nil ? Double(campaign.seeds.count64) : nil
    let line = Mutex(CampaignLine(total: total, limit: limit?.seconds, isTerminal: isatty(STDERR_FILENO) == 1))
    let crashes = CrashNote(jobs: campaign.jobs)
    let (profile, mutant) = (campaign.profile.name, campaign.variant?.name)
    let report = campaign.run(
      began: { crashes.began($0, $1, profile: profile, mutant: mutant) },
      shouldStop: { progress in
        let seconds = self.seconds
        Self.say(line.withLock { $0.update(progress, seconds: seconds) })
        return interruption.wasAsked || limit.map { seconds >= $0.seconds } ?? false
      })
    Self.say(line.withLock { $0.clear() })
    let end: FuzzRendering.End =
      interruption.wasAsked
      ? .interrupted : report.failureCount >= campaign.mostFailures ? .tooManyFailures : .done
    let rendered = FuzzRendering.outcome(of: report, campaign, seconds: seconds, end)
    // The file first: the story runs the failing seed many times over.
    var outcome = write(FuzzJSON.report(report, seconds: seconds, end), into: rendered)
    if let first = report.failures.first, end != .interrupted {
      crashes.began(0, first.seed, profile: profile, mutant: mutant)
      outcome.output.append(FuzzRendering.story(of: first, campaign))
    }
    crashes.end()
    return outcome
  }

  // MARK: Mutants

  /// Runs every known-bad variant, and the correct build on the same seeds.
  func runMutants(starts: Int, most: Int, jobs: Int) -> CommandOutcome {
    if let problem = JSONFile.problem(writing: json) { return CommandOutcome(errors: [problem], code: .unusable) }
    let interruption = Interruption()
    var trials = MutantTrials(variants: KnownBadVariant.all)
    trials.starts = starts
    trials.mostSeeds = most
    trials.jobs = jobs
    let total = trials.variants.count
    var done = 0
    let crashes = CrashNote(jobs: jobs)
    let result = trials.run(
      began: { crashes.began($0, $1, profile: $2.profile.name, mutant: $2.name) },
      progress: { trial in
        done += 1
        Self.say("\(done) of \(total): \(FuzzRendering.line(of: trial))\n")
      },
      shouldStop: { interruption.wasAsked })
    crashes.end()
    let outcome = FuzzRendering.outcome(of: result, seconds: seconds)
    return write(FuzzJSON.trials(result, seconds: seconds), into: outcome)
  }

  private func write(_ object: [String: Any], into outcome: CommandOutcome) -> CommandOutcome {
    guard let json, let problem = JSONFile.write(object, to: json) else { return outcome }
    var outcome = outcome
    outcome.errors.append(problem)
    // What was found outweighs where it could not be written.
    if outcome.code == .success { outcome.code = .unusable }
    return outcome
  }

  private static func say(_ text: String?) {
    if let text { FileHandle.standardError.write(Data(text.utf8)) }
  }
}

extension ClosedRange<UInt64> {
  /// How many numbers there are, at most 2^64 - 1.
  var count64: UInt64 {
    let (count, overflow) = (upperBound - lowerBound).addingReportingOverflow(1)
    return overflow ? .max : count
  }
}

/// How far a campaign has come, for standard error: a line that is written over on a terminal, now and then a plain one
/// elsewhere.
struct CampaignLine {
  private let total: Double?
  private let limit: Double?
  private var line: StatusLine

  init(total: Double?, limit: Double?, isTerminal: Bool) {
    self.total = total
    self.limit = limit
    line = StatusLine(isTerminal: isTerminal, terminalPeriod: 0.2, plainPeriod: 10)
  }

  /// What to write now; nil when it is too early for another line.
  mutating func update(_ progress: FuzzCampaign.Progress, seconds: Double) -> String? {
    let seeds = progress.seeds
    guard seeds > 0 else { return nil }
    let share = total.map { Double(seeds) / $0 } ?? limit.map { seconds / $0 } ?? 0
    return line.update(wallSeconds: seconds) {
      let rate = Render.number(Double(seeds) / max(seconds, 1e-9), decimals: 0)
      var text = "\(Render.count(seeds)) seeds, \(rate) seeds/s"
      if progress.failures > 0 { text += ", \(progress.failures) failed" }
      if let seed = progress.lastFailure { text += " (seed \(seed))" }
      if share > 0, share < 1 { text += ", \(StatusLine.clock(seconds / share - seconds)) left" }
      return text
    }
  }

  /// What wipes the line.
  mutating func clear() -> String? { line.clear() }
}
