import KeyValue
import Raft
import Storage

/// The composite that answers clients: consensus core, state machine and sessions, without I/O.
///
/// The same code runs under the simulation and on real sockets. The host calls inputs, then ``endTurn(at:)``, then
/// drains ``effects``: sends messages and replies, makes writes and snapshots durable in order and reports them.
/// A command is answered once it is applied, a linearizable read once its read index is (thesis, 6.3 and 6.4).
public struct Server: Sendable {
  /// The member of the group that the server is.
  public internal(set) var node: RaftNode
  /// The replicated state.
  public internal(set) var store: Store
  /// What the host is to do.
  public var effects = ServerEffects()
  /// How the server behaves.
  public let settings: ServerSettings
  /// When ``advance(to:)`` is to be called next, as of the end of the last turn. Stored, since hosts look at it all the
  /// time.
  public private(set) var nextDeadline: Instant

  var writes = PendingWrites()
  var reads: PendingReads
  /// The snapshot that members who lag are given; the one before it is kept while it may still be on its way.
  var snapshots: [SnapshotSave] = []
  /// Whether a snapshot of the server's own is on its way to the disk.
  var isSavingSnapshot = false
  var arriving: ArrivingSnapshot?

  /// Starts a server from what its disk holds; `incarnation` must differ between starts.
  ///
  /// Throws ``ServerRefusal`` when the disk's contents cannot be relied on.
  public init(
    id: NodeID, state: DurableState, snapshot: [UInt8]?, raft: Settings, settings: ServerSettings,
    random: RandomSource, incarnation: UInt64, now: Instant
  ) throws(ServerRefusal) {
    self.settings = settings
    reads = PendingReads(firstID: incarnation << 40)
    store = Store(limits: settings.limits)
    if let snapshot {
      store = try Server.restore([snapshot], limits: settings.limits)
      snapshots = [SnapshotSave(description: state.snapshot, bytes: snapshot, replacesLog: false)]
    } else if state.snapshot.last.index > .zero {
      throw .snapshotMissing(last: state.snapshot.last.index)
    }
    do {
      node = try RaftNode(id: id, state: state, settings: raft, random: random, now: now)
    } catch {
      throw .recovery(error)
    }
    nextDeadline = node.nextDeadline
  }

  #if Mutants
    /// Plays a known-bad variant from now on; for checking the checkers only.
    package mutating func play(_ mutant: Mutant) { node.play(mutant) }
  #endif

  /// Tells the server where members stand, by slot.
  public mutating func setLocalities(_ localities: ContiguousArray<Locality?>) { node.setLocalities(localities) }

  /// Checks the node's own invariants in place.
  public mutating func check(with invariants: inout Invariants) -> String? { node.check(with: &invariants) }

  /// Lets a closure look at the node in place; a node that is passed from module to module is copied, which costs more
  /// than most checks.
  public mutating func withNode<Result>(_ look: (UnsafePointer<RaftNode>) -> Result) -> Result {
    withUnsafePointer(to: &node) { look($0) }
  }

  // MARK: Inputs

  /// Takes a message from another member.
  public mutating func receive(_ envelope: Envelope, at now: Instant) { node.receive(envelope, at: now) }

  /// Tells the server that time has passed ``nextDeadline``.
  public mutating func advance(to now: Instant) {
    if now >= node.nextDeadline { node.advance(to: now) }
    _ = reads.expire(at: now)
  }

  /// Reports that all writes up to `sequence` are durable.
  public mutating func writesCompleted(through sequence: WriteSequence, at now: Instant) {
    node.writesCompleted(through: sequence, at: now)
  }

  /// Reports that a write or a snapshot could not be made durable: the server stops for good and says nothing more.
  public mutating func writeFailed(at now: Instant) { node.writeFailed(at: now) }

  /// Takes a client's request; the answer goes to `address`.
  public mutating func receive(_ request: ClientRequest, from address: ClientAddress, at now: Instant) {
    guard node.fault == nil else { return }
    if let query = request.operation.query {
      takeRead(request, query, from: address, at: now)
    } else {
      takeWrite(request, from: address)
    }
  }

  /// Ends a turn: batches leave, what is committed is applied, and what can be answered is.
  public mutating func endTurn(at now: Instant) {
    guard node.fault == nil else { return fallSilent() }
    if let id = reads.ask(at: now, deadline: now + .milliseconds(settings.readTimeoutMilliseconds)) {
      node.requestReadIndex(id, at: now)
    }
    node.endTurn(at: now)
    while true {
      takeNodeEffects(at: now)
      let before = node.appliedIndex
      applyCommitted(at: now)
      answerReads()
      if node.appliedIndex == before && !node.hasOwnEffects { break }
      node.endTurn(at: now)
    }
    takeSnapshotIfDue()
    nextDeadline = min(node.nextDeadline, reads.deadline)
  }

