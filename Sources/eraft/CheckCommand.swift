import ArgumentParser
import Traces
import Verification

/// `eraft check RUN_DIR`: checks the files of a run against its manifest, and its history for linearizability.
struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Check a run again from its files: checksums, and whether the history is linearizable.",
    discussion: """
      Exit codes: 0 the files are whole and the history is linearizable; 1 it is not, or the run itself failed; 2 \
      nothing can be said, because files are missing, damaged or cut off, or the search was given up.
      """
  )

  @Argument(help: "The run directory.", completion: .directory)
  var directory: String

  func run() throws { try outcome().deliver() }

  func outcome() -> CommandOutcome { RunCheck(directory: directory).outcome() }
}
