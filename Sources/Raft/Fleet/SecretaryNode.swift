/// A secretary: passes a leader's batches on to the followers near it, without I/O and without a say (elastic Raft, 4.2).
///
/// It has no term, vote, acknowledgement, timer or commit index of its own, and nothing that must survive: it can only
/// delay, shorten, repeat or lose what leader and followers say, as any network can. The host calls inputs, then
/// ``endTurn(at:)``, then drains ``messages``, and calls ``advance(to:)`` when ``nextDeadline`` is reached.
public struct SecretaryNode: Sendable {
  /// This node; never a member of a configuration.
  public let id: NodeID
  /// This life of it.
  public let incarnation: Incarnation
  /// How it behaves.
  public let settings: SecretarySettings
  /// Messages to send, in order; the host clears it.
  public var messages: ContiguousArray<Envelope> = []
  /// The newest term it has heard of; a reason to drop what is older, and for nothing else (rule R2).
  public internal(set) var seenTerm: Term = .zero
  /// Who leads that term, when known.
  public internal(set) var leader: NodeID?
  /// Whether it was told to leave soon.
  public internal(set) var isRetiring = false
  /// What it did so far.
  public internal(set) var counters = SecretaryCounters()

  var queue: Queue<Waiting> = Queue()
  var queuedBytes = 0
  var seenAssignment: UInt32 = 0
  var carried: [Envelope] = []
  var tail: CommittedTail
  var feeds = FeedSubscriptions()
  var fed = LogIndex.zero
  /// Until when observers are taken to want a feed, be it that they had to be turned away: what they need comes only
  /// once the leader knows that they are there.
  var feedWantedUntil = Instant.zero
  /// Whom to ask for the leader: the members as the host knows them.
  var contacts: [NodeID]
  /// The contact asked last, and whether it has answered.
  var contact = 0
  var awaitsAnswer = false
  var enlistmentDeadline: Instant
  var now: Instant
  #if Mutants
    /// The known-bad variant that the secretary plays; none but under the fuzzer.
    package var mutant: Mutant?
    var misdeeds = RelayMisdeeds()
  #endif

  /// A batch that waits to be passed on.
  struct Waiting: Sendable {
    var batch: RelayAppend
    var leader: NodeID
    var arrived: Instant
    var bytes: Int
  }

  /// Starts a secretary that knows whom it may ask for the leader.
  public init(id: NodeID, incarnation: Incarnation, settings: SecretarySettings, contacts: [NodeID], now: Instant) {
    self.id = id
    self.incarnation = incarnation
    self.settings = settings
    self.contacts = contacts
    self.now = now
    tail = CommittedTail(capacity: settings.feedCapacity)
    enlistmentDeadline = now
  }

  /// The last entry that it holds for observers, and the last one of them that is committed.
  public var held: (end: LogIndex, committed: LogIndex) { (tail.end, tail.lastCommitted) }

  /// When ``advance(to:)`` is to be called next.
  public var nextDeadline: Instant { enlistmentDeadline }

  /// Replaces the members that the secretary may ask for the leader.
  public mutating func setContacts(_ nodes: [NodeID]) { contacts = nodes }

  /// Takes a message.
  ///
  /// One that makes no sense, or that is not for a secretary, is dropped.
  public mutating func receive(_ envelope: Envelope, at now: Instant) {
    guard envelope.from != id, envelope.from <= NodeID.largest, envelope.receiver == id,
      envelope.message.isPlausible
    else { return }
    observe(now)
    switch envelope.message {
    case .relayAppend(let batch): take(batch, from: envelope.from)
    case .appendAccepted(let response): carry(envelope, term: response.term)
    case .appendRejected(let response): carry(envelope, term: response.term)
    case .enlistmentAnswer(let answer): take(answer, from: envelope.from)
    case .feedRequest(let request): take(request, from: envelope.from)
    default: break
    }
  }

  /// Tells the secretary that time has passed ``nextDeadline``; early calls do nothing.
  public mutating func advance(to now: Instant) {
    observe(now)
    guard self.now >= enlistmentDeadline else { return }
    feeds.expire(at: self.now)
    enlist()
    #if Mutants
      if mutant != nil { speakForTheLeader() }
    #endif
  }

  /// Passes on what the turn brought; call after the last input of a turn.
  public mutating func endTurn(at now: Instant) {
    observe(now)
    passOn()
    deliverCarried()
    if fed < tail.lastCommitted { pushFeeds() }
  }

  /// Makes the secretary leave: it tells the leader at once and forwards what still comes (rule R7).
  public mutating func retire(at now: Instant) {
    observe(now)
    guard !isRetiring else { return }
    isRetiring = true
    enlist()
  }

  private mutating func observe(_ now: Instant) {
    if now > self.now { self.now = now }
  }

  // MARK: Enlisting

  /// Offers its services to the leader, or to the next member that may know it.
  private mutating func enlist() {
    enlistmentDeadline = now + settings.enlistmentInterval
    guard !contacts.isEmpty else { return }
    if awaitsAnswer || leader == nil {
      leader = nil
      contact = (contact + 1) % contacts.count
    }
    awaitsAnswer = true
    send(
      .enlistment(
        Enlistment(
          incarnation: incarnation, locality: settings.locality, capacity: settings.capacity, isRetiring: isRetiring,
          feed: feedWantedUntil <= now
            ? nil : Enlistment.Holdings(term: seenTerm, end: tail.end, commit: tail.commit))),
      to: leader ?? contacts[contact % contacts.count])
  }

  private mutating func take(_ answer: EnlistmentAnswer, from: NodeID) {
    awaitsAnswer = false
    guard answer.term >= seenTerm else { return }
    note(answer.term, leader: answer.leader)
    // Another member leads: it is to hear of this secretary now, not an interval later.
    if let leader = answer.leader, leader != from { enlistmentDeadline = now }
  }

  /// Takes note of a term: batches of older ones are dropped, and nothing else changes (rule R2).
  mutating func note(_ term: Term, leader newLeader: NodeID?) {
    if term > seenTerm {
      #if Mutants
        misdeeds.adopted = term
      #endif
      seenTerm = term
      leader = newLeader
      seenAssignment = 0
      dropQueue()
      tail.forget()
      fed = .zero
    } else if term == seenTerm, let newLeader {
      leader = newLeader
    }
  }

  func envelope(_ message: Message, to target: NodeID) -> Envelope {
    Envelope(from: id, to: target, message: message)
  }

  mutating func send(_ message: Message, to target: NodeID) { messages.append(envelope(message, to: target)) }
}

/// What a secretary did since it started.
public struct SecretaryCounters: Sendable, Hashable {
  /// Batches taken from leaders.
  public var batches = 0
  /// Cuts sent to followers.
  public var cuts = 0
  /// Batches dropped: of an older term, life or assignment, too old, or too many.
  public var dropped = 0
  /// Targets whose next entry was not in the batch.
  public var gaps = 0
  /// Responses carried to leaders.
  public var carried = 0

  /// Nothing done yet.
  public init() {}

  /// Both counts together.
  public static func + (left: SecretaryCounters, right: SecretaryCounters) -> SecretaryCounters {
    var sum = left
    sum.batches += right.batches
    sum.cuts += right.cuts
    sum.dropped += right.dropped
    sum.gaps += right.gaps
    sum.carried += right.carried
    return sum
  }
}
