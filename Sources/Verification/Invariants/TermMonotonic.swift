import Raft

/// A node's term never falls while it runs, and after a restart it is no lower than any term it promised something in.
///
/// Raft thesis, figure 3.1 (`currentTerm` is persistent and increases monotonically) and section 3.8;
/// `MonotonicTerm` in etcd's and CCF's specifications.
struct TermMonotonic {
  func check(
    _ node: some ObservedNode, since shadow: NodeShadow, promised: Term
  ) -> InvariantViolation? {
    if node.term < shadow.term { return violation(node, "its term fell from \(shadow.term) to \(node.term)") }
    if node.term < promised {
      return violation(node, "it promised something in term \(promised) and is in term \(node.term) after a restart")
    }
    return nil
  }

  private func violation(_ node: some ObservedNode, _ text: String) -> InvariantViolation {
    InvariantViolation(.termMonotonic, nodes: [node.id], term: node.term, "\(node.id): \(text)")
  }
}
