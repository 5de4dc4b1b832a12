import ArgumentParser
import Experiment
import Foundation
import Raft
import Wire

/// `eraft admin new`: configuration files for a group on this machine.
struct NewGroupCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "new",
    abstract: "Write the configuration files of a new group on this machine.",
    discussion: """
      Writes node-<n>.yaml for each node, with a new cluster name. Node n listens on port base + 10 n for other nodes, on \
      the next one for clients and on the one after that for its status page, all on 127.0.0.1. Members stand at the sites \
      in turns. Nothing that is there is overwritten.
      """
  )

  @Argument(help: ArgumentHelp("Where the files go.", valueName: "dir"), completion: .directory)
  var directory: String

  @Option(help: "How many voters the group begins with.")
  var voters = 3
  @Option(help: "How many learners.")
  var learners = 0
  @Option(help: "How many secretaries.")
  var secretaries = 0
  @Option(help: "How many observers.")
  var observers = 0
  @Option(help: "How many further nodes get a file, to be added later.")
  var spares = 0
  @Option(help: "The sites, separated by commas.")
  var sites = "local"
  @Option(help: "The first port.")
  var basePort: UInt16 = 7_100
  @Option(help: "The time between heartbeats in milliseconds; election timeouts are 7 to 14 times as long.")
  var heartbeat: Int64 = 100
  @Option(help: "A member takes a snapshot whenever it has applied this many entries.")
  var snapshotEvery = 100_000

  func run() throws { try outcome().deliver() }

  func outcome() -> CommandOutcome {
    let names = sites.split(separator: ",").map(String.init)
    let members = voters + learners
    let count = members + secretaries + observers + spares
    guard voters >= 1, learners >= 0, secretaries >= 0, observers >= 0, spares >= 0, !names.isEmpty, heartbeat >= 1,
      snapshotEvery >= 1, Int(basePort) + 10 * count + 2 <= 65_535
    else {
      return CommandOutcome(
        errors: ["expected at least one voter and one site, and ports up to 65535 for \(count) nodes"], code: .unusable)
    }
    var roles = [NodeRole](repeating: .voter, count: voters) + [NodeRole](repeating: .learner, count: learners)
    roles += [NodeRole](repeating: .secretary, count: secretaries) + [NodeRole](repeating: .observer, count: observers)
    roles += [NodeRole](repeating: .voter, count: spares)
    var generator = SystemRandomNumberGenerator()
    let cluster = ClusterID(high: generator.next(), low: generator.next())
    let nodes = roles.enumerated().map { place, role in known(place + 1, role, at: names[place % names.count]) }
    do {
      try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
      for node in nodes { try write(file(for: node, among: Array(nodes.prefix(members)), cluster, names), node) }
    } catch let problem as AdministrationProblem {
      return CommandOutcome(errors: [problem.text], code: .unusable)
    } catch {
      return CommandOutcome(errors: ["\(directory): \(error.localizedDescription)"], code: .unusable)
    }
    return CommandOutcome(output: nodes.map { "node \($0.node.rawValue)  \($0.role) at \($0.site)  \($0.address)" })
  }

  private func known(_ number: Int, _ role: NodeRole, at site: String) -> KnownNode {
    var node = KnownNode()
    (node.node, node.role, node.site) = (NodeID(UInt32(number)), role, site)
    let port = basePort + UInt16(10 * number)
    node.address = NetworkAddress(host: "127.0.0.1", port: port)
    node.clients = role == .secretary ? nil : NetworkAddress(host: "127.0.0.1", port: port + 1)
    return node
  }

  private func file(
    for node: KnownNode, among members: [KnownNode], _ cluster: ClusterID, _ sites: [String]
  ) -> NodeConfiguration {
    var configuration = NodeConfiguration()
    configuration.cluster = cluster
    (configuration.node, configuration.role, configuration.site) = (node.node, node.role, node.site)
    configuration.sites = sites
    (configuration.listen, configuration.clients) = (node.address, node.clients)
    configuration.status = NetworkAddress(host: "127.0.0.1", port: node.address.port + 2)
    if node.role == .voter || node.role == .learner { configuration.data = "data-\(node.node.rawValue)" }
    configuration.nodes = members
    configuration.group.raft.heartbeatInterval = .milliseconds(heartbeat)
    configuration.group.raft.electionTimeout = .milliseconds(7 * heartbeat)...(.milliseconds(14 * heartbeat))
    configuration.group.relay.timeout = .milliseconds(3 * heartbeat)
    // Less than a round trip on loopback: one client's reads, one after the other, never wait for it.
    configuration.group.raft.readBatchInterval = .microseconds(50)
    configuration.group.snapshotEvery = snapshotEvery
    return configuration
  }

  private func write(_ configuration: NodeConfiguration, _ node: KnownNode) throws {
    let path = "\(directory)/node-\(node.node.rawValue).yaml"
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw AdministrationProblem(text: "\(path) is there already, or cannot be made") }
    let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    try file.write(contentsOf: Data(NodeFile.yaml(configuration).utf8))
  }
}
