import ArgumentParser
import Experiment
import Raft
import Runtime
import Server
import Wire

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
    guard !learner else { return CommandOutcome(output: [Render.configuration(of: status)]) }
    _ = try await group.wait("node \(node.node.rawValue) is a learner, and has not caught up") { status in
      group.hasCaughtUp(node.node, by: status)
    }
    status = try await group.change([.addVoter(node.node)])
    return CommandOutcome(output: [Render.configuration(of: status)])
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
    return CommandOutcome(output: [Render.configuration(of: status)])
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
    let voters = leader.status.configuration?.voters ?? []
    if leader.node.node == NodeID(node),
      let other = leader.status.members.first(where: {
        $0.isActive && $0.node != NodeID(node) && voters.contains($0.node)
      })
    {
      // A leader that hands over first leaves no gap.
      try await group.carryOut(.transferLeadership(to: other.node), by: leader.node, called: "transfer")
      _ = try await group.wait("leadership has not moved") { $0.node.node != NodeID(node) }
    }
    let status = try await group.change([.remove(NodeID(node))])
    return CommandOutcome(output: [Render.configuration(of: status)])
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
    try await group.carryOut(.transferLeadership(to: NodeID(node)), by: leader.node, called: "transfer")
    let status = try await group.wait("node \(node) does not lead") { $0.node.node == NodeID(node) }
    return CommandOutcome(output: ["node \(node) leads in term \(status.term.rawValue)"])
  }
}
