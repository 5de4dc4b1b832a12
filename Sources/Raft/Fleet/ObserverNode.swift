/// An observer's side of the protocol: takes committed entries from whichever node near it has them, and asks the leader
/// for read indices, without I/O (elastic Raft, 4.3).
///
/// It holds nothing durable, no vote and no claim on anybody. Only committed entries reach it, so that nothing it holds
/// is ever cut off and any source continues any other.
public struct ObserverNode: Sendable {
  /// This node; never a member of a configuration.
  public let id: NodeID
  /// How it behaves.
  public let settings: ObserverSettings
  /// What the host is to do.
  public var effects = ObserverEffects()
  /// The newest term it has heard of.
  public internal(set) var term: Term = .zero
  /// Who leads that term, when known.
  public internal(set) var leader: NodeID?
  /// The last entry handed to the host.
  public internal(set) var last: LogPosition = .zero
  /// What it did so far.
  public internal(set) var counters = ObserverCounters()
  /// Whether its sources contradicted each other about what is committed: it takes in nothing more.
  public internal(set) var isContradicted = false

  /// The source at work.
  public internal(set) var source: NodeID?
  var sources: ContiguousArray<Source> = []
  var stream: FeedStream
  var arriving: Arriving?
  /// Whether entries came that do not follow on what is here, since the last request.
  var hasGap = false
  /// When the source was last heard from, and up to where entries were asked for.
  var heard: Instant
  /// Whether the source at work has sent anything since it was chosen.
  var hasAnswered = false
  /// How long the source may be silent: longer after each one that was.
  var patience: TimeSpan
  var askedFrom: LogIndex = .zero
  var requestDeadline: Instant
  var now: Instant
  /// The read that waits for a quorum, and the voters when one answered last.
  var quorumRead: QuorumRead?
  var knownVoters: [NodeID] = []
  #if Mutants
    /// A known-bad variant: whatever voters say of their configuration, most of those asked are a quorum.
    package var trustsAnyVoter = false
  #endif

  /// A node that may have a feed.
  struct Source: Sendable {
    var node: NodeID
    var avoidedUntil = Instant.zero
    /// How many times in a row it was silent or refused.
    var failures = 0
  }

  /// How many times as long as at first a source is passed over at most.
  static let longestAvoidance: Int64 = 64
  /// How many times as long as at first a source may be silent at most.
  static let longestPatience: Int64 = 8

  /// A snapshot on its way.
  struct Arriving: Sendable {
    var description: SnapshotDescription
    var received: Int
    var isComplete: Bool
  }

  /// Starts an observer with nothing, in a life of its own, that takes its feed from the first source that answers.
  public init(id: NodeID, incarnation: Incarnation, settings: ObserverSettings, sources: [NodeID], now: Instant) {
    self.id = id
    self.settings = settings
    self.now = now
    stream = FeedStream(incarnation.rawValue << 32)
    heard = now
    patience = settings.sourceTimeout
    requestDeadline = now
    setSources(sources)
  }

  /// When ``advance(to:)`` is to be called next.
  public var nextDeadline: Instant { requestDeadline }

  /// Replaces the nodes to take a feed from, nearest first; what is known of those that stay is kept.
  public mutating func setSources(_ nodes: [NodeID]) {
    let known = sources
    sources = ContiguousArray(nodes.map { node in known.first { $0.node == node } ?? Source(node: node) })
    if let source, !nodes.contains(source) {
      self.source = nil
      requestDeadline = now
    }
  }

  /// Takes a message; one that makes no sense or is not for an observer is dropped.
  public mutating func receive(_ envelope: Envelope, at now: Instant) {
    guard envelope.to == id, envelope.from != id, envelope.message.isPlausible, !isContradicted else { return }
    observe(now)
    switch envelope.message {
    case .feedEntries(let message): take(message, from: envelope.from)
    case .feedSnapshot(let message): take(message, from: envelope.from)
    case .feedRefusal(let message):
      if message.stream == stream, envelope.from == source { changeSource() }
    case .readIndexResponse(let message):
      if message.term >= term, message.index == nil, leader == envelope.from { leader = nil }
      effects.reads.append(ReadOutcome(id: message.id, index: message.index))
    case .quorumReadResponse(let message): take(message, from: envelope.from)
    default: break
    }
  }

  /// Tells the observer that time has passed ``nextDeadline``; early calls do nothing.
  public mutating func advance(to now: Instant) {
    observe(now)
    guard self.now >= requestDeadline, !isContradicted else { return }
    giveUpQuorum()
    if source == nil || self.now >= heard + patience || hasBetterSource {
      changeSource()
    } else {
      if hasGap { restartStream() }
      request()
    }
  }

  /// Asks the leader for an index that makes reads linearizable; the answer appears in `effects.reads`.
  ///
  /// The question or its answer may get lost: a host asks again, with a new name, when no answer came.
  public mutating func requestReadIndex(_ id: ReadID, at now: Instant) {
    observe(now)
    switch settings.readIndex {
    case .leader: askLeader(id)
    case .quorum: askQuorum(id)
    }
  }

  mutating func askLeader(_ id: ReadID) {
    guard let leader else {
      effects.reads.append(ReadOutcome(id: id, index: nil))
      return
    }
    send(.readIndexRequest(ReadIndexRequest(term: term, id: id)), to: leader)
  }

  /// Reports that reads waited too long: the leader or the source at work is not what it seems.
  public mutating func noteLagging(at now: Instant) {
    observe(now)
    leader = nil
    changeSource()
  }

  mutating func observe(_ now: Instant) {
    if now > self.now { self.now = now }
  }

  mutating func send(_ message: Message, to target: NodeID) {
    effects.messages.append(Envelope(from: id, to: target, message: message))
  }
}
