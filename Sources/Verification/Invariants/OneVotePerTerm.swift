import Raft

/// A node grants at most one vote in a term, restarts included.
///
/// Raft thesis, section 3.4 and figure 3.1 (`votedFor` is persistent); `VotesGrantedInv` in etcd's and CCF's
/// specifications. Within one incarnation the vote itself is watched. Across restarts only votes count that left the
/// node: one that was not durable yet may be forgotten as long as nobody heard of it (traps 1 and 2).
struct OneVotePerTerm {
  private struct Vote {
    var term: Term
    var candidate: NodeID
  }

  /// By node: the votes that left it last, the newest at the end.
  private var votes: ContiguousArray<ContiguousArray<Vote>> = []

  func check(_ node: some ObservedNode, since shadow: NodeShadow) -> InvariantViolation? {
    if shadow.term == node.term, let old = shadow.vote, node.vote != old {
      return violation(node.id, node.term, old, "changed its vote to \(node.vote.map { "\($0)" } ?? "none")")
    }
    guard node.id.slot < votes.count else { return nil }
    if let sent = votes[node.id.slot].last, sent.term == node.term, node.vote != sent.candidate {
      return violation(node.id, node.term, sent.candidate, "has \(node.vote.map { "\($0)" } ?? "none") for its vote")
    }
    return nil
  }

  /// A vote left its node, as an answer or as a candidate's request, which stands for its own vote.
  mutating func checkSent(by node: NodeID, for candidate: NodeID, in term: Term) -> InvariantViolation? {
    while votes.count <= node.slot { votes.append([]) }
    if let earlier = votes[node.slot].last(where: { $0.term == term }) {
      guard earlier.candidate != candidate else { return nil }
      return violation(node, term, earlier.candidate, "voted for \(candidate), too")
    }
    let place = votes[node.slot].firstIndex { $0.term > term } ?? votes[node.slot].count
    votes[node.slot].insert(Vote(term: term, candidate: candidate), at: place)
    if votes[node.slot].count > 16 { votes[node.slot].removeFirst(8) }
    return nil
  }

  private func violation(_ node: NodeID, _ term: Term, _ first: NodeID, _ deed: String) -> InvariantViolation {
    InvariantViolation(
      .oneVotePerTerm, nodes: [node, first], term: term, "\(node) voted for \(first) in term \(term) and \(deed)")
  }
}
