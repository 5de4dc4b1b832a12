import Raft

/// What a log amounts to, without the entries themselves: the state that every segment's header repeats, so that the
/// segments before it can go.
struct LogImage: Hashable, Sendable {
  /// Term, vote and commit index.
  var hardState = HardState()
  /// The snapshot that the log continues.
  var snapshot: SnapshotReference
  /// The last entry.
  var end: LogIndex

  /// Takes a write of `count` entries from `first` on; the index of the first one that counts, or nil when none does.
  ///
  /// The log is cut before that one. What a write says about entries that a snapshot covers by now is moot, and without
  /// entries it may lie beyond the end: then nothing is cut, see `Write`.
  mutating func take(first: LogIndex, count: Int) throws(StorageError) -> LogIndex? {
    let covered = snapshot.last.index
    guard count > 0 else {
      guard first > covered, first <= end else { return nil }
      end = first.previous
      return first
    }
    let last = first + (count - 1)
    guard last > covered else { return nil }
    let from = max(first, covered.next)
    guard from <= end.next else { throw .outOfOrder(end: end.rawValue, first: from.rawValue) }
    end = last
    return from
  }

  /// Takes a snapshot; whether it counts, which one that is older than the last one does not.
  mutating func take(_ reference: SnapshotReference, replacesLog: Bool) -> Bool {
    guard replacesLog || reference.last.index >= snapshot.last.index else { return false }
    snapshot = reference
    if replacesLog || reference.last.index > end { end = reference.last.index }
    return true
  }
}

/// Which file a snapshot is in, and what it must be.
struct SnapshotReference: Hashable, Sendable {
  /// The number in the file's name; never used twice.
  var number: UInt64
  /// The last entry that the snapshot covers.
  var last: LogPosition
  /// The bytes of the whole file.
  var fileBytes: UInt64
  /// A checksum over the file's header and over the checksums of all its chunks.
  var fingerprint: UInt32
}
