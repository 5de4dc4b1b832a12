import ArgumentParser
import Dispatch
import Driver
import Experiment
import Foundation
import Raft
import Traces
import Verification

/// `eraft run SPEC`: runs an experiment, writes its traces and prints what it came to.
struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Run an experiment, write its traces, check it, and print a table.",
    discussion: """
      With world: local the nodes are real processes on this machine, and so are the clients of each site; nothing of \
      them is left when the run ends.

      Traces go to runs/<name>-<world>-<seed>/ unless --out says otherwise. Ctrl-C ends the run early and leaves \
      complete traces of what was done. Exit codes: 0 every check passed; 1 a check failed, or the run did; 2 the \
      spec or the command line is of no use, or a check could not finish.
      """
  )

  @OptionGroup var options: SpecOptions

  @Option(help: ArgumentHelp("Where the traces go.", valueName: "dir"), completion: .directory)
  var out: String?

  @Flag(help: "Local world: leave the processes' configurations, logs and data in the run directory.")
  var keepFiles = false

  func run() throws {
    let loaded: LoadedSpec
    do {
      loaded = try options.load()
    } catch {
      try CommandOutcome(errors: error.problems.map(\.description), code: .unusable).deliver()
      return
    }
    guard loaded.spec.sweep.isEmpty else {
      try CommandOutcome(errors: [Self.refusal(of: loaded.spec, in: options.spec)], code: .unusable).deliver()
      return
    }
    if !loaded.warnings.isEmpty { try CommandOutcome(errors: loaded.warnings.map(\.description)).deliver() }
    try execute(loaded.spec).deliver()
  }

  /// What is said of a spec that is many runs.
  static func refusal(of spec: ExperimentSpec, in path: String) -> String {
    "\(path): sweep: found a sweep of \(spec.sweep.runCount) runs, expected a spec of one run; use eraft sweep"
  }

  private func execute(_ spec: ExperimentSpec) -> CommandOutcome {
    let interruption = Interruption()
    var progress = ProgressLine(isTerminal: isatty(STDERR_FILENO) == 1)
    let began = DispatchTime.now().uptimeNanoseconds
    func wallSeconds() -> Double { Double(DispatchTime.now().uptimeNanoseconds - began) / 1e9 }
    do {
      let directory = try out ?? ExperimentRun.defaultDirectory(spec)
      let isInterrupted = { interruption.wasAsked }
      let report = { (step: RunProgress) in
        say(progress.update(done: step.done, of: step.total, wallSeconds: wallSeconds()))
      }
      let outcome: RunOutcome
      switch spec.world {
      case .simulated:
        let run = try ExperimentRun(spec, directory: directory)
        outcome = try run.run(isInterrupted: isInterrupted, progress: report)
      case .local:
        let run = try LocalRun(spec, directory: directory, executable: Self.executable, keepsFiles: keepFiles)
        outcome = try run.run(isInterrupted: isInterrupted, progress: report)
      }
      say(progress.clear())
      return describe(outcome, spec, wallSeconds: wallSeconds())
    } catch {
      say(progress.clear())
      return CommandOutcome(errors: ["eraft: \(error)"], code: .violation)
    }
  }

  /// The path of this program, whatever it was called by.
  private static var executable: String {
    (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]
  }

  private func describe(_ outcome: RunOutcome, _ spec: ExperimentSpec, wallSeconds: Double) -> CommandOutcome {
    let virtual = outcome.summary.end - Instant.zero
    var lines = [Render.summary(outcome.summary), ""]
    lines.append(
      "faults: \(outcome.faults.injected) of \(outcome.faults.due) injected; \(spec.world == .local ? "ran" : "simulated") "
        + "\(Render.number(virtual.seconds, decimals: 1)) s in \(Render.number(wallSeconds, decimals: 2)) s, "
        + "\(Render.count(Int(outcome.events))) events")
    lines.append("traces: \(outcome.directory)")
    if !outcome.isComplete { lines.append("interrupted: the traces hold what was done until then") }
    lines.append(Render.report(outcome.report))
    let code: ExitCode =
      switch outcome.report.verdict {
      case .pass: outcome.isComplete ? .success : .violation
      case .fail: .violation
      case .unknown: .unusable
      }
    return CommandOutcome(output: lines, code: code)
  }

  private func say(_ text: String?) {
    if let text { FileHandle.standardError.write(Data(text.utf8)) }
  }
}

/// Whether Ctrl-C or a request to terminate has arrived; a second one ends the process at once.
final class Interruption: @unchecked Sendable {
  // Only made and cancelled; what several threads ask is the flag, which has a lock.
  private let sources: [any DispatchSourceSignal]
  private let flag = Flag()

  private final class Flag: @unchecked Sendable {
    private let lock = NSLock()
    private var value = false

    func raise() -> Bool {
      lock.lock()
      defer { lock.unlock() }
      let before = value
      value = true
      return before
    }

    var isRaised: Bool {
      lock.lock()
      defer { lock.unlock() }
      return value
    }
  }

  /// Whether the run is to end.
  var wasAsked: Bool { flag.isRaised }

  init() {
    let flag = flag
    sources = [SIGINT, SIGTERM].map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler {
        if flag.raise() { _exit(130) }
      }
      source.resume()
      return source
    }
  }

  deinit {
    for source in sources { source.cancel() }
    signal(SIGINT, SIG_DFL)
    signal(SIGTERM, SIG_DFL)
  }
}
