/// A snapshot on its way to this node.
struct ArrivingSnapshot: Sendable {
  enum State: Sendable {
    /// Chunks up to this offset in bytes are here.
    case staging(received: Int)
    /// Everything is here; the host restores it and makes it durable.
    case installing
  }

  var description: SnapshotDescription
  var state: State
  /// Whom to tell, and in answer to which round.
  var from: NodeID
  var round: Round
}

/// Compaction, and snapshots for members that lag behind it (Raft thesis, 5).
extension RaftNode {
  // MARK: The node's own snapshots

  /// What a snapshot of the state machine taken now would stand for; nil when the last one is as new.
  public var snapshotDescription: SnapshotDescription? {
    guard appliedIndex > log.snapshot.last.index, let term = log.term(at: appliedIndex) else { return nil }
    return SnapshotDescription(
      last: LogPosition(index: appliedIndex, term: term), configuration: configuration)
  }

  /// Reports a durable snapshot of the state machine at `index`, which is applied (more may be by now), and drops the
  /// entries before `first`; entries that are kept spare slow followers a snapshot (trap 60).
  public mutating func compact(snapshotAt index: LogIndex, keepingFrom first: LogIndex) {
    guard fault == nil, index > log.snapshot.last.index, index <= appliedIndex, let term = log.term(at: index) else {
      return
    }
    // The configuration belongs to the index: one applied while the snapshot was being written is not part of it.
    while let next = earlierConfigurations.first, next.until <= index { earlierConfigurations.removeFirst() }
    let description = SnapshotDescription(
      last: LogPosition(index: index, term: term),
      configuration: earlierConfigurations.first?.configuration ?? configuration)
    log.compact(to: description, keepingFrom: first)
  }

  // MARK: Sending

  mutating func startSnapshot(to slot: Int) {
    // A member that is not there would only waste it (trap 60).
    guard now < progress[slot].lastHeard + settings.electionTimeout.upperBound else { return }
    let snapshot = log.snapshot
    progress[slot].becomeSnapshot(
      Progress.SnapshotTransfer(snapshot: .description(snapshot), offset: 0, askedAt: now))
    let node = NodeID(UInt32(slot))
    effects.events.append(.snapshotStarted(node, last: snapshot.last.index))
    askForChunk(of: snapshot.last.index, offset: 0, for: node)
  }

  private mutating func askForChunk(of last: LogIndex, offset: Int, for node: NodeID) {
    if last == .zero {
      // Nothing was applied at position zero: the description is all there is to send.
      send(
        InstallSnapshot(
          term: term, round: leadership.round, snapshot: log.snapshot, offset: 0, bytes: [], isLast: true),
        to: node)
      return
    }
    effects.snapshotChunkRequests.append(
      SnapshotChunkRequest(to: node, last: last, offset: offset, limit: settings.snapshotChunkBytes))
  }

  /// Asks for the chunk again when it or its answer seems lost, or for the newest snapshot when the old one is gone.
  mutating func retrySnapshot(to slot: Int) {
    guard case .snapshot(var transfer) = progress[slot].state else { return }
    guard now >= transfer.askedAt + settings.electionTimeout.lowerBound else { return }
    if transfer.snapshot.value.last != log.snapshot.last {
      progress[slot].becomeProbe()
      startSnapshot(to: slot)
      return
    }
    transfer.askedAt = now
    progress[slot].state = .snapshot(transfer)
    askForChunk(of: transfer.snapshot.value.last.index, offset: transfer.offset, for: NodeID(UInt32(slot)))
  }

  /// Answers a request of `effects.snapshotChunkRequests`; an answer that is no longer wanted is ignored.
  public mutating func supplySnapshotChunk(
    _ request: SnapshotChunkRequest, bytes: [UInt8], isLast: Bool, at now: Instant
  ) {
    guard fault == nil else { return }
    if now > self.now { self.now = now }
    if supplyFeedChunk(request, bytes: bytes, isLast: isLast) { return }
    guard role == .leader, request.to.slot < progress.count else { return }
    guard case .snapshot(let transfer) = progress[request.to.slot].state,
      transfer.snapshot.value.last.index == request.last, transfer.offset == request.offset
    else { return }
    send(
      InstallSnapshot(
        term: term, round: leadership.round, snapshot: transfer.snapshot.value, offset: request.offset, bytes: bytes,
        isLast: isLast),
      to: request.to)
  }

