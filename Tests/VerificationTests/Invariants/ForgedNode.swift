import Raft

@testable import Verification

/// A node that looks like whatever a test says.
struct ForgedNode: ObservedNode {
  var id: NodeID
  var role = Role.follower
  var term = Term(1)
  var vote: NodeID?
  var commitIndex = LogIndex.zero
  var appliedIndex = LogIndex.zero
  /// What the snapshot covers.
  var base = LogPosition.zero
  /// The entries after `base`.
  var entries: [Entry] = []

  init(_ id: UInt32) { self.id = NodeID(id) }

  var firstIndex: LogIndex { base.index.next }
  var lastPosition: LogPosition {
    entries.last.map { LogPosition(index: base.index + entries.count, term: $0.term) } ?? base
  }
  func entry(at index: LogIndex) -> Entry { entries[index - firstIndex] }
  func term(at index: LogIndex) -> Term? {
    if index == base.index { return base.term }
    return index < firstIndex || index > lastPosition.index ? nil : entry(at: index).term
  }

  /// Appends an entry of a term, with content when given.
  mutating func append(_ term: UInt64, _ content: UInt8 = 0) {
    entries.append(Entry(term: Term(term), payload: .command([content])))
    self.term = max(self.term, Term(term))
  }

  /// Commits and applies up to an index.
  mutating func apply(_ index: UInt64) {
    commitIndex = LogIndex(index)
    appliedIndex = LogIndex(index)
  }

  /// Drops entries up to an index as a snapshot does.
  mutating func compact(to index: UInt64) {
    let position = LogPosition(index: LogIndex(index), term: term(at: LogIndex(index))!)
    entries.removeFirst(position.index - base.index)
    base = position
  }
}

/// Shows nodes to one checker in turn and keeps what it says first.
struct Watch {
  var checker = InvariantChecker()
  var violation: InvariantViolation?

  mutating func see(_ node: ForgedNode, incarnation: Int = 0) {
    let found = checker.check(node, incarnation: incarnation)
    violation = violation ?? found
  }

  mutating func hear(_ from: UInt32, _ to: UInt32, _ message: Message) {
    let found = checker.observe(sent: Envelope(from: NodeID(from), to: NodeID(to), message: message))
    violation = violation ?? found
  }

  /// Three nodes with three entries of term 1, all applied; node 1 leads.
  static func settled() -> (watch: Watch, leader: ForgedNode, followers: [ForgedNode]) {
    var watch = Watch()
    var nodes = (1...3).map { ForgedNode($0) }
    for slot in nodes.indices {
      for content in 1...3 { nodes[slot].append(1, UInt8(content)) }
      if slot == 0 { nodes[0].role = .leader }
      nodes[slot].apply(3)
      watch.see(nodes[slot])
    }
    return (watch, nodes[0], [nodes[1], nodes[2]])
  }
}
