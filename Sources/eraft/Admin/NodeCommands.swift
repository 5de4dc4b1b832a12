import ArgumentParser
import Experiment
import Raft
import Runtime
import Server
import Wire

/// `eraft admin snapshot`: a member takes a snapshot now.
struct SnapshotCommand: GroupCommand {
  static let configuration = CommandConfiguration(
    commandName: "snapshot", abstract: "Have a member take a snapshot now.")

  @OptionGroup var options: AdminOptions
  @Argument(help: "The member's number.")
  var node: UInt32

  func outcome(_ group: AdministeredGroup) async throws -> CommandOutcome {
    try await group.carryOut(.takeSnapshot, by: group.known(NodeID(node)), called: "snapshot")
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
  @OptionGroup var target: TargetOptions

  func outcome(_ group: AdministeredGroup) async throws -> CommandOutcome {
    try await group.carryOut(.retire, by: target.known(in: group), called: "dismissal")
    return CommandOutcome(output: ["node \(target.node) hands its work over"])
  }
}

/// `eraft admin notice`: a node is told that its machine is about to be taken away.
struct NoticeCommand: GroupCommand {
  static let configuration = CommandConfiguration(
    commandName: "notice", abstract: "Tell a node that its machine is about to be taken away.")

  @OptionGroup var options: AdminOptions
  @OptionGroup var target: TargetOptions
  @Option(help: "How many seconds the machine still has; the node logs it.")
  var seconds: UInt32 = 120

  func outcome(_ group: AdministeredGroup) async throws -> CommandOutcome {
    let notice = InterruptionNotice(action: .terminate, timeLeft: .seconds(Int64(seconds)))
    try await group.carryOut(.interrupt(notice), by: target.known(in: group), called: "notice")
    return CommandOutcome(output: ["node \(target.node) knows that it is to go"])
  }
}

/// `eraft admin stop`: a node ends in good order.
struct StopCommand: GroupCommand {
  static let configuration = CommandConfiguration(commandName: "stop", abstract: "Stop a node in good order.")

  @OptionGroup var options: AdminOptions
  @OptionGroup var target: TargetOptions

  func outcome(_ group: AdministeredGroup) async throws -> CommandOutcome {
    try await group.carryOut(.stop, by: target.known(in: group), called: "stop")
    return CommandOutcome(output: ["node \(target.node) stops"])
  }
}
