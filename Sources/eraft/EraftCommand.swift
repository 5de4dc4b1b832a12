import ArgumentParser

/// The command line: `eraft validate`, `eraft list` and so on.
///
/// Exit codes are one contract for all commands: 0 when all is well, 1 when a run failed or a check found a violation,
/// 2 when the command line or the input is of no use or a check could not finish.
@main
struct EraftCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "eraft",
    abstract: "A Raft testbed: runs an experiment from a spec, writes its traces, and checks them.",
    discussion: """
      Exit codes: 0 all is well; 1 a run failed or a check found a violation; 2 the command line or the input is of \
      no use, or a check could not finish.
      """,
    subcommands: [
      RunCommand.self, SweepCommand.self, FuzzCommand.self, CheckCommand.self, InspectCommand.self,
      ValidateCommand.self, ListCommand.self, NodeCommand.self, AdminCommand.self, LoadCommand.self, CertsCommand.self,
      CalibrateCommand.self,
    ]
  )

  /// Runs the command that the process was started with.
  static func main() async {
    do {
      var command = try parseAsRoot()
      if var command = command as? any AsyncParsableCommand {
        try await command.run()
      } else {
        try command.run()
      }
    } catch {
      end(of: error).deliverAndExit()
    }
  }

  /// What a process that was ended by this error prints and exits with.
  ///
  /// ArgumentParser's own code for a bad command line is 64; here it is 2.
  static func end(of error: any Error) -> CommandOutcome {
    let code = exitCode(for: error)
    let message = fullMessage(for: error)
    let lines = message.isEmpty ? [] : [message]
    if code == .success { return CommandOutcome(output: lines) }
    // A command that throws a code of its own has printed what it had to say.
    if let own = error as? ExitCode { return CommandOutcome(errors: lines, code: own) }
    return CommandOutcome(errors: lines, code: code == .validationFailure ? .unusable : code)
  }
}

extension ExitCode {
  /// A run failed, or a check found a violation.
  static let violation = ExitCode(1)
  /// The command line or the input is of no use, or a check could not finish.
  static let unusable = ExitCode(2)
}
