import Raft

/// If an entry is committed in a given term, it is in the logs of the leaders of all higher terms.
///
/// Raft thesis, figure 3.2 and section 3.6; `LeaderCompleteness` in Ongaro's raft.tla. Only entries committed in a
/// *lower* term count: a candidate of an older term may count its last vote late and lead without what a newer leader
/// has committed meanwhile; that is legal, and harmless. One position is compared, the last one committed: log
/// matching extends it to all before it.
struct LeaderCompleteness {
  private struct Checked {
    var term: Term
    var index: LogIndex
  }

  /// By node: the position that was compared last.
  private var checked: ContiguousArray<Checked> = []

  mutating func check(_ node: some ObservedNode, against committed: CommittedLog) -> InvariantViolation? {
    guard node.role == .leader, let last = committed.last(below: node.term) else { return nil }
    while checked.count <= node.id.slot { checked.append(Checked(term: .zero, index: .zero)) }
    let known = checked[node.id.slot]
    if known.term == node.term, known.index >= last.index { return nil }
    // What the snapshot covers was committed, and is compared where it is applied.
    if last.index >= node.firstIndex, node.term(at: last.index) != last.term {
      return InvariantViolation(
        .leaderCompleteness, nodes: [node.id], index: last.index, term: node.term,
        "\(node.id) leads term \(node.term) and holds "
          + "\(node.term(at: last.index).map { "an entry of term \($0)" } ?? "nothing") at \(last.index), where one of "
          + "term \(last.term) was committed before")
    }
    checked[node.id.slot] = Checked(term: node.term, index: last.index)
    return nil
  }
}
