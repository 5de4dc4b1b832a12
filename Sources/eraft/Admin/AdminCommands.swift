import ArgumentParser
import Experiment
import Raft
import Runtime
import Server
import Wire

/// `eraft admin status`: how all nodes stand.
struct StatusCommand: GroupCommand {
  static let configuration = CommandConfiguration(
    commandName: "status", abstract: "Show how the nodes stand: who leads, and how far everybody is.")

  @OptionGroup var options: AdminOptions

  func outcome(_ group: AdministeredGroup) async throws -> CommandOutcome {
    var statuses: [(node: NodeID, status: NodeStatus?)] = []
    for known in group.nodes { statuses.append((known.node, try? await group.status(of: known))) }
    var lines = [Render.table(statuses)]
    if let leader = statuses.compactMap(\.status).first(where: { $0.part == .leader }) {
      if let configuration = leader.configuration { lines.append("configuration: \(Render.text(configuration))") }
      let fleet = leader.fleet.map { "\($0.node.rawValue) (serves \($0.serves)\($0.isRetiring ? ", leaving" : ""))" }
      if !fleet.isEmpty { lines.append("secretaries at work: \(fleet.joined(separator: ", "))") }
    }
    let answers = statuses.contains { $0.status != nil }
    return CommandOutcome(output: lines, code: answers ? .success : .unusable)
  }
}

/// `eraft admin add`: a new voter or learner.
struct AddCommand: GroupCommand {
  static let configuration = CommandConfiguration(
    commandName: "add",
    abstract: "Add a member: as a learner first, and as a voter once it has caught up.",
    discussion: """
      The node must be running, with a configuration in whose `nodes` it does not stand itself: it joins with nothing.
      """)

  @OptionGroup var options: AdminOptions
  @OptionGroup var newcomer: NewcomerOptions
  @Flag(help: "Leave it a learner.")
  var learner = false

  func outcome(_ group: AdministeredGroup) async throws -> CommandOutcome {
    let node = try newcomer.known(role: learner ? .learner : .voter, in: group)
    guard try await group.leader().status.configuration?.voters.contains(node.node) != true else {
      throw AdministrationProblem(text: "node \(node.node.rawValue) votes already")
    }
    await group.introduce(node)
    var status = try await group.change([.addLearner(node.node)])
    guard !learner else { return done(status) }
    _ = try await group.wait("node \(node.node.rawValue) is a learner, and has not caught up") { status in
      group.hasCaughtUp(node.node, by: status)
    }
    status = try await group.change([.addVoter(node.node)])
    return done(status)
  }

  private func done(_ status: NodeStatus) -> CommandOutcome {
    CommandOutcome(output: [status.configuration.map { "configuration: \(Render.text($0))" } ?? "done"])
  }
}

/// Where a node is that the configuration file does not know.
struct NewcomerOptions: ParsableArguments {
  @Argument(help: "The node's number.")
  var node: UInt32

  @Argument(help: "Where it listens for other nodes, as host:port.")
  var address: String

  @Option(help: "The site where it stands; the first one when it is not given.")
  var site: String?

  /// The node.
  func known(role: NodeRole, in group: AdministeredGroup) throws -> KnownNode {
    guard NodeID(node) <= NodeID.largest else {
      throw AdministrationProblem(
        text: "found node \(node), expected at most \(NodeID.largest.rawValue)", code: .unusable)
    }
    guard let address = NetworkAddress(address) else {
      throw AdministrationProblem(text: "found address \(address), expected host:port", code: .unusable)
    }
    let sites = group.configuration.sites
    let site = site ?? sites[0]
    guard sites.contains(site) else {
      throw AdministrationProblem(
        text: "found site \(site), expected one of \(sites.joined(separator: ", "))", code: .unusable)
    }
    var known = KnownNode()
    (known.node, known.role, known.site, known.address) = (NodeID(node), role, site, address)
    return known
  }
}

/// `eraft admin promote`: a learner becomes a voter.
struct PromoteCommand: GroupCommand {
  static let configuration = CommandConfiguration(
    commandName: "promote", abstract: "Make a learner that has caught up a voter.")

  @OptionGroup var options: AdminOptions
  @Argument(help: "The node's number.")
  var node: UInt32

  func outcome(_ group: AdministeredGroup) async throws -> CommandOutcome {
    let before = try await group.leader().status
    guard before.configuration?.learners.contains(NodeID(node)) == true else {
      throw AdministrationProblem(text: "node \(node) is no learner")
    }
    guard group.hasCaughtUp(NodeID(node), by: before) else {
      throw AdministrationProblem(text: "node \(node) has not caught up with the leader, or does not answer it")
    }
    let status = try await group.change([.addVoter(NodeID(node))])
    return CommandOutcome(output: [status.configuration.map { "configuration: \(Render.text($0))" } ?? "done"])
  }
}

/// `eraft admin remove`: a member leaves.
struct RemoveCommand: GroupCommand {
  static let configuration = CommandConfiguration(
    commandName: "remove", abstract: "Remove a member; its machine may be switched off afterwards.")

  @OptionGroup var options: AdminOptions
  @Argument(help: "The node's number.")
  var node: UInt32

  func outcome(_ group: AdministeredGroup) async throws -> CommandOutcome {
    let leader = try await group.leader()
    if leader.node.node == NodeID(node),
      let other = leader.status.configuration?.voters.first(where: { $0 != NodeID(node) })
    {
      // A leader that hands over first leaves no gap.
      _ = try await group.ask(.transferLeadership(to: other), of: leader.node)
      _ = try await group.wait("leadership has not moved") { $0.node.node != NodeID(node) }
    }
    let status = try await group.change([.remove(NodeID(node))])
    return CommandOutcome(output: [status.configuration.map { "configuration: \(Render.text($0))" } ?? "done"])
  }
}

