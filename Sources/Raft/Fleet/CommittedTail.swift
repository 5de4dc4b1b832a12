/// The newest entries that one leader handed to a secretary in one term, and how many of them are committed.
///
/// Within a term a leader only appends, so that batches which overlap hold the same entries where they do.
struct CommittedTail: Sendable {
  /// The entry before the first one held.
  private(set) var base = LogPosition.zero
  private var entries: ContiguousArray<Entry> = []
  /// The leader's commit index, as far as the secretary was told.
  private(set) var commit = LogIndex.zero
  /// The most entries kept.
  private let capacity: Int

  init(capacity: Int) { self.capacity = capacity }

  /// The last entry held.
  var end: LogIndex { base.index + entries.count }

  /// The last entry that may be fed.
  var lastCommitted: LogIndex { min(commit, end) }

  mutating func forget() {
    base = .zero
    entries.removeAll(keepingCapacity: true)
    commit = .zero
  }

  /// Takes a batch of the leader whose batches are held.
  mutating func take(_ batch: AppendEntries) {
    commit = max(commit, batch.commit)
    if entries.isEmpty || batch.previous.index > end {
      base = batch.previous
      entries.removeAll(keepingCapacity: true)
    }
    // A batch for a follower that lags may begin before what is held; only what it adds behind the end is news.
    let known = end - batch.previous.index
    guard known < batch.entries.count else { return }
    entries.append(contentsOf: batch.entries[known...])
    let excess = entries.count - capacity
    // Dropped in stretches, so that each entry is moved a constant number of times.
    guard excess > capacity / 2 else { return }
    base = LogPosition(index: base.index + excess, term: entries[excess - 1].term)
    entries.removeFirst(excess)
  }

  /// Whether the entry before `next` is known here, or lies ahead.
  func reaches(_ next: LogIndex) -> Bool { next > base.index && (!entries.isEmpty || base != .zero) }

  /// The term of an entry that is held, or of the one before the first.
  func term(at index: LogIndex) -> Term? {
    if index == base.index { return base.term }
    guard index > base.index, index <= end else { return nil }
    return entries[index - base.index - 1].term
  }

  /// Committed entries from `next` on, as many as the limits allow.
  func entries(from next: LogIndex, through last: LogIndex, maximumBytes: Int) -> [Entry] {
    guard next > base.index, next <= last else { return [] }
    let start = next - base.index - 1
    var stop = min(last, end) - base.index
    var bytes = 0
    for place in start..<stop {
      bytes += entries[place].cost
      if bytes > maximumBytes && place > start {
        stop = place
        break
      }
    }
    return start < stop ? Array(entries[start..<stop]) : []
  }
}
