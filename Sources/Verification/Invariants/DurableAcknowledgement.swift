import Raft

/// What a node acknowledged is in its log after a restart.
///
/// Raft thesis, figure 3.1 (the log is updated on stable storage before responding to RPCs) and section 3.8;
/// traps 28 and 29. An acknowledgement may be outdated by a newer leader that replaces the entries: once a log was
/// seen cut, only what was committed before stays promised.
struct DurableAcknowledgement {
  /// By node: the last index it acknowledged and did not give up since.
  private var promised: ContiguousArray<LogIndex> = []

  mutating func check(
    _ node: some ObservedNode, since shadow: NodeShadow, isRestart: Bool
  ) -> InvariantViolation? {
    guard node.id.slot < promised.count else { return nil }
    let index = promised[node.id.slot]
    if isRestart, node.lastPosition.index < index {
      return InvariantViolation(
        .durableAcknowledgement, nodes: [node.id], index: index, term: node.term,
        "\(node.id) acknowledged everything up to \(index) and its log ends at \(node.lastPosition) after a restart")
    }
    if !isRestart, !shadow.isPrefix(of: node) { promised[node.id.slot] = min(index, shadow.commit) }
    return nil
  }

  /// A node told a leader that it has everything up to an index.
  mutating func noteSent(by node: NodeID, upTo index: LogIndex) {
    while promised.count <= node.slot { promised.append(.zero) }
    promised[node.slot] = max(promised[node.slot], index)
  }
}
