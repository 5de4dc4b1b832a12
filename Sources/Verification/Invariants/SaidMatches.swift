import Raft

/// A leader counts for a follower only what that follower said to a leader of the same term.
///
/// Elastic protocol, rules R3, R4 and L1: nobody acknowledges for anybody else, whatever way the words took.
struct SaidMatches {
  private struct Said {
    var term: Term
    var match: LogIndex
  }

  /// By slot: the highest match said in each of the last few terms.
  private var said: ContiguousArray<ContiguousArray<Said>> = []

  /// A node acknowledged everything up to an index.
  mutating func note(_ node: NodeID, _ match: LogIndex, in term: Term) {
    while said.count <= node.slot { said.append([]) }
    if let place = said[node.slot].firstIndex(where: { $0.term == term }) {
      said[node.slot][place].match = max(said[node.slot][place].match, match)
    } else {
      said[node.slot].append(Said(term: term, match: match))
      if said[node.slot].count > 16 { said[node.slot].removeFirst() }
    }
  }

  private func highest(of node: NodeID, in term: Term) -> LogIndex {
    guard node.slot < said.count else { return .zero }
    return said[node.slot].first { $0.term == term }?.match ?? .zero
  }

  /// What a leader counts.
  func check(_ node: UnsafePointer<RaftNode>) -> InvariantViolation? {
    guard node.pointee.role == .leader else { return nil }
    let (leader, term) = (node.pointee.id, node.pointee.term)
    for member in node.pointee.configuration.members where member != leader {
      let counted = node.pointee.matchIndex(of: member)
      let said = highest(of: member, in: term)
      guard counted > said else { continue }
      return InvariantViolation(
        .countedAcknowledgement, nodes: [leader, member], index: counted, term: term,
        "\(leader) counts everything up to \(counted) for \(member), which said no more than \(said) in term \(term)")
    }
    return nil
  }

  /// What a secretary carries.
  func check(_ accepted: AppendAccepted, of follower: NodeID, by secretary: NodeID) -> InvariantViolation? {
    let said = highest(of: follower, in: accepted.term)
    guard accepted.match > said else { return nil }
    return InvariantViolation(
      .relayHonesty, nodes: [secretary, follower], index: accepted.match, term: accepted.term,
      "\(secretary) says that \(follower) acknowledged \(accepted.match) in term \(accepted.term), which it did not")
  }
}