/// `eraft admin transfer`: another voter leads.
struct TransferCommand: GroupCommand {
  static let configuration = CommandConfiguration(
    commandName: "transfer", abstract: "Hand leadership to another voter.")

  @OptionGroup var options: AdminOptions
  @Argument(help: "The voter's number.")
  var node: UInt32

  func outcome(_ group: AdministeredGroup) async throws -> CommandOutcome {
    let leader = try await group.leader()
    guard leader.node.node != NodeID(node) else { return CommandOutcome(output: ["node \(node) leads already"]) }
    guard leader.status.members.contains(where: { $0.node == NodeID(node) && $0.isActive }) else {
      throw AdministrationProblem(text: "the leader does not hear from node \(node): it stays")
    }
    let answer = try await group.ask(.transferLeadership(to: NodeID(node)), of: leader.node)
    guard case .done = answer else { throw group.refusal(answer, "transfer") }
    let status = try await group.wait("node \(node) does not lead") { $0.node.node == NodeID(node) }
    return CommandOutcome(output: ["node \(node) leads in term \(status.term.rawValue)"])
  }
}

/// `eraft admin snapshot`: a member takes a snapshot now.
struct SnapshotCommand: GroupCommand {
  static let configuration = CommandConfiguration(
    commandName: "snapshot", abstract: "Have a member take a snapshot now.")

  @OptionGroup var options: AdminOptions
  @Argument(help: "The member's number.")
  var node: UInt32

  func outcome(_ group: AdministeredGroup) async throws -> CommandOutcome {
    let answer = try await group.ask(.takeSnapshot, of: group.known(NodeID(node)))
    guard case .done = answer else { throw group.refusal(answer, "snapshot") }
    return CommandOutcome(output: ["node \(node) takes a snapshot"])
  }
}

/// `eraft admin hire`: nodes are told of a secretary or an observer.
struct HireCommand: GroupCommand {
  static let configuration = CommandConfiguration(
    commandName: "hire", abstract: "Tell the nodes where a running secretary or observer is.",
    discussion: "A node of the fleet that knows a member finds the rest by itself; this spares it the search.")

  @OptionGroup var options: AdminOptions
  @OptionGroup var newcomer: NewcomerOptions
  @Flag(help: "It is an observer, not a secretary.")
  var observer = false

  func outcome(_ group: AdministeredGroup) async throws -> CommandOutcome {
    let node = try newcomer.known(role: observer ? .observer : .secretary, in: group)
    await group.introduce(node)
    return CommandOutcome(output: ["the nodes know node \(node.node.rawValue) at \(node.address)"])
  }
}

/// `eraft admin dismiss`: a node of the fleet leaves.
struct DismissCommand: GroupCommand {
  static let configuration = CommandConfiguration(
    commandName: "dismiss", abstract: "Have a secretary or an observer hand its work over.")

  @OptionGroup var options: AdminOptions
  @Argument(help: "The node's number.")
  var node: UInt32
  @Option(help: "Where it listens for other nodes, when the configuration does not know it.")
  var address: String?

  func outcome(_ group: AdministeredGroup) async throws -> CommandOutcome {
    let answer = try await group.ask(.retire, of: group.target(node, at: address))
    guard case .done = answer else { throw group.refusal(answer, "dismissal") }
    return CommandOutcome(output: ["node \(node) hands its work over"])
  }
}

/// `eraft admin notice`: a node is told that its machine is about to be taken away.
struct NoticeCommand: GroupCommand {
  static let configuration = CommandConfiguration(
    commandName: "notice", abstract: "Tell a node that its machine is about to be taken away.")

  @OptionGroup var options: AdminOptions
  @Argument(help: "The node's number.")
  var node: UInt32
  @Option(help: "How many seconds the machine still has.")
  var seconds: UInt32 = 120
  @Option(help: "Where it listens for other nodes, when the configuration does not know it.")
  var address: String?

  func outcome(_ group: AdministeredGroup) async throws -> CommandOutcome {
    let notice = InterruptionNotice(action: .terminate, timeLeft: .seconds(Int64(seconds)))
    let answer = try await group.ask(.interrupt(notice), of: group.target(node, at: address))
    guard case .done = answer else { throw group.refusal(answer, "notice") }
    return CommandOutcome(output: ["node \(node) knows that it is to go"])
  }
}

/// `eraft admin stop`: a node ends in good order.
struct StopCommand: GroupCommand {
  static let configuration = CommandConfiguration(commandName: "stop", abstract: "Stop a node in good order.")

  @OptionGroup var options: AdminOptions
  @Argument(help: "The node's number.")
  var node: UInt32
  @Option(help: "Where it listens for other nodes, when the configuration does not know it.")
  var address: String?

  func outcome(_ group: AdministeredGroup) async throws -> CommandOutcome {
    let answer = try await group.ask(.stop, of: group.target(node, at: address))
    guard case .done = answer else { throw group.refusal(answer, "stop") }
    return CommandOutcome(output: ["node \(node) stops"])
  }
}

extension AdministeredGroup {
  /// A node of the file, or one that only its address is known of.
  func target(_ node: UInt32, at address: String?) throws -> KnownNode {
    guard let address else { return try known(NodeID(node)) }
    guard let found = NetworkAddress(address) else {
      throw AdministrationProblem(text: "found address \(address), expected host:port", code: .unusable)
    }
    var known = KnownNode()
    (known.node, known.address) = (NodeID(node), found)
    return known
  }
}
