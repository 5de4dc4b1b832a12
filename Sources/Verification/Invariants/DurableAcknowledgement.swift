import Raft

/// What a node acknowledged is in its log after a restart.
///
/// Raft thesis, figure 3.1 (the log is updated on stable storage before responding to RPCs) and section 3.8;
/// traps 28 and 29. An acknowledgement may be outdated by a newer leader that replaces the entries: once a log was
/// seen cut, only what was committed before stays promised. A snapshot of a newer leader may even replace the log on disk
/// before the node hears of it; then the log ends with an entry of a later term than the acknowledgement's.
struct DurableAcknowledgement {
  /// What a node acknowledged and did not give up since.
  private struct Promise {
    /// Everything up to here.
    var index = LogIndex.zero
    /// To the leader of this term.
    var term = Term.zero
  }

  private var promises: ContiguousArray<Promise> = []

  mutating func check(
    _ node: some ObservedNode, since shadow: NodeShadow, isRestart: Bool
  ) -> InvariantViolation? {
    guard node.id.slot < promises.count else { return nil }
    let promise = promises[node.id.slot]
    if isRestart, node.lastPosition.index < promise.index, node.lastPosition.term <= promise.term {
      return InvariantViolation(
        .durableAcknowledgement, nodes: [node.id], index: promise.index, term: node.term,
        "\(node.id) acknowledged everything up to \(promise.index) in term \(promise.term) and its log ends at "
          + "\(node.lastPosition) after a restart")
    }
    if !isRestart, !shadow.isPrefix(of: node) { promises[node.id.slot].index = min(promise.index, shadow.commit) }
    return nil
  }

  /// A node told the leader of a term that it has everything up to an index.
  mutating func noteSent(by node: NodeID, upTo index: LogIndex, in term: Term) {
    while promises.count <= node.slot { promises.append(Promise()) }
    if index >= promises[node.slot].index { promises[node.slot] = Promise(index: index, term: term) }
  }
}
