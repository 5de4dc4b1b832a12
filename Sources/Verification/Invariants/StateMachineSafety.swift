import Raft

/// If a node has applied an entry at an index, no other node ever applies a different entry for that index.
///
/// Raft thesis, figure 3.2 and section 3.6.3; `StateMachineSafety` in Ongaro's raft.tla. Terms are compared as soon as
/// entries are committed, contents once they are applied. The first node to commit an index is the witness.
struct StateMachineSafety {
  func check(
    _ node: some ObservedNode, since shadow: NodeShadow, against committed: CommittedLog
  ) -> InvariantViolation? {
    var index = max(shadow.commit.next, node.firstIndex)
    while index <= node.commitIndex {
      if let record = committed[index], record.node != node.id, let term = node.term(at: index), term != record.term {
        return violation(node, index, record, "committed an entry of term \(term)")
      }
      index = index.next
    }
    index = max(shadow.applied.next, node.firstIndex)
    while index <= node.appliedIndex {
      if let record = committed[index] {
        let entry = node.entry(at: index)
        if entry.term != record.term { return violation(node, index, record, "applied an entry of term \(entry.term)") }
        if entry.payloadDigest != record.digest {
          return violation(node, index, record, "applied another entry of that term")
        }
      }
      index = index.next
    }
    return nil
  }

  private func violation(
    _ node: some ObservedNode, _ index: LogIndex, _ record: CommittedLog.Record, _ deed: String
  ) -> InvariantViolation {
    InvariantViolation(
      .stateMachineSafety, nodes: [node.id, record.node], index: index, term: record.term,
      "\(record.node) committed an entry of term \(record.term) at \(index) and \(node.id) \(deed) there")
  }
}