  mutating func onSnapshotReceived(_ message: SnapshotReceived, from: NodeID) {
    guard message.term >= term else { return }
    if message.term > term {
      becomeFollower(term: message.term, leader: nil)
      return
    }
    guard role == .leader, from.slot < progress.count, progress[from.slot].isMember else { return }
    let slot = from.slot
    progress[slot].lastHeard = now
    guard case .snapshot(var transfer) = progress[slot].state, transfer.snapshot.value.last.index == message.last
    else { return }
    switch message.progress {
    case .wanted(let offset):
      guard offset != transfer.offset || offset == 0 else { return }
      transfer.offset = offset
      transfer.askedAt = now
      progress[slot].state = .snapshot(transfer)
      askForChunk(of: message.last, offset: offset, for: from)
    case .installed:
      let before = progress[slot].match
      _ = progress[slot].accept(message.last)
      progress[slot].becomeProbe()
      progress[slot].becomeReplicate()
      noteMatchAfterSnapshot(of: slot, from: before)
      reportCaughtUpLearner(slot)
      sendAppend(to: slot, evenIfEmpty: true)
    }
  }

  private mutating func noteMatchAfterSnapshot(of slot: Int, from before: LogIndex) {
    guard progress[slot].match > before else { return }
    recountAhead()
    commitByCounting()
  }

  // MARK: Receiving

  mutating func onInstallSnapshot(_ message: InstallSnapshot, from: NodeID) {
    guard acceptLeader(from, term: message.term, round: message.round) else {
      if fault == nil { send(HeartbeatResponse(term: term, round: .zero), to: from) }
      return
    }
    let description = message.snapshot.value
    let last = description.last
    if case .installing = arriving?.state { return }
    if !isBlank, last.index <= commitIndex || log.contains(last) {
      // The log has all of it: only the commit index is news.
      counters.snapshotsUnneeded += 1
      advanceCommit(to: last.index)
      arriving = nil
      answerSnapshot(last.index, .installed, to: from, round: message.round)
      return
    }
    // A configuration that lacks this node is from before it was added: the entry that adds it follows, and until it
    // is applied the node does not vote for itself (trap 43). Refusing would wait for a newer snapshot for ever.
    stage(message, from: from)
  }

  private mutating func stage(_ message: InstallSnapshot, from: NodeID) {
    let description = message.snapshot.value
    var received = 0
    if let arriving, arriving.description == description, case .staging(let offset) = arriving.state {
      received = offset
    }
    guard message.offset == received else {
      // What is staged stays; the leader goes on from there.
      answerSnapshot(description.last.index, .wanted(offset: received), to: from, round: message.round)
      return
    }
    received += message.bytes.count
    effects.snapshotChunks.append(message)
    arriving = ArrivingSnapshot(
      description: description, state: message.isLast ? .installing : .staging(received: received), from: from,
      round: message.round)
    if !message.isLast {
      answerSnapshot(description.last.index, .wanted(offset: received), to: from, round: message.round)
    }
  }

  /// Forgets a snapshot that is not complete: whoever leads next may encode the same state in other bytes, and a
  /// leader that died in the middle must not keep this node from campaigning.
  mutating func dropStagedChunks() {
    if case .staging = arriving?.state { arriving = nil }
  }

  private mutating func answerSnapshot(
    _ last: LogIndex, _ progress: SnapshotReceived.Progress, to target: NodeID, round: Round
  ) {
    send(SnapshotReceived(term: term, round: round, last: last, progress: progress), to: target)
  }

  /// Reports that a received snapshot is durable and restored into the state machine, which it replaces.
  public mutating func snapshotInstalled(_ snapshot: SnapshotDescription, at now: Instant) {
    guard fault == nil, let arrived = arriving, arrived.description == snapshot else { return }
    if now > self.now { self.now = now }
    arriving = nil
    log.reset(to: snapshot)
    fed = max(fed, snapshot.last.index)
    writes.reset(to: snapshot.last.index)
    pendingConfigurations.removeAll()
    earlierConfigurations.removeAll()
    commitIndex = snapshot.last.index
    appliedIndex = snapshot.last.index
    configuration = snapshot.configuration
    rebuildMembership()
    effects.events.append(.snapshotInstalled(last: snapshot.last))
    effects.events.append(.configurationApplied(snapshot.configuration, at: snapshot.last.index))
    if leader == arrived.from {
      answerSnapshot(snapshot.last.index, .installed, to: arrived.from, round: arrived.round)
    }
  }

  /// Reports that a received snapshot could not be restored: the node asks for it from the beginning.
  public mutating func snapshotRefused(_ snapshot: SnapshotDescription, at now: Instant) {
    guard fault == nil, let arrived = arriving, arrived.description == snapshot else { return }
    if now > self.now { self.now = now }
    arriving = nil
    if leader == arrived.from {
      answerSnapshot(snapshot.last.index, .wanted(offset: 0), to: arrived.from, round: arrived.round)
    }
  }
}
