import ArgumentParser
import Experiment
import Foundation
import Logging
import Raft
import Runtime
import ServiceLifecycle
import UnixSignals

/// `eraft node`: runs a node of a real group until it is told to stop.
struct NodeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "node",
    abstract: "Run a node of a real group: a voter, a learner, a secretary or an observer.",
    discussion: """
      The file says who the node is, where it and the others listen, and how it behaves; `eraft admin new` writes such \
      files, with all defaults. When the node listens, a line of JSON with its addresses is printed on standard \
      output; what happens to it is logged on standard error.

      The first start of a member needs --create, which sets up its directory. A directory that was lost is not set up \
      again under the same number: the member would forget what it voted for and acknowledged.

      SIGTERM and Ctrl-C stop the node in good order: a leader hands leadership over first. SIGUSR1 is the notice that \
      the machine is about to be taken away. Exit codes: 0 stopped as asked; 1 the node failed; 2 the file or the \
      directory is of no use.
      """
  )

  @Option(help: ArgumentHelp("The node's configuration.", valueName: "file"), completion: .file(extensions: ["yaml"]))
  var config: String

  @Flag(help: "Set up the member's directory if there is none: its first start.")
  var create = false

  @Option(help: "How much is logged: trace, debug, info, notice, warning, error or critical.")
  var logLevel: Logger.Level = .info

  @Flag(help: .hidden)
  var driven = false
  @Flag(help: .hidden)
  var reportApplied = false

  func run() async throws {
    let configuration: NodeConfiguration
    do {
      configuration = try NodeFile.load(path: config)
    } catch {
      try CommandOutcome(errors: error.problems.map(\.description), code: .unusable).deliver()
      return
    }
    var log = Logger(label: "eraft.n\(configuration.node.rawValue)") { StreamLogHandler.standardError(label: $0) }
    log.logLevel = logLevel
    if driven {
      await DrivenNode(configuration, creates: create, reportsApplied: reportApplied, log: log).run()
      return
    }
    let service = NodeService(configuration, creates: create, log: log) { node in
      CommandOutcome.line(Self.readyLine(configuration, node))
    }
    let group = ServiceGroup(
      configuration: .init(
        services: [.init(service: service, successTerminationBehavior: .gracefullyShutdownGroup)],
        gracefulShutdownSignals: [.sigterm, .sigint], logger: log))
    do {
      try await group.run()
    } catch let refusal as NodeRefusal {
      try CommandOutcome(errors: ["\(config): \(refusal)"], code: .unusable).deliver()
    } catch {
      try CommandOutcome(errors: ["eraft: \(error)"], code: .violation).deliver()
    }
  }

  private static func readyLine(_ configuration: NodeConfiguration, _ node: RunningNode) -> String {
    func quoted(_ address: NetworkAddress?) -> String { address.map { "\"\($0)\"" } ?? "null" }
    return "{\"ready\":true,\"node\":\(configuration.node.rawValue),\"listen\":\(quoted(node.address)),"
      + "\"clients\":\(quoted(node.clients)),\"status\":\(quoted(node.status))}"
  }
}

extension Logger.Level: @retroactive ExpressibleByArgument {}

extension CommandOutcome {
  /// Prints a line at once, while the command goes on.
  static func line(_ text: String) {
    try? FileHandle.standardOutput.write(contentsOf: Data((text + "\n").utf8))
  }
}
