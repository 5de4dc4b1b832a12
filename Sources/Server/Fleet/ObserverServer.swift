import KeyValue
import Raft

/// An observer that answers reads: its side of the protocol and a copy of the committed state (elastic Raft, 4.3).
///
/// The host treats it as it treats ``Server``. Nothing of it is durable. Reads that arrive while a batch waits for its
/// index form the next one: the leader's cost grows with observers, not with reads.
public struct ObserverServer: Sendable {
  /// The observer's side of the protocol.
  public internal(set) var node: ObserverNode
  /// The copy of the state.
  public internal(set) var store: Store
  /// What the host is to do.
  public var effects = ServerEffects()
  /// How the server answers.
  public let settings: ServerSettings
  /// The last entry that was applied.
  public private(set) var applied: LogPosition = .zero
  /// When ``advance(to:)`` is to be called next.
  public private(set) var nextDeadline: Instant

  var reads: PendingReads
  var arriving: ArrivingSnapshot?
  #if Mutants
    /// The known-bad variant that the observer plays; none but under the fuzzer.
    var mutant: Mutant?
    var lastIndex: LogIndex?
  #endif

  /// Starts an observer with nothing; `incarnation` must differ between starts.
  public init(
    id: NodeID, incarnation: Incarnation, observer: ObserverSettings, settings: ServerSettings, sources: [NodeID],
    now: Instant
  ) {
    self.settings = settings
    store = Store(limits: settings.limits)
    reads = PendingReads(firstID: incarnation.rawValue << 40)
    node = ObserverNode(id: id, incarnation: incarnation, settings: observer, sources: sources, now: now)
    nextDeadline = node.nextDeadline
  }

  #if Mutants
    /// Plays a known-bad variant from now on; for checking the checkers only.
    package mutating func play(_ mutant: Mutant) { self.mutant = mutant }
  #endif

  // MARK: Inputs

  /// Takes a message.
  public mutating func receive(_ envelope: Envelope, at now: Instant) { node.receive(envelope, at: now) }

  /// Replaces the nodes to take a feed from, nearest first.
  public mutating func setSources(_ nodes: [NodeID]) { node.setSources(nodes) }

  /// Tells the server that time has passed ``nextDeadline``.
  public mutating func advance(to now: Instant) {
    if now >= node.nextDeadline { node.advance(to: now) }
    // Reads that waited in vain show that the leader or the source is not what it seems.
    if reads.expire(at: now) { node.noteLagging(at: now) }
  }

  /// Takes a client's request; the answer goes to `address`. Writes are for the leader.
  public mutating func receive(_ request: ClientRequest, from address: ClientAddress, at now: Instant) {
    guard let query = request.operation.query, applied.index > .zero else {
      return reply(.redirect(to: node.leader), to: address, request.client, request.sequence)
    }
    if let refusal = store.refusal(of: query) { return reply(refusal, to: address, request.client, request.sequence) }
    if mayServeAtOnce(request, at: now) {
      effects.operations += 1
      return reply(.done(store.answer(query)), to: address, request.client, request.sequence)
    }
    guard reads.count < settings.maximumPending else {
      return reply(.busy, to: address, request.client, request.sequence)
    }
    reads.append(
      PendingReads.Waiting(address: address, client: request.client, sequence: request.sequence, query: query))
  }

  private func mayServeAtOnce(_ request: ClientRequest, at now: Instant) -> Bool {
    #if Mutants
      if mutant == .observerReusesIndex, let lastIndex, applied.index >= lastIndex { return true }
    #endif
    return reads.mayServeAtOnce(request.consistency, settings: settings, at: now)
  }

  /// Ends a turn: entries are applied, reads get an index, and what can be answered is.
  public mutating func endTurn(at now: Instant) {
    // Reads that waited for the batch before theirs ask as soon as that has its index.
    repeat {
      if reads.isIdle, let id = reads.ask(at: now, deadline: now + .milliseconds(settings.readTimeoutMilliseconds)) {
        node.requestReadIndex(id, at: now)
      }
      repeat { takeNodeEffects(at: now) } while !node.effects.isEmpty
      answerReads()
    } while reads.isIdle && reads.unasked > 0
    nextDeadline = min(node.nextDeadline, reads.deadline)
  }

  // MARK: From the feed to the state

  private mutating func takeNodeEffects(at now: Instant) {
    var taken = ObserverEffects()
    swap(&taken, &node.effects)
    effects.messages.append(contentsOf: taken.messages)
    for run in taken.entries { apply(run) }
    for outcome in taken.reads {
      reads.take(outcome)
      #if Mutants
        lastIndex = outcome.index ?? lastIndex
      #endif
    }
    for chunk in taken.snapshotChunks { stage(chunk, at: now) }
  }

  private mutating func apply(_ run: CommittedRun) {
    // A snapshot that was restored meanwhile covers what came before it.
    guard run.previous == applied else { return }
    for entry in run.entries {
      applied = LogPosition(index: applied.index.next, term: entry.term)
      if settings.reportsObserved { effects.observed.append(ObservedEntry(position: applied, entry: entry)) }
      guard case .command(let bytes) = entry.payload else { continue }
      if let command = try? Command(decoding: bytes) {
        _ = store.apply(command, at: applied.index)
      } else if let command = try? ShardCommand(decoding: bytes) {
        _ = store.apply(command, at: applied.index)
      } else {
        continue
      }
      effects.operations += 1
    }
  }

  private mutating func stage(_ chunk: FeedSnapshot, at now: Instant) {
    let description = chunk.snapshot.value
    guard node.isAwaiting(description) else { return }
    if chunk.offset == 0 {
      arriving = ArrivingSnapshot(description: description, restorer: SnapshotRestorer(limits: settings.limits))
    }
    guard var snapshot = arriving, snapshot.description == description, snapshot.received == chunk.offset else {
      return
    }
    arriving = nil
    do throws(SnapshotError) {
      try snapshot.restorer.consume(chunk.bytes)
      snapshot.received += chunk.bytes.count
      guard snapshot.received <= settings.maximumSnapshotBytes else {
        return node.snapshotRefused(description, at: now)
      }
      if !chunk.isLast {
        arriving = snapshot
        return
      }
      store = try snapshot.restorer.finish()
    } catch {
      return node.snapshotRefused(description, at: now)
    }
    applied = description.last
    node.snapshotInstalled(description, at: now)
  }

  // MARK: Answers

  private mutating func answerReads() {
    var readable = applied.index
    #if Mutants
      if mutant == .observerReadsEarly { readable = LogIndex(.max) }
    #endif
    while let (read, isServed) = reads.popReady(applied: readable) {
      if isServed, let refusal = store.refusal(of: read.query) {
        reply(refusal, to: read.address, read.client, read.sequence)
      } else if isServed {
        effects.operations += 1
        reply(.done(store.answer(read.query)), to: read.address, read.client, read.sequence)
      } else {
        reply(.redirect(to: node.leader), to: read.address, read.client, read.sequence)
      }
    }
  }

  private mutating func reply(
    _ outcome: ClientReply.Outcome, to address: ClientAddress, _ client: ClientID, _ sequence: SequenceNumber
  ) {
    effects.replies.append(
      AddressedReply(
        to: address, reply: ClientReply(client: client, sequence: sequence, outcome: outcome, role: .observer)))
  }
}
