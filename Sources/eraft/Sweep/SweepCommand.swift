import ArgumentParser
import Dispatch
import Experiment
import Foundation
import Raft
import Synchronization

/// `eraft sweep SPEC`: runs an experiment once for each combination of the values that its `sweep` names.
struct SweepCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sweep",
    abstract: "Run an experiment once for each combination of the values that its sweep names, and make one table.",
    discussion: """
      Each run has a directory of its own below runs/<name>-sweep/ or --out, and a row in sweep.csv there, in the order \
      of the combinations whatever --jobs says. Ctrl-C ends the runs that are under way and leaves those that were \
      complete, and their rows. Exit codes: 0 every check of every run passed; 1 a run failed, broke a check or was \
      interrupted; 2 the spec or the command line is of no use, or a check could not finish.
      """
  )

  @OptionGroup var options: SpecOptions

  @Option(help: ArgumentHelp("Where the runs and the table go.", valueName: "dir"), completion: .directory)
  var out: String?

  @Option(help: ArgumentHelp("How many runs are made at a time; by default one for each processor.", valueName: "n"))
  var jobs: Int?

  func validate() throws {
    if let jobs, !(1...1_024).contains(jobs) { throw ValidationError("--jobs must lie in 1 ... 1024, and is \(jobs)") }
  }

  func run() throws {
    let interruption = Interruption()
    let line = Mutex(SweepLine(isTerminal: isatty(STDERR_FILENO) == 1))
    let outcome = outcome(
      isInterrupted: { interruption.wasAsked },
      progress: { progress, seconds in say(line.withLock { $0.update(progress, wallSeconds: seconds) }) })
    say(line.withLock { $0.clear() })
    try outcome.deliver()
  }

  /// Runs everything; `progress` is told how far the sweep has come and how many seconds it took, from any thread.
  func outcome(
    isInterrupted: @escaping @Sendable () -> Bool = { false },
    progress: @escaping @Sendable (SweepProgress, Double) -> Void = { _, _ in }
  ) -> CommandOutcome {
    let sweep: LoadedSweep
    do throws(SpecRefusal) {
      let loaded = try SpecLoader.loadSweep(path: options.spec, overrides: options.overrides, seed: options.seed)
      guard let loaded else {
        return CommandOutcome(
          errors: [
            "\(options.spec): sweep: found nothing, expected a mapping such as {seed: 1..5}; for one run use eraft run"
          ],
          code: .unusable)
      }
      sweep = loaded
    } catch {
      return CommandOutcome(errors: error.problems.map(\.description), code: .unusable)
    }
    if let name = SweepTable.collision(in: sweep.axes) {
      return CommandOutcome(
        errors: ["\(options.spec): sweep: found the name \(name), which is a column of sweep.csv, expected another"],
        code: .unusable)
    }
    if sweep.runs.contains(where: { $0.spec.world == .local }) {
      return CommandOutcome(
        errors: [
          "\(options.spec): world: found local in a sweep, expected simulated: runs side by side would disturb each other"
        ], code: .unusable)
    }
    let directory = out ?? "runs/\(sweep.runs[0].spec.name)-sweep"
    let jobs = jobs ?? ProcessInfo.processInfo.activeProcessorCount
    let execution = SweepExecution(sweep: sweep, directory: directory, jobs: jobs)
    let began = DispatchTime.now().uptimeNanoseconds
    func wallSeconds() -> Double { Double(DispatchTime.now().uptimeNanoseconds - began) / 1e9 }
    do {
      try SweepTable.prepare(directory)
      let results = execution.run(
        isInterrupted: isInterrupted,
        progress: { progress($0, Double(DispatchTime.now().uptimeNanoseconds - began) / 1e9) })
      let rows = zip(execution.names, results).compactMap { name, result in result.row(named: name) }
      try SweepTable(axes: sweep.axes).write(rows, to: directory)
      var outcome = SweepReport(sweep: sweep, directory: directory, names: execution.names, results: results)
        .outcome(wallSeconds: wallSeconds())
      outcome.errors = sweep.warnings.map(\.description) + outcome.errors
      return outcome
    } catch {
      return CommandOutcome(errors: ["eraft: \(error)"], code: .violation)
    }
  }
}

private func say(_ text: String?) {
  if let text { FileHandle.standardError.write(Data(text.utf8)) }
}