  /// Takes back whatever a server whose node has stopped was about to do, save the report of why.
  private mutating func fallSilent() {
    var events = effects.events
    events.append(contentsOf: node.effects.events)
    node.effects.removeAll()
    effects.removeAll()
    effects.events = events
    nextDeadline = .distantFuture
  }

  // MARK: Requests

  private mutating func takeRead(
    _ request: ClientRequest, _ query: Query, from address: ClientAddress, at now: Instant
  ) {
    if let refusal = store.refusal(of: query) { return reply(refusal, to: address, request.client, request.sequence) }
    if reads.mayServeAtOnce(request.consistency, settings: settings, at: now) || node.plays(.readsWithoutIndex) {
      effects.operations += 1
      reply(.done(store.answer(query)), to: address, request.client, request.sequence)
      return
    }
    guard node.role == .leader || (settings.servesFollowerReads && node.leader != nil) else {
      return reply(.redirect(to: node.leader), to: address, request.client, request.sequence)
    }
    guard reads.count < settings.maximumPending else {
      return reply(.busy, to: address, request.client, request.sequence)
    }
    reads.append(
      PendingReads.Waiting(address: address, client: request.client, sequence: request.sequence, query: query))
  }

  private mutating func takeWrite(_ request: ClientRequest, from address: ClientAddress) {
    guard node.role == .leader else {
      return reply(.redirect(to: node.leader), to: address, request.client, request.sequence)
    }
    // What is applied is committed: a retry of it needs no second entry.
    if !node.plays(.duplicateExecuted), let outcome = store.recall(request.client, request.sequence),
      let result = outcome.result
    {
      return reply(.done(result), to: address, request.client, request.sequence)
    }
    if let refusal = store.refusal(of: request.operation) {
      return reply(refusal, to: address, request.client, request.sequence)
    }
    let command = Command(client: request.client, sequence: request.sequence, operation: request.operation)
    propose(command.encoded(), for: request.client, request.sequence, from: address)
  }

  /// Appends a command to the leader's log, and answers when it is applied or when it cannot be appended.
  @inline(__always)
  mutating func propose(
    _ command: @autoclosure () -> [UInt8], for client: ClientID, _ sequence: SequenceNumber,
    from address: ClientAddress
  ) {
    guard writes.count < settings.maximumPending else { return reply(.busy, to: address, client, sequence) }
    do {
      let position = try node.propose(command())
      writes.append(
        PendingWrites.Waiting(position: position, address: address, client: client, sequence: sequence))
    } catch {
      switch error {
      case .notLeader(let hint): reply(.redirect(to: hint), to: address, client, sequence)
      case .transferring(let target): reply(.redirect(to: target), to: address, client, sequence)
      case .removed: reply(.redirect(to: nil), to: address, client, sequence)
      case .logFull: reply(.busy, to: address, client, sequence)
      }
    }
  }

  mutating func reply(
    _ outcome: ClientReply.Outcome, to address: ClientAddress, _ client: ClientID, _ sequence: SequenceNumber
  ) {
    effects.replies.append(
      AddressedReply(
        to: address, reply: ClientReply(client: client, sequence: sequence, outcome: outcome, role: .member(node.role)))
    )
  }

  // MARK: Administration

  /// Appends a change of the configuration to the leader's log.
  public mutating func propose(_ change: ConfigurationChange) throws(ConfigurationRefusal) -> LogPosition {
    try node.propose(change)
  }

  /// Asks the node to campaign now, unless it knows a leader.
  public mutating func campaign(at now: Instant) { node.campaign(at: now) }

  /// Hands leadership to another voter.
  public mutating func transferLeadership(to target: NodeID, at now: Instant) throws(TransferRefusal) {
    try node.transferLeadership(to: target, at: now)
  }
}

/// Why a server cannot start from what its disk holds.
public enum ServerRefusal: Error, Hashable, Sendable, CustomStringConvertible {
  /// The log and the hard state do not fit together.
  case recovery(RecoveryRefusal)
  /// The log continues a snapshot that is not there.
  case snapshotMissing(last: LogIndex)
  /// The snapshot's bytes are not those of a snapshot.
  case snapshotCorrupt(SnapshotError)

  /// The value as a sentence.
  public var description: String {
    switch self {
    case .recovery(let refusal): "\(refusal)"
    case .snapshotMissing(let last): "the snapshot up to \(last), which the log continues, is missing"
    case .snapshotCorrupt(let error): "the snapshot is not one: \(error)"
    }
  }
}
