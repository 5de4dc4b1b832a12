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
      lines.append(Render.configuration(of: leader))
      let fleet = leader.fleet.map { "\($0.node.rawValue) (serves \($0.serves)\($0.isRetiring ? ", leaving" : ""))" }
      if !fleet.isEmpty { lines.append("secretaries at work: \(fleet.joined(separator: ", "))") }
    }
    let answers = statuses.contains { $0.status != nil }
    return CommandOutcome(output: lines, code: answers ? .success : .unusable)
  }
}
