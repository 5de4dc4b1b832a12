extension RaftNode {
  /// Takes a message from another member.
  ///
  /// Messages that make no sense (to another node, from this node, with absurd numbers) are dropped.
  public mutating func receive(_ envelope: Envelope, at now: Instant) {
    guard fault == nil, envelope.to == id, envelope.from <= NodeID.largest, envelope.message.isPlausible else {
      return
    }
    guard envelope.from != id else {
      #if Mutants
        takeForFollowersShare(envelope)
      #endif
      return
    }
    observe(now)
    let (from, secretary) = (envelope.from, envelope.via)
    switch envelope.message {
    case .heartbeat(let message): onHeartbeat(message, from: from)
    case .heartbeatResponse(let message): onHeartbeatResponse(message, from: from)
    case .appendEntries(let message): onAppendEntries(message, from: from, via: secretary)
    case .appendAccepted(let message): onAppendAccepted(message, from: from)
    case .appendRejected(let message): onAppendRejected(message, from: from)
    case .preVoteRequest(let message): onPreVoteRequest(message, from: from)
    case .preVoteResponse(let message): onPreVoteResponse(message, from: from)
    case .voteRequest(let message): onVoteRequest(message, from: from)
    case .voteResponse(let message): onVoteResponse(message, from: from)
    case .installSnapshot(let message): onInstallSnapshot(message, from: from)
    case .snapshotReceived(let message): onSnapshotReceived(message, from: from)
    case .timeoutNow(let message): onTimeoutNow(message, from: from)
    case .readIndexRequest(let message): onReadIndexRequest(message, from: from)
    case .readIndexResponse(let message): onReadIndexResponse(message, from: from)
    case .enlistment(let message): onEnlistment(message, from: from)
    case .relayNotice(let message): onRelayNotice(message, from: from)
    case .carriedResponses(let message): onCarriedResponses(message)
    case .feedRequest(let message): onFeedRequest(message, from: from)
    case .quorumReadRequest(let message): onQuorumReadRequest(message, from: from)
    case .relayAppend, .enlistmentAnswer, .feedEntries, .feedSnapshot, .feedRefusal, .quorumReadResponse: break
    }
  }

  /// Tells the node that time has passed ``nextDeadline``; early calls do nothing.
  public mutating func advance(to now: Instant) {
    guard fault == nil else { return }
    observe(now)
    if role == .leader {
      advanceLeadership()
    } else if self.now >= electionDeadline {
      onElectionTimeout()
    }
  }

  /// Sends and persists what the turn's inputs left to be batched; call after the last input of a turn.
  public mutating func endTurn(at now: Instant) {
    guard fault == nil else { return }
    observe(now)
    if role == .leader {
      flushProposals()
      startReadRoundIfDue()
    }
    if hasUnfedEntries { pushFeeds() }
    flushHardState()
  }

  /// Reports that all writes up to `sequence` are durable.
  public mutating func writesCompleted(through sequence: WriteSequence, at now: Instant) {
    guard fault == nil else { return }
    observe(now)
    writes.complete(through: sequence)
    if role == .leader { onOwnWriteDurable() }
    while let promise = writes.release() {
      switch consume promise {
      case .send(let envelope): effects.messages.append(consume envelope)
      case .ownVote(let term): onOwnVoteDurable(in: term)
      }
    }
  }

  /// Reports that a write could not be made durable: the node stops for good (traps 28, 29, 33).
  ///
  /// What of the write and of later ones reached the disk is unknown, and a later write that seems to succeed may stand
  /// behind a hole. So nothing that waits for a write is ever released, and what the turn wanted done is taken back.
  public mutating func writeFailed(at now: Instant) {
    guard fault == nil else { return }
    observe(now)
    let events = effects.events
    effects.removeAll()
    effects.events = events
    stop(.durableWriteFailed(after: writes.completed))
  }

  /// Time never runs backwards inside a node, whatever the host says.
  private mutating func observe(_ now: Instant) {
    if now > self.now { self.now = now }
  }
}

// MARK: - The two ways out

extension RaftNode {
  /// Sends what promises nothing.
  mutating func send(_ announcement: some Announcement, to target: NodeID, via secretary: NodeID? = nil) {
    effects.messages.append(Envelope(from: id, to: target, message: announcement.wrapped, via: secretary))
  }

  /// Sends what rests on durable state, once it is.
  mutating func send(_ promise: some DurablePromise, to target: NodeID, via secretary: NodeID? = nil) {
    flushHardState()
    let message = promise.wrapped
    if writes.isSettled || breaksPromise(message) {
      effects.messages.append(Envelope(from: id, to: target, message: consume message, via: secretary))
    } else {
      writes.gate(.send(Envelope(from: id, to: target, message: consume message, via: secretary)))
    }
  }

  /// Writes term, vote and commit if they changed since the last write.
  ///
  /// Entries that a leader appended in this turn go first, in the same record: a write that names the log's end must
  /// not be taken for the write of entries that no write holds yet.
  mutating func flushHardState() {
    guard writes.isHardStateDirty else { return }
    writeUnwritten()
    guard writes.isHardStateDirty else { return }
    write(from: log.lastIndex.next, entries: [])
  }

  /// Writes the end of the log, and the hard state with it when it changed: one record, in order (trap 31).
  mutating func write(from first: LogIndex, entries: ArraySlice<Entry>) {
    var hardState: HardState?
    var commit = LogIndex.zero
    if writes.isHardStateDirty {
      // The commit index may run ahead of what this write makes durable; what is stored must not.
      commit = min(commitIndex, log.lastIndex)
      hardState = HardState(term: term, vote: plays(.voteNotPersisted) ? nil : vote, commit: commit)
      writes.isHardStateDirty = false
    }
    let sequence = writes.issue(lastIndex: log.lastIndex, commit: commit)
    effects.writes.append(Write(sequence: sequence, hardState: hardState, firstIndex: first, entries: entries))
  }
}
