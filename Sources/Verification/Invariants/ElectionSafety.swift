import Raft

/// At most one leader can be elected in a given term.
///
/// Raft thesis, figure 3.2 and section 3.4; `ElectionSafety` in Ongaro's raft.tla.
struct ElectionSafety {
  private struct Reign {
    var term: Term
    var leader: NodeID
  }

  /// The leaders seen, by term; the oldest are forgotten.
  private var reigns: ContiguousArray<Reign> = []
  private static let limit = 1 << 16

  mutating func check(_ node: some ObservedNode) -> InvariantViolation? {
    guard node.role == .leader else { return nil }
    var place = reigns.count
    while place > 0, reigns[place - 1].term > node.term { place -= 1 }
    if place > 0, reigns[place - 1].term == node.term {
      let other = reigns[place - 1].leader
      guard other != node.id else { return nil }
      return InvariantViolation(
        .electionSafety, nodes: [node.id, other], term: node.term, "\(node.id) and \(other) both led term \(node.term)")
    }
    reigns.insert(Reign(term: node.term, leader: node.id), at: place)
    if reigns.count > ElectionSafety.limit { reigns.removeFirst(ElectionSafety.limit / 2) }
    return nil
  }
}
