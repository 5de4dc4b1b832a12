import Raft

/// A leader never overwrites or deletes entries in its log; it only appends new entries.
///
/// Raft thesis, figure 3.2 and section 3.5; `LeaderAppendOnly` in the properties of etcd's and CCF's specifications.
/// Compaction is no deletion: the snapshot stands for what it drops.
struct LeaderAppendOnly {
  func check(_ node: some ObservedNode, since shadow: NodeShadow) -> InvariantViolation? {
    guard node.role == .leader, shadow.role == .leader, shadow.term == node.term else { return nil }
    guard shadow.isPrefix(of: node) else {
      return InvariantViolation(
        .leaderAppendOnly, nodes: [node.id], index: shadow.last.index, term: node.term,
        "\(node.id) leads term \(node.term) and its log ended at \(shadow.last); now it ends at \(node.lastPosition)"
          + " and holds \(node.term(at: shadow.last.index).map { "term \($0)" } ?? "nothing") there")
    }
    guard shadow.lastDigest != 0, shadow.last.index >= node.firstIndex else { return nil }
    guard node.entry(at: shadow.last.index).payloadDigest != shadow.lastDigest else { return nil }
    return InvariantViolation(
      .leaderAppendOnly, nodes: [node.id], index: shadow.last.index, term: node.term,
      "\(node.id) leads term \(node.term) and replaced its entry \(shadow.last) by another of the same term")
  }
}
