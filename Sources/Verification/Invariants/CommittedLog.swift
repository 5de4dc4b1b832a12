import Raft

/// What the group has committed, as the nodes observed so far show it.
struct CommittedLog {
  struct Record {
    /// 0 where no node showed the entry before it was compacted.
    var term: Term
    var digest: UInt64
    /// The node that showed it first.
    var node: NodeID
  }

  /// How far the log was committed in a term.
  private struct Reach {
    var term: Term
    var last: LogPosition
  }

  private(set) var records: IndexedWindow<Record>
  /// By term; the oldest are merged.
  private var reaches: ContiguousArray<Reach> = []

  init(capacity: Int) {
    records = IndexedWindow(vacant: Record(term: .zero, digest: 0, node: NodeID(0)), capacity: capacity)
  }

  /// Learns from a node's commit index.
  mutating func extend(with node: some ObservedNode) {
    let commit = min(node.commitIndex, node.lastPosition.index)
    guard commit > records.end else { return }
    var index = max(records.end.next, node.firstIndex)
    while index <= commit {
      let entry = node.entry(at: index)
      records.set(index, to: Record(term: entry.term, digest: entry.payloadDigest, node: node.id))
      index = index.next
    }
    guard let term = node.term(at: commit) else { return }
    // The node's term bounds the committing leader's term from above, which can only weaken what is asked of leaders.
    let reach = Reach(term: node.term, last: LogPosition(index: commit, term: term))
    var place = reaches.count
    while place > 0, reaches[place - 1].term > reach.term { place -= 1 }
    if place > 0, reaches[place - 1].term == reach.term {
      reaches[place - 1] = reach
    } else {
      reaches.insert(reach, at: place)
    }
    if reaches.count > 64 { reaches.removeFirst(32) }
  }

  /// The last entry known to be committed in a term below `term`.
  func last(below term: Term) -> LogPosition? {
    var best: LogPosition?
    for reach in reaches where reach.term < term && reach.last.index > best?.index ?? .zero { best = reach.last }
    return best
  }

  /// What was committed at an index; nil where it is not known.
  subscript(index: LogIndex) -> Record? {
    guard let record = records[index], record.term != .zero else { return nil }
    return record
  }

  /// Forgets what lies below an index.
  mutating func drop(below index: LogIndex) { records.drop(below: index) }
}
