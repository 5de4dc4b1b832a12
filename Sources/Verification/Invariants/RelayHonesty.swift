import Raft

/// A secretary says nothing of its own: what it sends to a follower is a cut of a batch that the leader handed over, with
/// the leader's term, round and commit index.
///
/// Elastic protocol, rules R1 to R5. The newest batches are remembered; cuts of older ones are not judged.
struct RelayHonesty {
  private struct Batch {
    var leader: NodeID
    var append: AppendEntries
  }

  private static let limit = 4_096
  private var batches: ContiguousArray<Batch> = []
  private var forgotten = false

  /// A leader handed a batch to a secretary.
  mutating func note(_ append: AppendEntries, by leader: NodeID) {
    if batches.count >= 2 * RelayHonesty.limit {
      batches.removeFirst(RelayHonesty.limit)
      forgotten = true
    }
    batches.append(Batch(leader: leader, append: append))
  }

  /// A secretary sends a cut in a leader's name.
  func check(_ cut: AppendEntries, of leader: NodeID, to target: NodeID, by secretary: NodeID) -> InvariantViolation? {
    if target != leader, batches.reversed().contains(where: { $0.leader == leader && isCut(cut, of: $0.append) }) {
      return nil
    }
    if forgotten, target != leader, isOlder(cut) { return nil }
    return InvariantViolation(
      .relayHonesty, nodes: [secretary, leader], index: cut.lastIndex, term: cut.term,
      "\(secretary) sent \(target) entries up to \(cut.lastIndex) with round \(cut.round) and commit index \(cut.commit) "
        + "of term \(cut.term), which \(leader) never gave it")
  }

  private func isCut(_ cut: AppendEntries, of batch: AppendEntries) -> Bool {
    guard cut.term == batch.term, cut.round == batch.round, cut.commit == batch.commit,
      cut.lastIndex == batch.lastIndex, cut.previous.index >= batch.previous.index
    else { return false }
    let skipped = cut.previous.index - batch.previous.index
    let previous = skipped == 0 ? batch.previous.term : batch.entries[skipped - 1].term
    return cut.previous.term == previous && cut.entries[...] == batch.entries[skipped...]
  }

  private func isOlder(_ cut: AppendEntries) -> Bool {
    guard let oldest = batches.first?.append else { return true }
    return cut.term < oldest.term || (cut.term == oldest.term && cut.round < oldest.round)
  }
}
