import Raft
import Server
import Storage

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

  /// What a start finds.
  var contents: DiskContents
  /// What was there before the disk was wiped: what it once acknowledged counts.
  private var wiped: DiskContents?
  /// Added to every durable write while the disk is slow.
  var extraDelay = TimeSpan.zero
  /// Whether nothing becomes durable for now.
  var isStalled = false
  /// Whether the next start finds the disk unreadable.
  var failsNextRead = false
  /// Whether the next durable write to end fails.
  var failsNextWrite = false
  /// Where the machine crashes.
  var crashPoint: DiskCrashPoint?
  /// What the next crash does to writes under way.
  var nextTail = DiskTail.lost
  /// Whether a durable write failed: none succeeds after it, or it might stand behind a hole (trap 33).
  private(set) var hasFailed = false
  /// Time spent on durable writes.
  private(set) var busy = TimeSpan.zero

  /// What waits, and what is being made durable.
  private var waiting: ContiguousArray<Request> = []
  private var waitingBytes = 0
  private var underWay: ContiguousArray<Request> = []

  init(_ state: DurableState, identity: StorageIdentity) { contents = DiskContents(state, identity: identity) }

  var state: DurableState { contents.state }
  var snapshot: [UInt8]? { contents.snapshot }
  var isIdle: Bool { underWay.isEmpty }
  var hasWork: Bool { !waiting.isEmpty }
  /// Whether the durable write that begins or ends next is not like any other.
  var isArmed: Bool { failsNextWrite || crashPoint != nil }

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
      contents.store(request)
      switch request {
      case .write(let write): sequence = write.sequence
      case .snapshot(let save): saves.append(save)
      }
    }
    underWay.removeAll(keepingCapacity: true)
  }

  /// The durable write fails: a random number of the oldest records in it, none or all, reached the medium.
  mutating func fail(_ random: inout RandomSource) {
    for request in underWay.prefix(drawReached(&random)) { contents.store(request) }
    forgetPending()
    failsNextWrite = false
    hasFailed = true
  }

  /// The durable write fails and is taken for a completed one, see ``DiskDefect/ignoresWriteFailures``.
  mutating func failUnnoticed(
    _ random: inout RandomSource, _ sequence: inout WriteSequence, _ saves: inout ContiguousArray<SnapshotSave>
  ) {
    let before = contents
    let reached = underWay.prefix(drawReached(&random))
    complete(&sequence, &saves)
    contents = before
    contents.mayHaveHoles = true
    for request in reached { contents.store(request) }
    failsNextWrite = false
  }

  private func drawReached(_ random: inout RandomSource) -> Int {
    Int(random.next(below: UInt64(underWay.count + 1)))
  }

  /// The machine loses power; what that did to writes that were under way, if any were.
  mutating func crash(_ random: inout RandomSource) -> DiskTail? {
    let pending = hasFailed ? [] : underWay + waiting
    let tail = pending.isEmpty ? nil : nextTail
    if tail == .torn {
      // At least one is torn: it is shorter than it says, and recovery ends the log before it.
      let whole = Int(random.next(below: UInt64(pending.count)))
      for request in pending.prefix(whole) { contents.store(request) }
      let length = pending[whole].bytes
      contents.torn = DiskContents.TornRecord(
        length: length, present: 1 + Int(random.next(below: UInt64(length - 1))))
    }
    nextTail = .lost
    crashPoint = nil
    forgetPending()
    return tail
  }

  /// Forgets everything; the machine is down.
  mutating func wipe() {
    wiped = contents
    contents = .wiped
  }

  /// Whether the entry at a position would survive a crash, or did until the disk was wiped.
  func holds(_ position: LogPosition) -> Bool {
    if contents.identity == nil, let wiped { return wiped.holds(position) }
    return contents.holds(position)
  }

  private mutating func forgetPending() {
    waiting.removeAll()
    waitingBytes = 0
    underWay.removeAll()
  }
}
