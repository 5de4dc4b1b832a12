import Raft
import Server
import Storage

/// What is on a disk's medium: what a start finds there.
struct DiskContents: Sendable {
  /// Whose disk it is; nil when it was wiped.
  private(set) var identity: StorageIdentity?
  var hardState: HardState
  var description: SnapshotDescription
  var snapshot: [UInt8]?
  /// The index before the first stored entry: where entries are does not depend on what the snapshot's description says.
  private(set) var base: LogIndex
  /// The entries after the snapshot.
  var entries: ContiguousArray<Entry>
  /// The record at the very end that a loss of power cut off.
  var torn: TornRecord?
  /// The records that may be damaged; all others are intact by construction, and need no checksum.
  var suspects: [Suspect] = []
  /// Whether writes may be missing in the middle, because a defect took a failed one for a completed one.
  var mayHaveHoles = false
  /// The first write that did not follow on the stored log, and where that ended: the server has broken the order of its
  /// writes (trap 31).
  private(set) var gap: (end: LogIndex, write: LogIndex)?

  /// A record whose end is missing.
  struct TornRecord: Hashable, Sendable {
    /// The bytes that it says it has, and those that are there.
    var length: Int
    var present: Int
  }

  /// A record that was damaged at some time, with the checksum that was stored with its intact content.
  struct Suspect: Hashable, Sendable {
    var record: StoredRecord
    var checksum: UInt64
  }

  /// A disk that was set up for a member.
  init(_ state: DurableState, identity: StorageIdentity?) {
    self.identity = identity
    hardState = state.hardState
    description = state.snapshot
    base = state.snapshot.last.index
    entries = ContiguousArray(state.entries)
  }

  /// A disk with nothing on it.
  static var wiped: DiskContents {
    DiskContents(DurableState(bootstrap: Configuration(voters: [])), identity: nil)
  }

  var state: DurableState {
    DurableState(hardState: hardState, snapshot: description, entries: Array(entries))
  }

  /// Whether the entry at a position would survive a crash: it is stored, or covered by the stored snapshot. Of a damaged
  /// entry it can only be said that something was there.
  func holds(_ position: LogPosition) -> Bool {
    guard position.index > base, !mayHaveHoles else { return true }
    if !suspects.isEmpty, suspects.contains(where: { $0.record == .entry(position.index) }) { return true }
    let place = position.index - base - 1
    return place < entries.count && entries[place].term == position.term
  }

  mutating func store(_ request: SimulatedDisk.Request) {
    switch request {
    case .write(let write):
      if let hardState = write.hardState { self.hardState = hardState }
      storeEntries(of: write)
      if !suspects.isEmpty { forgetSuspects(replacedBy: write) }
    case .snapshot(let save):
      let covered = save.description.last.index - base
      if save.replacesLog || covered >= entries.count {
        entries.removeAll()
      } else {
        entries.removeFirst(covered)
      }
      description = save.description
      base = save.description.last.index
      snapshot = save.bytes
      if !suspects.isEmpty { forgetSuspects(replacedBy: save) }
    }
  }

  private mutating func storeEntries(of write: Write) {
    // What a write says about entries that a snapshot covers by now is moot.
    guard write.firstIndex > base else { return }
    let kept = write.firstIndex.previous - base
    guard kept <= entries.count else {
      // A hard state that was written while a snapshot was being installed names the end of the log before that.
      if !write.entries.isEmpty, !mayHaveHoles { gap = gap ?? (end: base + entries.count, write: write.firstIndex) }
      return
    }
    if kept < entries.count { entries.removeSubrange(kept...) }
    entries.append(contentsOf: write.entries)
  }

  /// What ``DiskDefect/ignoresChecksums`` makes of the disk: what is damaged is taken for what was written.
  mutating func believeDamage() {
    guard !suspects.isEmpty else { return }
    suspects.removeAll()
    base = description.last.index
    // A log that a damaged number has moved need not meet what is written next.
    mayHaveHoles = true
  }

  // MARK: Damage to what is no longer there

  private mutating func forgetSuspects(replacedBy write: Write) {
    suspects.removeAll {
      switch $0.record {
      case .hardState: write.hardState != nil
      case .entry(let index): index >= write.firstIndex
      case .snapshot, .snapshotDescription: false
      }
    }
  }

  private mutating func forgetSuspects(replacedBy save: SnapshotSave) {
    suspects.removeAll {
      switch $0.record {
      case .hardState: false
      case .entry(let index): save.replacesLog || index <= save.description.last.index
      case .snapshot, .snapshotDescription: true
      }
    }
  }
}
