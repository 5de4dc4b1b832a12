import ArgumentParser
import Experiment
import Raft
import Runtime
import Wire

/// `eraft admin`: shows how the nodes of a real group stand, and changes who is in it.
struct AdminCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "admin",
    abstract: "Show how the nodes of a real group stand, and change who is in it.",
    discussion: """
      --config names the configuration of any node of the group: from it come the cluster and the nodes; with TLS, \
      admin.pem and admin.key are looked for beside the node's certificate and key. Exit codes: 0 done; 1 refused or not done in time; 2 the command line or the file is of no use, or \
      no node answers.
      """,
    subcommands: [
      NewGroupCommand.self, StatusCommand.self, AddCommand.self, PromoteCommand.self, RemoveCommand.self,
      TransferCommand.self,
      SnapshotCommand.self, HireCommand.self, DismissCommand.self, NoticeCommand.self, StopCommand.self,
    ],
    defaultSubcommand: StatusCommand.self
  )
}

/// What all commands of `eraft admin` share.
struct AdminOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("The configuration of any node of the group.", valueName: "file"),
    completion: .file(extensions: ["yaml"]))
  var config: String

  /// The group that the file describes.
  func group() throws -> AdministeredGroup {
    do {
      return try AdministeredGroup(NodeFile.load(path: config))
    } catch let refusal as SpecRefusal {
      try CommandOutcome(errors: refusal.problems.map(\.description), code: .unusable).deliver()
    } catch {
      try CommandOutcome(errors: ["\(config): \(error)"], code: .unusable).deliver()
    }
    throw ExitCode.unusable
  }
}

/// Runs a command of `eraft admin` and prints what it came to.
protocol GroupCommand: AsyncParsableCommand {
  var options: AdminOptions { get }
  func outcome(_ group: AdministeredGroup) async throws -> CommandOutcome
}

extension GroupCommand {
  func run() async throws {
    let group = try options.group()
    do {
      try await outcome(group).deliver()
    } catch let error as AdministrationError {
      try CommandOutcome(errors: ["eraft: \(error)"], code: .unusable).deliver()
    } catch let problem as AdministrationProblem {
      try CommandOutcome(errors: ["eraft: \(problem.text)"], code: problem.code).deliver()
    }
  }
}

/// Why an order of an administrator was not carried out.
struct AdministrationProblem: Error {
  /// What went wrong, in a sentence.
  var text: String
  /// What the process exits with.
  var code = ExitCode.violation
}
