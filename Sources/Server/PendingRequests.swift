import DequeModule
import KeyValue
import Raft

/// Commands in the leader's log whose clients wait, in the order of the log.
struct PendingWrites: Sendable {
  struct Waiting: Sendable {
    var position: LogPosition
    var address: ClientAddress
    var client: ClientID
    var sequence: SequenceNumber
  }

  private var waiting = Deque<Waiting>()

  var count: Int { waiting.count }

  mutating func append(_ entry: Waiting) { waiting.append(entry) }

  /// Whoever waits at `index` or before it.
  mutating func popFirst(through index: LogIndex) -> Waiting? {
    guard let first = waiting.first, first.position.index <= index else { return nil }
    return waiting.removeFirst()
  }

  mutating func popFirst() -> Waiting? { waiting.popFirst() }
}

/// Linearizable reads in batches, each of which waits for one read index and then for that index to be applied.
struct PendingReads: Sendable {
  struct Waiting: Sendable {
    var address: ClientAddress
    var client: ClientID
    var sequence: SequenceNumber
    var query: Query
  }

  enum State: Sendable {
    case asked
    case confirmed(LogIndex)
    case refused
  }

  struct Batch: Sendable {
    var id: ReadID
    var count: Int
    var asked: Instant
    var deadline: Instant
    var state: State
  }

  private var reads = Deque<Waiting>()
  private var batches = Deque<Batch>()
  private var nextID: UInt64
  /// The state that reads are served from reflects every operation that ended before this.
  private var freshAsOf: Instant?
  /// Reads of this turn that belong to no batch yet.
  private(set) var unasked = 0

  /// Batch names begin at `firstID`, which differs between incarnations so that old answers fit no batch.
  init(firstID: UInt64) { nextID = firstID }

  var count: Int { reads.count }

  /// When the oldest batch is given up.
  var deadline: Instant { batches.first?.deadline ?? .distantFuture }

  mutating func append(_ read: Waiting) {
    reads.append(read)
    unasked += 1
  }

  /// Makes a batch of the reads of this turn; nil when there are none.
  mutating func ask(at now: Instant, deadline: Instant) -> ReadID? {
    guard unasked > 0 else { return nil }
    let id = ReadID(nextID)
    nextID += 1
    batches.append(Batch(id: id, count: unasked, asked: now, deadline: deadline, state: .asked))
    unasked = 0
    return id
  }

  mutating func take(_ outcome: ReadOutcome) {
    for place in batches.indices where batches[place].id == outcome.id {
      guard case .asked = batches[place].state else { return }
      batches[place].state = outcome.index.map { .confirmed($0) } ?? .refused
      return
    }
  }

  /// Gives up the batches that waited too long, be it for an answer or for their index to be applied; whether there were any.
  mutating func expire(at now: Instant) -> Bool {
    var hasExpired = false
    for place in batches.indices {
      guard batches[place].deadline <= now else { break }
      batches[place].state = .refused
      hasExpired = true
    }
    return hasExpired
  }

  /// Whether no batch waits for its index.
  var isIdle: Bool {
    !batches.contains { batch in
      if case .asked = batch.state { true } else { false }
    }
  }

  /// Whether a read may be served without an index of its own: one that need not be fresh, or one for which the last
  /// index that was waited for is recent enough.
  func mayServeAtOnce(_ consistency: ReadConsistency, settings: ServerSettings, at now: Instant) -> Bool {
    switch consistency {
    case .linearizable: false
    case .bounded: freshAsOf.map { now < $0 + settings.boundedAge } ?? false
    case .local: true
    }
  }

  /// Refuses every batch without an index: the leader that was asked is gone.
  mutating func refuseAll() {
    for place in batches.indices {
      if case .asked = batches[place].state { batches[place].state = .refused }
    }
  }

  /// The next read that can be answered, and whether it may be served.
  mutating func popReady(applied: LogIndex) -> (read: Waiting, isServed: Bool)? {
    guard let first = batches.first else { return nil }
    let isServed: Bool
    switch first.state {
    case .asked: return nil
    case .refused: isServed = false
    case .confirmed(let index):
      guard index <= applied else { return nil }
      isServed = true
      freshAsOf = max(freshAsOf ?? first.asked, first.asked)
    }
    if first.count == 1 { batches.removeFirst() } else { batches[0].count -= 1 }
    return (reads.removeFirst(), isServed)
  }
}
