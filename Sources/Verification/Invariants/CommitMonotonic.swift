import Raft

/// While a node runs, its commit index and its applied index never fall, and applied <= commit <= end of the log.
///
/// Raft thesis, figure 3.1 (`commitIndex` and `lastApplied` increase monotonically); `CommittedLogIncreasing` in etcd's
/// and CCF's specifications. A restart may lower both: neither need be durable.
struct CommitMonotonic {
  func check(_ node: some ObservedNode, since shadow: NodeShadow) -> InvariantViolation? {
    if node.commitIndex < shadow.commit {
      return violation(node, node.commitIndex, "the commit index fell from \(shadow.commit) to \(node.commitIndex)")
    }
    if node.appliedIndex < shadow.applied {
      return violation(node, node.appliedIndex, "the applied index fell from \(shadow.applied) to \(node.appliedIndex)")
    }
    if node.appliedIndex > node.commitIndex {
      return violation(
        node, node.appliedIndex, "applied \(node.appliedIndex), beyond its commit index \(node.commitIndex)")
    }
    if node.commitIndex > node.lastPosition.index {
      return violation(
        node, node.commitIndex, "the commit index \(node.commitIndex) is beyond the end \(node.lastPosition) of the log"
      )
    }
    return nil
  }

  private func violation(
    _ node: some ObservedNode, _ index: LogIndex, _ text: String
  ) -> InvariantViolation {
    InvariantViolation(.commitMonotonic, nodes: [node.id], index: index, term: node.term, "\(node.id): \(text)")
  }
}
