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
/// Everything queued when a durable write starts becomes durable together when it ends.
struct SimulatedDisk: Sendable {
  enum Request: Sendable {
    case write(Write)
    case snapshot(SnapshotSave)

    var bytes: Int {
      switch self {
      case .write(let write): write.entries.reduce(32) { $0 + $1.cost }
      case .snapshot(let save): 96 + save.bytes.count
      }
    }
  }

  /// What recovery finds.
  private(set) var state: DurableState
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

  private var queue: ContiguousArray<Request> = []
  /// How many requests of the queue are being made durable.
  private var underWay = 0

  init(_ state: DurableState) { self.state = state }

  var isIdle: Bool { underWay == 0 }
  var hasWork: Bool { !queue.isEmpty }

  mutating func submit(_ request: Request) { queue.append(request) }

  /// Starts to make durable all that waits; how long it takes.
  mutating func start(sync: TimeSpan, bytesPerSecond: UInt64?) -> TimeSpan {
    underWay = queue.count
    var span = sync + extraDelay
    if let bytesPerSecond {
      var bytes = 0
      for request in queue { bytes += request.bytes }
      span = span + TimeSpan(nanoseconds: Int64(Double(bytes) * 1e9 / Double(bytesPerSecond)))
    }
    busy = busy + span
    return span
  }

  /// Takes the end of the durable write: the highest sequence number and the snapshots that are durable now.
  mutating func complete() -> (sequence: WriteSequence?, snapshots: ContiguousArray<SnapshotSave>) {
    var sequence: WriteSequence?
    var saves: ContiguousArray<SnapshotSave> = []
    for request in queue.prefix(underWay) {
      store(request)
      switch request {
      case .write(let write): sequence = write.sequence
      case .snapshot(let save): saves.append(save)
      }
    }
    queue.removeFirst(underWay)
    underWay = 0
    return (sequence, saves)
  }

  /// The machine loses power.
  mutating func crash(_ random: inout RandomSource) {
    if nextTail == .torn, !queue.isEmpty {
      for request in queue.prefix(Int(random.next(below: UInt64(queue.count)))) { store(request) }
    }
    nextTail = .lost
    queue.removeAll()
    underWay = 0
  }

  private mutating func store(_ request: Request) {
    switch request {
    case .write(let write):
      if let hardState = write.hardState { state.hardState = hardState }
      let keep = write.firstIndex.previous - state.snapshot.last.index
      if keep < state.entries.count { state.entries.removeSubrange(keep...) }
      state.entries.append(contentsOf: write.entries)
    case .snapshot(let save):
      let covered = save.description.last.index - state.snapshot.last.index
      if save.replacesLog || covered >= state.entries.count {
        state.entries = []
      } else {
        state.entries.removeFirst(covered)
      }
      state.snapshot = save.description
      snapshot = save.bytes
    }
  }
}
