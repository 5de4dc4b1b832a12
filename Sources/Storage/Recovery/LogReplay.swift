import Raft

/// Builds the state that a log amounts to from its records, in order.
struct LogReplay {
  private(set) var image: LogImage
  /// The index of the first entry that is held; those before it were in segments that are gone.
  private var first: LogIndex
  private var entries: ContiguousArray<Entry> = []
  private var effect = BatchEffect()

  /// Starts where the oldest segment starts.
  init(_ image: LogImage) {
    self.image = image
    first = image.end.next
  }

  /// Takes the records of a batch, which is in the last of the segments.
  mutating func take(_ records: [LogRecord], in segments: inout [Segment]) throws(StorageError) {
    for record in records { try take(record) }
    effect.apply(to: &segments)
    effect = BatchEffect()
  }

  private mutating func take(_ record: LogRecord) throws(StorageError) {
    switch record {
    case .write(let state, let start, let added):
      if let state { image.hardState = state }
      guard let from = try image.take(first: start, count: added.count) else { return }
      effect.note(first: from, end: image.end)
      cut(before: from)
      if !added.isEmpty { entries.append(contentsOf: added[(from - start)...]) }
    case .snapshot(let reference, let replacesLog):
      guard image.take(reference, replacesLog: replacesLog) else { return }
      if image.end == reference.last.index {
        effect.noteReplacement()
        entries.removeAll()
        first = image.end.next
      } else if reference.last.index >= first {
        entries.removeFirst(min(entries.count, reference.last.index.next - first))
        first = reference.last.index.next
      }
    }
  }

  private mutating func cut(before index: LogIndex) {
    if index <= first {
      entries.removeAll()
      first = index
    } else if index - first < entries.count {
      entries.removeSubrange((index - first)...)
    }
  }

  /// The entries after the snapshot; refused when some of them are missing, for which the oldest segment is named.
  func entriesAfterSnapshot(in oldest: String) throws(StorageError) -> [Entry] {
    let covered = image.snapshot.last.index
    guard image.end > covered else { return [] }
    guard first <= covered.next, first + entries.count == image.end.next else {
      throw .damaged(
        oldest, 0, found: "entries from \(first) on", expected: "all from \(covered.next) to \(image.end)")
    }
    return Array(entries.dropFirst(covered.next - first))
  }
}
