import Raft

/// A leader advances its commit index to entries of its own term only, and only to what a majority of the voters holds
/// on disk.
///
/// Raft thesis, section 3.6.2 and figure 3.1 (rules for leaders), and section 3.8; trap 16. Both halves of a joint
/// configuration are asked. What follows from a breach (a committed entry that is lost) needs a rare schedule to show;
/// this shows at once.
struct CommitRule {
  /// What the checker's owner knows of the step that is checked.
  struct Step {
    /// The configurations in force at the node during the step, in any order.
    var configurations: [Configuration]
    /// Whether a node's disk holds the entry at a position, in its log or covered by its snapshot.
    var isDurable: (NodeID, LogPosition) -> Bool
  }

  func check(_ node: some ObservedNode, since shadow: NodeShadow, _ step: Step?) -> InvariantViolation? {
    guard node.role == .leader, shadow.role == .leader, shadow.term == node.term, node.commitIndex > shadow.commit,
      let term = node.term(at: node.commitIndex)
    else { return nil }
    let position = LogPosition(index: node.commitIndex, term: term)
    if term != node.term {
      return InvariantViolation(
        .commitRule, nodes: [node.id], index: position.index, term: node.term,
        "\(node.id) leads term \(node.term) and counted the entry \(position) as committed")
    }
    guard let step, !step.configurations.contains(where: { isOnQuorum(position, $0, step.isDurable) }) else {
      return nil
    }
    return InvariantViolation(
      .commitRule, nodes: [node.id], index: position.index, term: node.term,
      "\(node.id) committed \(position), which is not on the disks of a majority of the voters")
  }

  private func isOnQuorum(
    _ position: LogPosition, _ configuration: Configuration, _ isDurable: (NodeID, LogPosition) -> Bool
  ) -> Bool {
    func isOnMajority(_ voters: [NodeID]) -> Bool {
      voters.isEmpty || voters.count { isDurable($0, position) } > voters.count / 2
    }
    return isOnMajority(configuration.voters) && isOnMajority(configuration.outgoing)
  }
}
