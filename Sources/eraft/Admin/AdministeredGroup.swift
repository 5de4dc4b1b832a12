import Experiment
import Raft
import Runtime
import Server
import Wire

/// A real group as its administrator knows it: the nodes of a configuration file, and how to ask them.
struct AdministeredGroup {
  /// The file.
  let configuration: NodeConfiguration
  private let administrator: Administrator

  /// How long a change may take to be in force.
  static let patience = TimeSpan.seconds(30)

  init(_ configuration: NodeConfiguration) throws {
    self.configuration = configuration
    administrator = try Administrator(
      of: configuration.cluster, tls: configuration.tls.map(AdministeredGroup.administrators))
  }

  /// The administrator's files, which `eraft certs` writes beside those of the node.
  private static func administrators(_ node: TLSFiles) -> TLSFiles {
    func beside(_ path: String, _ name: String) -> String {
      let folder = path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
      return folder.isEmpty && !path.hasPrefix("/") ? name : "\(folder)/\(name)"
    }
    var files = node
    files.certificate = beside(node.certificate, "admin.pem")
    files.key = beside(node.key, "admin.key")
    return files
  }

  /// All nodes that the file knows, this one's included.
  var nodes: [KnownNode] {
    var found = configuration.nodes
    if !found.contains(where: { $0.node == configuration.node }) {
      var own = KnownNode()
      (own.node, own.role, own.site) = (configuration.node, configuration.role, configuration.site)
      (own.address, own.clients) = (configuration.listen, configuration.clients)
      found.append(own)
    }
    return found.sorted { $0.node < $1.node }
  }

  /// A node of the file.
  func known(_ node: NodeID) throws -> KnownNode {
    guard let known = nodes.first(where: { $0.node == node }) else {
      let names = nodes.map { "\($0.node.rawValue)" }.joined(separator: ", ")
      throw AdministrationProblem(text: "found node \(node.rawValue), expected one of \(names)", code: .unusable)
    }
    return known
  }

  /// Asks a node.
  func ask(_ order: AdminOrder, of node: KnownNode) async throws -> AdminAnswer {
    try await administrator.ask(order, of: node.address)
  }

  /// Has a node carry an order out; `what` names it when it is refused.
  func carryOut(_ order: AdminOrder, by node: KnownNode, called what: String) async throws {
    let answer = try await ask(order, of: node)
    guard case .done = answer else { throw refusal(answer, what) }
  }

  /// How a node stands.
  func status(of node: KnownNode) async throws -> NodeStatus {
    let answer = try await ask(.status, of: node)
    guard case .status(let status) = answer else { throw refusal(answer, "status") }
    return status
  }

  /// The node that leads, and how it stands.
  func leader() async throws -> (node: KnownNode, status: NodeStatus) {
    var hint: NodeID?
    for known in nodes where known.role.isMember {
      guard let status = try? await status(of: known) else { continue }
      if status.part == .leader { return (known, status) }
      hint = hint ?? status.leader
    }
    if let hint, let known = try? known(hint), let status = try? await status(of: known), status.part == .leader {
      return (known, status)
    }
    throw AdministrationProblem(text: "no node that answers leads the group")
  }

  /// Has the leader change the configuration, and waits until the change is in force there.
  func change(_ steps: [ConfigurationChange.Step]) async throws -> NodeStatus {
    let leader = try await leader()
    let answer = try await ask(.change(ConfigurationChange(steps)), of: leader.node)
    guard case .proposed(let position) = answer else { throw refusal(answer, "change of the configuration") }
    return try await wait("the change at index \(position.index.rawValue) is not in force") { status in
      status.appliedIndex >= position.index && status.configuration?.isJoint == false
    }
  }

  /// Whether a leader has heard from a member, which then has acknowledged almost all of its log.
  func hasCaughtUp(_ node: NodeID, by status: NodeStatus) -> Bool {
    let lag = UInt64(configuration.group.raft.promotionLag)
    return status.members.contains { member in
      // A short log is less than the lag: what counts is that the member answered at all.
      member.node == node && member.isActive && member.match > .zero
        && member.match.rawValue + lag >= status.lastIndex.rawValue
    }
  }

  /// Waits until the leader's status is as wished.
  func wait(_ otherwise: String, until isDone: (NodeStatus) -> Bool) async throws -> NodeStatus {
    let steps = AdministeredGroup.patience.nanoseconds / 100_000_000
    for _ in 0..<steps {
      if let leader = try? await leader(), isDone(leader.status) { return leader.status }
      try await Task.sleep(for: .milliseconds(100))
    }
    throw AdministrationProblem(text: "\(otherwise) after \(AdministeredGroup.patience)")
  }

  /// Tells every node of the file that answers how to reach a node; they tell the others.
  func introduce(_ newcomer: KnownNode) async {
    let address = PeerAddress(
      node: NodeIntroduction(
        node: newcomer.node, incarnation: 0, role: newcomer.role,
        locality: Locality(UInt16(clamping: configuration.sites.firstIndex(of: newcomer.site) ?? 0)),
        site: newcomer.site),
      host: newcomer.address.host, port: newcomer.address.port)
    for known in nodes where known.node != newcomer.node {
      _ = try? await ask(.introduce([address]), of: known)
    }
  }

  /// What is said of an answer that is not the one that was hoped for.
  private func refusal(_ answer: AdminAnswer, _ what: String) -> AdministrationProblem {
    switch answer {
    case .refused(let refusal): AdministrationProblem(text: "the \(what) was refused: \(Render.text(refusal))")
    case .done, .status, .proposed: AdministrationProblem(text: "the \(what) was answered with something else")
    }
  }
}
