import ArgumentParser
import Experiment

/// `eraft validate SPEC`: says what a run of the spec would do, without running it.
struct ValidateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "validate",
    abstract: "Explain what a spec would do: nodes, round trips, timeline, and the spec with all defaults filled in.",
    discussion: "Everything that is wrong goes to standard error, a line each, and the exit code is 2."
  )

  @OptionGroup var options: SpecOptions

  func run() throws { try outcome().deliver() }

  func outcome() -> CommandOutcome {
    do throws(SpecRefusal) {
      let sweep = try SpecLoader.loadSweep(path: options.spec, overrides: options.overrides, seed: options.seed)
      if let sweep { return describe(sweep) }
      let loaded = try options.load()
      return CommandOutcome(
        output: [Render.trimmed(loaded.spec.effectiveDescription)], errors: loaded.warnings.map(\.description))
    } catch {
      return CommandOutcome(errors: error.problems.map(\.description), code: .unusable)
    }
  }

  /// The runs of a sweep, and the first one as an example.
  private func describe(_ sweep: LoadedSweep) -> CommandOutcome {
    var lines = ["\(sweep.runs[0].spec.name): a sweep of \(sweep.runs.count) runs, for eraft sweep"]
    lines += sweep.runs.map { "  \($0.number)  \(sweep.describe($0.choices))" }
    lines += ["", "run 1", "", sweep.runs[0].spec.effectiveDescription]
    return CommandOutcome(
      output: [Render.trimmed(lines.joined(separator: "\n"))], errors: sweep.warnings.map(\.description))
  }
}
