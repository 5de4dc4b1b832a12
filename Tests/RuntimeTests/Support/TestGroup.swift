import Experiment
import Foundation
import Logging
import NIOCore
import Raft
import Server
import Synchronization
import Wire

@testable import Runtime

/// A group of real nodes in this process: real sockets on loopback, real files in a directory of its own.
final class TestGroup {
  let directory: String
  let cluster = ClusterID(high: .random(in: .min ... .max), low: .random(in: .min ... .max))
  private(set) var nodes: [NodeID: RunningNode] = [:]
  private var configurations: [NodeID: NodeConfiguration] = [:]
  private var known: [KnownNode] = []

  /// What tests change about a node before it starts.
  typealias Adjustment = (inout NodeConfiguration) -> Void

  init() {
    directory = NSTemporaryDirectory() + "eraft-runtime-\(UUID().uuidString)"
    try! FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: directory) }

  /// Starts a new group of voters, numbered from 1.
  static func voters(_ count: Int, _ adjust: Adjustment = { _ in }) async throws -> TestGroup {
    let group = TestGroup()
    group.known = try (1...count).map { try group.place(NodeID(UInt32($0)), .voter) }
    for node in group.known { try await group.start(node.node, .voter, creates: true, adjust) }
    return group
  }

  /// An address with a port that was free a moment ago.
  private func place(_ node: NodeID, _ role: NodeRole) throws -> KnownNode {
    var known = KnownNode()
    (known.node, known.role) = (node, role)
    known.address = NetworkAddress(host: "127.0.0.1", port: try FreePort.next())
    known.clients = NetworkAddress(host: "127.0.0.1", port: try FreePort.next())
    return known
  }

  /// Starts a node: one of the first voters, or a newcomer.
  @discardableResult
  func start(
    _ node: NodeID, _ role: NodeRole, creates: Bool = false, _ adjust: Adjustment = { _ in }
  ) async throws -> RunningNode {
    var configuration: NodeConfiguration
    if let before = configurations[node] {
      configuration = before
    } else {
      let own = try known.first { $0.node == node } ?? place(node, role)
      configuration = NodeConfiguration()
      (configuration.cluster, configuration.node, configuration.role) = (cluster, node, role)
      (configuration.listen, configuration.clients) = (own.address, own.clients)
      configuration.status = NetworkAddress(host: "127.0.0.1", port: 0)
      configuration.nodes = known
      if role.isMember { configuration.data = "\(directory)/n\(node.rawValue)" }
      configuration.group.raft.heartbeatInterval = .milliseconds(30)
      configuration.group.raft.electionTimeout = .milliseconds(200)...(.milliseconds(400))
      configuration.group.relay.timeout = .milliseconds(90)
      adjust(&configuration)
      configurations[node] = configuration
    }
    let log = Logger(label: "n\(node.rawValue)") { label in
      let isWanted = ProcessInfo.processInfo.environment["ERAFT_TEST_LOG"] != nil
      return isWanted ? StreamLogHandler.standardError(label: label) as any LogHandler : SwiftLogNoOpLogHandler()
    }
    let running = try await RunningNode.start(configuration, creates: creates, log: log)
    nodes[node] = running
    return running
  }

  /// Stops a node in good order.
  func stop(_ node: NodeID) async {
    await nodes.removeValue(forKey: node)?.stop()
  }

  /// Ends a node without a word to anybody, as SIGKILL does.
  func stopAtOnce(_ node: NodeID) async {
    guard let running = nodes.removeValue(forKey: node) else { return }
    try? await running.host.loop.submit { running.host.closeEverything() }.get()
    await running.stop()
  }

  /// Removes a stopped member's directory.
  func removeData(of node: NodeID) throws {
    try FileManager.default.removeItem(atPath: "\(directory)/n\(node.rawValue)")
  }

  /// Stops all nodes.
  func stopAll() async {
    for node in nodes.keys.sorted() { await stop(node) }
  }

  /// Where a node's clients connect.
  func clients(of node: NodeID) -> NetworkAddress { nodes[node]!.clients! }

  /// A node's status.
  func status(of node: NodeID) async throws -> NodeStatus {
    let administrator = try Administrator(of: cluster, tls: configurations[node]!.tls)
    guard case .status(let status) = try await administrator.ask(.status, of: nodes[node]!.address) else {
      throw TestProblem("no status")
    }
    return status
  }

  /// What a node says of itself without being asked over the network.
  func ownStatus(of node: NodeID) async throws -> NodeStatus {
    let host = nodes[node]!.host
    return try await host.loop.submit { host.status }.get()
  }

  /// Asks a node to carry out an order.
  func ask(_ order: AdminOrder, of node: NodeID) async throws -> AdminAnswer {
    try await Administrator(of: cluster, tls: configurations[node]!.tls).ask(order, of: nodes[node]!.address)
  }

  /// The node that leads, once one does.
  func leader() async throws -> NodeID {
    var found: NodeID?
    try await eventually("nobody leads") {
      for node in self.nodes.keys.sorted() {
        if let status = try? await self.status(of: node), status.part == .leader { found = node }
      }
      return found != nil
    }
    return found!
  }

  /// How a node and the others see it for `PeerAddress`.
  func address(of node: NodeID, _ role: NodeRole) -> PeerAddress {
    PeerAddress(
      node: NodeIntroduction(node: node, incarnation: 0, role: role, locality: Locality(0), site: "local"),
      host: "127.0.0.1", port: nodes[node]!.address.port)
  }
}

/// What goes wrong in a test's own machinery.
struct TestProblem: Error, CustomStringConvertible {
  var description: String
  init(_ text: String) { description = text }
}

/// Waits until something holds; throws when it does not within a bound that is generous for a busy machine.
func eventually(
  _ otherwise: String, within: Duration = .seconds(30), _ holds: () async throws -> Bool
) async throws {
  let clock = ContinuousClock()
  let end = clock.now + within
  while true {
    if try await holds() { return }
    guard clock.now < end else { throw TestProblem(otherwise) }
    try await Task.sleep(for: .milliseconds(20))
  }
}

/// Ports that nobody listens on, each given out once: below those that the system gives to connections, of which one might
/// be taken before a node listens on it.
enum FreePort {
  private static let ports = 3_000..<12_000
  private static let cursor = Mutex(UInt16.random(in: 3_000..<12_000))

  static func next() throws -> UInt16 {
    for _ in ports {
      let port = cursor.withLock { port in
        defer { port = port + 1 < ports.upperBound ? port + 1 : UInt16(ports.lowerBound) }
        return port
      }
      if isFree(port) { return port }
    }
    throw TestProblem("no port")
  }

  private static func isFree(_ port: UInt16) -> Bool {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    return withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
      }
    }
  }
}
