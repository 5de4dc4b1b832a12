import Raft

/// A secretary carries a follower's rejection as the follower said it, or not at all.
///
/// Elastic protocol, rules R3 and R4. A leader goes back in a follower's log on such words. The newest rejections of each
/// follower are remembered; older ones are not judged.
struct SaidRejections {
  private static let limit = 256

  private struct Said {
    var rejections: ContiguousArray<AppendRejected> = []
    /// The newest term of a rejection that was forgotten, and the highest round of that term.
    var forgotten: (term: Term, round: Round)?

    func mayHaveForgotten(_ rejected: AppendRejected) -> Bool {
      guard let forgotten else { return false }
      return (rejected.term, rejected.round) <= forgotten
    }
  }

  /// By slot.
  private var said: ContiguousArray<Said> = []

  /// A node rejected an append.
  mutating func note(_ node: NodeID, _ rejected: AppendRejected) {
    while said.count <= node.slot { said.append(Said()) }
    if said[node.slot].rejections.count >= 2 * SaidRejections.limit {
      for old in said[node.slot].rejections.prefix(SaidRejections.limit) {
        if !said[node.slot].mayHaveForgotten(old) { said[node.slot].forgotten = (old.term, old.round) }
      }
      said[node.slot].rejections.removeFirst(SaidRejections.limit)
    }
    said[node.slot].rejections.append(rejected)
  }

  /// What a secretary carries.
  func check(_ rejected: AppendRejected, of follower: NodeID, by secretary: NodeID) -> InvariantViolation? {
    if follower.slot < said.count {
      let known = said[follower.slot]
      if known.rejections.reversed().contains(rejected) || known.mayHaveForgotten(rejected) { return nil }
    }
    return InvariantViolation(
      .relayHonesty, nodes: [secretary, follower], index: rejected.previous, term: rejected.term,
      "\(secretary) says that \(follower) rejected what follows \(rejected.previous) in round \(rejected.round) of term "
        + "\(rejected.term) and hinted at \(rejected.hint), which it did not")
  }
}
