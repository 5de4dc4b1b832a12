/// The replicated log as one node holds it: what follows `base`, and the snapshot that stands for the rest.
///
/// Invariant: `base.index <= snapshot.last.index`, and terms never decrease with the index.
@usableFromInline
struct RaftLog: Sendable {
  /// The latest snapshot.
  private(set) var snapshot: SnapshotDescription
  /// The entry before the first one held.
  @usableFromInline private(set) var base: LogPosition
  /// The end of the log.
  @usableFromInline private(set) var last: LogPosition

  /// The entries; those before `head` are dropped already and wait to be moved out in one go.
  @usableFromInline private(set) var entries: ContiguousArray<Entry>
  @usableFromInline private(set) var head = 0

  init(snapshot: SnapshotDescription, entries: [Entry]) {
    self.snapshot = snapshot
    self.entries = ContiguousArray(entries)
    base = snapshot.last
    last = LogPosition(
      index: snapshot.last.index + entries.count, term: entries.last?.term ?? snapshot.last.term)
  }

  @inlinable
  var firstIndex: LogIndex { base.index.next }

  var lastIndex: LogIndex { last.index }

  /// The term at `index`; nil when the entry is compacted away or beyond the end.
  func term(at index: LogIndex) -> Term? {
    if index == last.index { return last.term }
    if index < base.index || index > last.index { return nil }
    if index == base.index { return base.term }
    return entries[slot(of: index)].term
  }

  func contains(_ position: LogPosition) -> Bool { term(at: position.index) == position.term }

  @inlinable
  subscript(index: LogIndex) -> Entry {
    precondition(index > base.index && index <= last.index, "no entry at \(index) in \(base)...\(last)")
    return entries[slot(of: index)]
  }

  /// The entries from `first` on, as many as the limits allow and at least one when there is one.
  func entries(from first: LogIndex, maximumCount: Int, maximumBytes: Int) -> [Entry] {
    guard first <= last.index else { return [] }
    let start = slot(of: first)
    var end = min(entries.count, start + maximumCount)
    var bytes = 0
    for slot in start..<end {
      bytes += entries[slot].cost
      if bytes > maximumBytes && slot > start {
        end = slot
        break
      }
    }
    return Array(entries[start..<end])
  }

  /// What the entries from `first` to `last` cost together.
  func cost(from first: LogIndex, through last: LogIndex) -> Int {
    precondition(first > base.index && last <= self.last.index, "no entries at \(first)...\(last)")
    guard first <= last else { return 0 }
    // By pointer, since an entry that is read from an array is retained.
    return entries.withUnsafeBufferPointer { entries in
      var sum = 0
      for slot in slot(of: first)...slot(of: last) { sum += entries[slot].cost }
      return sum
    }
  }

  mutating func append(_ entry: Entry) {
    entries.append(entry)
    last = LogPosition(index: last.index.next, term: entry.term)
  }

  mutating func append(contentsOf more: ArraySlice<Entry>) {
    guard let final = more.last else { return }
    entries.append(contentsOf: more)
    last = LogPosition(index: last.index + more.count, term: final.term)
  }

  /// Cuts off the entries from `first` on.
  mutating func truncate(from first: LogIndex) {
    guard first <= last.index else { return }
    precondition(first > base.index, "truncation at \(first) would cut into the snapshot")
    entries.removeSubrange(slot(of: first)...)
    let index = first.previous
    last = LogPosition(index: index, term: index == base.index ? base.term : entries[slot(of: index)].term)
  }

  /// The largest index at most `index` whose term is at most `term`: where a log that has `term` at `index` can
  /// agree with this one at the latest. Terms never decrease, so halving finds it.
  func latestPossibleMatch(at index: LogIndex, term: Term) -> LogPosition {
    var high = min(index, last.index)
    if high <= base.index { return base }
    var low = base.index
    while low < high {
      let middle = LogIndex(low.rawValue + (high.rawValue - low.rawValue + 1) / 2)
      if entries[slot(of: middle)].term <= term { low = middle } else { high = middle.previous }
    }
    return low == base.index ? base : LogPosition(index: low, term: entries[slot(of: low)].term)
  }

  /// Notes a newer snapshot and forgets the entries before `first`, at most what the snapshot covers.
  mutating func compact(to snapshot: SnapshotDescription, keepingFrom first: LogIndex) {
    self.snapshot = snapshot
    let newBase = min(first.previous, snapshot.last.index)
    guard newBase > base.index, let term = term(at: newBase) else { return }
    let dropped = newBase - base.index
    base = LogPosition(index: newBase, term: term)
    // Moving the rest is worth it only when at least as much is dropped as is moved.
    if (head + dropped) * 2 >= entries.count {
      entries.removeFirst(head + dropped)
      head = 0
    } else {
      for slot in head..<(head + dropped) { entries[slot].payload = .empty }
      head += dropped
    }
  }

  /// Forgets everything in favour of a snapshot from the leader.
  mutating func reset(to snapshot: SnapshotDescription) {
    self.snapshot = snapshot
    base = snapshot.last
    last = snapshot.last
    entries.removeAll(keepingCapacity: true)
    head = 0
  }

  @inlinable
  func slot(of index: LogIndex) -> Int { head + Int(index.rawValue - base.index.rawValue) - 1 }
}
