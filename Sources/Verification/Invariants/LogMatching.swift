import Raft

/// If two logs contain an entry with the same index and term, they are identical in all entries up to that index.
///
/// Raft thesis, figure 3.2 and section 3.5; `LogMatching` in Ongaro's raft.tla. It is checked by induction: wherever a
/// position (index, term) is seen, it must carry the same payload and stand behind an entry of the same term as
/// wherever it was seen before. So each entry of each log is looked at once, however long the logs are.
struct LogMatching {
  private struct Witness {
    /// 0 where nothing was seen: no entry has term 0.
    var term: Term
    var digest: UInt64
    /// The term of the entry before.
    var previous: Term
    var node: NodeID
  }

  private var witnesses: IndexedWindow<Witness>
  /// Witnesses of further terms at an index: entries of leaders that were replaced before they committed them.
  private var rivals: [LogPosition: Witness] = [:]

  init(capacity: Int) {
    witnesses = IndexedWindow(
      vacant: Witness(term: .zero, digest: 0, previous: .zero, node: NodeID(0)), capacity: capacity)
  }

  /// How many positions are kept.
  var count: Int { witnesses.count + rivals.count }

  /// Checks a node's entries from an index on.
  mutating func check(_ node: some ObservedNode, from start: LogIndex) -> InvariantViolation? {
    var index = max(start, node.firstIndex)
    var previous = node.term(at: index.previous)
    while index <= node.lastPosition.index {
      let entry = node.entry(at: index)
      if entry.term < previous ?? .zero {
        return InvariantViolation(
          .logMatching, nodes: [node.id], index: index, term: entry.term,
          "\(node.id) holds an entry of term \(entry.term) at \(index), behind one of term \(previous ?? .zero)")
      }
      let seen = Witness(term: entry.term, digest: entry.payloadDigest, previous: previous ?? .zero, node: node.id)
      if let other = remember(seen, at: index), conflicts(seen, other, isPreviousKnown: previous != nil) {
        let what = seen.digest == other.digest ? "the entries before it differ in term" : "what it carries differs"
        return InvariantViolation(
          .logMatching, nodes: [node.id, other.node], index: index, term: entry.term,
          "\(node.id) and \(other.node) hold an entry of term \(entry.term) at \(index), but \(what)")
      }
      previous = entry.term
      index = index.next
    }
    return nil
  }

  /// Forgets positions below an index.
  mutating func drop(below index: LogIndex) {
    witnesses.drop(below: index)
    if !rivals.isEmpty { rivals = rivals.filter { $0.key.index >= witnesses.floor } }
  }

  private func conflicts(_ seen: Witness, _ other: Witness, isPreviousKnown: Bool) -> Bool {
    seen.digest != other.digest || (isPreviousKnown && seen.previous != other.previous)
  }

  /// The witness for the position if there is one; else what was seen becomes it.
  private mutating func remember(_ seen: Witness, at index: LogIndex) -> Witness? {
    guard index >= witnesses.floor else { return nil }
    guard let first = witnesses[index], first.term != .zero else {
      witnesses.set(index, to: seen)
      return nil
    }
    if first.term == seen.term { return first }
    let position = LogPosition(index: index, term: seen.term)
    if let rival = rivals[position] { return rival }
    if rivals.count >= witnesses.capacity { rivals.removeAll() }
    rivals[position] = seen
    return nil
  }
}
