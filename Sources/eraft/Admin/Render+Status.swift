import Raft
import Runtime
import Wire

extension Render {
  /// How nodes stand, as a table.
  static func table(_ statuses: [(node: NodeID, status: NodeStatus?)]) -> String {
    var table = TextTable([
      .right("node"), .left("role"), .left("part"), .left("site"), .right("term"), .right("leader"), .right("last"),
      .right("commit"), .right("applied"), .right("snapshot"),
    ])
    for (node, status) in statuses {
      guard let status else {
        table.add(["\(node.rawValue)", "", "does not answer"])
        continue
      }
      table.add([
        "\(node.rawValue)", "\(status.node.role)", part(of: status), status.node.site, "\(status.term.rawValue)",
        status.leader.map { "\($0.rawValue)" } ?? "none", "\(status.lastIndex.rawValue)",
        "\(status.commitIndex.rawValue)", "\(status.appliedIndex.rawValue)", "\(status.snapshotIndex.rawValue)",
      ])
    }
    return table.text
  }

  private static func part(of status: NodeStatus) -> String {
    if let fault = status.fault { return "stopped: \(fault)" }
    return status.isRetiring ? "\(status.part.word), leaving" : status.part.word
  }

  /// The configuration that a leader's status has, as commands that change it print it.
  static func configuration(of status: NodeStatus) -> String {
    status.configuration.map { "configuration: \(text($0))" } ?? "done"
  }

  /// A configuration in words.
  static func text(_ configuration: Configuration) -> String {
    func list(_ nodes: [NodeID]) -> String { nodes.map { "\($0.rawValue)" }.joined(separator: " ") }
    var text = "voters \(list(configuration.voters))"
    if configuration.isJoint { text += ", outgoing voters \(list(configuration.outgoing))" }
    if !configuration.learners.isEmpty { text += ", learners \(list(configuration.learners))" }
    return text
  }

  /// A refusal in words.
  static func text(_ refusal: AdminRefusal) -> String {
    switch refusal {
    case .configuration(let refusal): "\(refusal)"
    case .transfer(let refusal): "\(refusal)"
    case .notInRole(let role): "a \(role) knows no such order"
    case .noSuchGroup(let group): "the node has no group \(group)"
    case .busy: "the node is busy with it already"
    case .notAllowed(let why): why
    }
  }
}
