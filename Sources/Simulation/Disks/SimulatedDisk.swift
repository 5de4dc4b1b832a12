import Raft
import Server

/// What happens to writes that were under way when a machine crashed.
public enum DiskTail: Hashable, Sendable {
  /// None of them survives.
  case lost
  /// A random number of the oldest survive; the next one is torn, which recovery detects and discards.
  case torn
}

/// A disk on which only completed writes survive a crash: a first-in-first-out queue with group commit.
///
/// Everything that waits when a durable write starts becomes durable together when it ends.
struct SimulatedDisk: Sendable {
  enum Request: Sendable {
    case write(Write)
    case snapshot(SnapshotSave)

    var bytes: Int {
      switch self {
      case .write(let write):
        var bytes = 32
        for entry in write.entries { bytes += entry.cost }
        return bytes
      case .snapshot(let save): return 96 + save.bytes.count
      }
    }
  }

  /// What recovery finds.
  var state: DurableState {
    DurableState(hardState: hardState, snapshot: description, entries: Array(entries))
  }
  private(set) var snapshot: [UInt8]?
  /// Added to every durable write while the disk is slow.
  var extraDelay = TimeSpan.zero
  /// Whether nothing becomes durable for now.
  var isStalled = false
  /// Whether the next start finds the disk unreadable.
  var failsNextRead = false
  /// What the next crash does to writes under way.
  var nextTail = DiskTail.lost
  /// Time spent on durable writes.
  private(set) var busy = TimeSpan.zero

  private var hardState: HardState
  private var description: SnapshotDescription
  /// The entries after the snapshot.
  private var entries: ContiguousArray<Entry>
  /// What waits, and what is being made durable.
  private var waiting: ContiguousArray<Request> = []
  private var waitingBytes = 0
  private var underWay: ContiguousArray<Request> = []

  init(_ state: DurableState) {
    hardState = state.hardState
    description = state.snapshot
    entries = ContiguousArray(state.entries)
  }

  var isIdle: Bool { underWay.isEmpty }
  var hasWork: Bool { !waiting.isEmpty }

  mutating func submit(_ request: Request) {
    waitingBytes += request.bytes
    waiting.append(request)
  }

  /// Starts to make durable all that waits; how long it takes.
  mutating func start(_ times: ServiceTimes) -> TimeSpan {
    swap(&waiting, &underWay)
    let span = times.disk(bytes: waitingBytes) + extraDelay
    waitingBytes = 0
    busy = busy + span
    return span
  }

  /// Takes the end of the durable write: notes the highest sequence number and the snapshots that are durable now.
  mutating func complete(_ sequence: inout WriteSequence, _ saves: inout ContiguousArray<SnapshotSave>) {
    for request in underWay {
      store(request)
      switch request {
      case .write(let write): sequence = write.sequence
      case .snapshot(let save): saves.append(save)
      }
    }
    underWay.removeAll(keepingCapacity: true)
  }

  /// The machine loses power.
  mutating func crash(_ random: inout RandomSource) {
    let pending = underWay + waiting
    if nextTail == .torn, !pending.isEmpty {
      // At least one is torn: a record that is cut off fails its checksum, and recovery ends the log before it.
      for request in pending.prefix(Int(random.next(below: UInt64(pending.count)))) { store(request) }
    }
    nextTail = .lost
    waiting.removeAll()
    waitingBytes = 0
    underWay.removeAll()
  }

  private mutating func store(_ request: Request) {
    switch request {
    case .write(let write):
      if let hardState = write.hardState { self.hardState = hardState }
      storeEntries(of: write)
    case .snapshot(let save):
      let covered = save.description.last.index - description.last.index
      if save.replacesLog || covered >= entries.count {
        entries.removeAll()
      } else {
        entries.removeFirst(covered)
      }
      description = save.description
      snapshot = save.bytes
    }
  }

  private mutating func storeEntries(of write: Write) {
    // What a write says about entries that a snapshot covers by now is moot.
    guard write.firstIndex > description.last.index else { return }
    let kept = write.firstIndex.previous - description.last.index
    precondition(kept <= entries.count, "a write at \(write.firstIndex) would leave a gap in the stored log")
    if kept < entries.count { entries.removeSubrange(kept...) }
    entries.append(contentsOf: write.entries)
  }
}
