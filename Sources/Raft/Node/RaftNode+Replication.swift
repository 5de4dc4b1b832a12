extension RaftNode {
  // MARK: Appending

  /// Appends a command to the leader's log and returns its place, where it may still be overwritten.
  public mutating func propose(_ command: [UInt8]) throws(ProposalRefusal) -> LogPosition {
    if let refusal = refusal(ofBytes: command.count + Entry.overhead) { throw refusal }
    return appendAsLeader(.command(command))
  }

  /// Why a proposal of this size is not taken now.
  @inline(__always)
  func refusal(ofBytes bytes: Int) -> ProposalRefusal? {
    guard role == .leader, fault == nil else { return .notLeader(hint: fault == nil ? leader : nil) }
    if let transfer = leadership.transfer { return .transferring(to: transfer.target) }
    guard configuration.isVoter(id) else { return .removed }
    // One proposal is always let through, so that the largest command does not depend on the bound.
    let waiting = leadership.uncommittedBytes
    return waiting > 0 && waiting + bytes > settings.maximumUncommittedBytes ? .logFull : nil
  }

  @discardableResult
  mutating func appendAsLeader(_ payload: Entry.Payload) -> LogPosition {
    let entry = Entry(term: term, payload: payload)
    // The stall is measured from when entries began to wait.
    if commitIndex == log.lastIndex { noteCommitProgress() }
    log.append(entry)
    leadership.uncommittedBytes += entry.cost
    if leadership.unwritten == nil { leadership.unwritten = log.lastIndex }
    leadership.unsent = true
    if entry.isConfiguration {
      pendingConfigurations.append(log.lastIndex)
      writes.isHardStateDirty = true
    }
    progress[id.slot].next = log.lastIndex.next
    return log.last
  }

  /// Writes what this turn's proposals appended and sends it: the disk and the followers work at the same time.
  mutating func flushProposals() {
    writeUnwritten()
    guard leadership.unsent || leadership.commitToAnnounce else { return }
    leadership.unsent = false
    leadership.commitToAnnounce = false
    nextRound()
    for slot in peers where relay(of: slot) == nil {
      sendAppend(to: slot, evenIfEmpty: progress[slot].sentCommit < commitIndex)
    }
    if !leadership.fleet.isEmpty { relayAll() }
  }

  mutating func writeUnwritten() {
    guard let first = leadership.unwritten else { return }
    leadership.unwritten = nil
    cutSlice(from: first)
    let count = log.lastIndex - first + 1
    // A slice is cut to the size of a message; what the disk gets has no such bound.
    let entries =
      leadership.slice.count == count
      ? leadership.slice : log.entries(from: first, maximumCount: count, maximumBytes: .max)
    write(from: first, entries: entries[...])
  }

  // MARK: Sending

  /// Numbers a new wave.
  mutating func nextRound() {
    leadership.round = leadership.round.next
    leadership.rounds.note(leadership.round, at: now)
  }

  /// Keeps the entries from `first` on for every follower that needs the same ones.
  mutating func cutSlice(from first: LogIndex) {
    if leadership.sliceFirst == first && leadership.sliceLogEnd == log.lastIndex { return }
    leadership.slice = log.entries(
      from: first, maximumCount: settings.maximumEntriesPerMessage, maximumBytes: settings.maximumBytesPerMessage)
    leadership.sliceFirst = first
    leadership.sliceLogEnd = log.lastIndex
  }

  /// Sends the follower what it lacks, as far as its window allows.
  mutating func sendAppend(to slot: Int, evenIfEmpty: Bool) {
    guard progress[slot].isMember, !progress[slot].isPaused else { return }
    let previous = progress[slot].next.previous
    guard let previousTerm = log.term(at: previous) else {
      startSnapshot(to: slot)
      return
    }
    var entries: [Entry] = []
    if previous < log.lastIndex, !isWindowFull(slot) {
      cutSlice(from: progress[slot].next)
      entries = leadership.slice
    }
    if entries.isEmpty && !evenIfEmpty { return }
    send(append(entries, after: LogPosition(index: previous, term: previousTerm)), to: NodeID(UInt32(slot)))
    noteSent(to: slot, count: entries.count)
  }

  /// Entries as they leave the leader now: never without the commit index of their batch (elastic protocol, 5.3).
  @inline(__always)
  func append(_ entries: [Entry], after previous: LogPosition) -> AppendEntries {
    AppendEntries(
      term: term, round: leadership.round, previous: previous,
      commit: plays(.entriesWithoutCommit) && !entries.isEmpty ? .zero : commitIndex, entries: entries)
  }

  /// Notes that a follower was sent so many entries, by whatever way.
  @inline(__always)
  mutating func noteSent(to slot: Int, count: Int) {
    progress[slot].sent(count: count, inflightLimit: settings.maximumInflightMessages)
    progress[slot].sentCommit = commitIndex
    progress[slot].lastSent = now
    progress[slot].lastSentRound = leadership.round
  }

  private func isWindowFull(_ slot: Int) -> Bool {
    if case .replicate = progress[slot].state {
      return progress[slot].inflights.isFull(limit: settings.maximumInflightMessages)
    }
    return false
  }

  /// Sends messages until the window is full or everything is sent.
  private mutating func sendBacklog(to slot: Int) {
    if let place = relay(of: slot) {
      if progress[slot].next <= log.lastIndex { relay(through: place) }
      return
    }
    while progress[slot].next <= log.lastIndex, !progress[slot].isPaused {
      let before = progress[slot].next
      sendAppend(to: slot, evenIfEmpty: false)
      guard progress[slot].next > before else { return }
    }
  }

  /// Shows every member that the leader lives, and commits what each is known to hold.
  mutating func sendHeartbeats() {
    leadership.heartbeatDeadline = now + settings.heartbeatInterval
    sendHeartbeatRound()
  }

  /// A wave of heartbeats; every read that waits without a round is confirmed by it.
  mutating func sendHeartbeatRound() {
    nextRound()
    assignReadsToRound()
    for slot in peers {
      let commit = min(progress[slot].match, commitIndex)
      send(Heartbeat(term: term, round: leadership.round, commit: commit), to: NodeID(UInt32(slot)))
    }
    if isAloneInQuorum { confirmReads() }
  }

  // MARK: Answers

  /// Whether the sender is a member that answers this leadership; steps down when its term is higher.
  private mutating func acceptAnswer(from: NodeID, term messageTerm: Term, round: Round) -> Bool {
    if messageTerm > term {
      becomeFollower(term: messageTerm, leader: nil)
      return false
    }
    guard role == .leader, messageTerm == term, from.slot < progress.count, progress[from.slot].isMember else {
      return false
    }
    progress[from.slot].lastHeard = now
    if round > progress[from.slot].acknowledgedRound, round <= leadership.round {
      progress[from.slot].acknowledgedRound = round
      confirmReads(from: from.slot)
    }
    return role == .leader
  }

  mutating func onHeartbeatResponse(_ message: HeartbeatResponse, from: NodeID) {
    guard acceptAnswer(from: from, term: message.term, round: message.round) else { return }
    let slot = from.slot
    if case .snapshot = progress[slot].state {
      retrySnapshot(to: slot)
      return
    }
    // A secretary is slower than a heartbeat, and has a bound of its own.
    guard progress[slot].relayedSince == .distantFuture else { return }
    let isInformed = leadership.departure?.informed.contains(slot) ?? true
    guard progress[slot].match < log.lastIndex || !isReplicating(slot) || !isInformed else { return }
    // Lost messages leave a full window or a paused probe behind; one more message finds out (trap 25). Not while the
    // answer to the last one may still be on its way: reads start many rounds in the time of one round trip, and each
    // would send the same entries again.
    guard message.round > progress[slot].lastSentRound,
      now >= progress[slot].lastSent + settings.heartbeatInterval
    else { return }
    progress[slot].resume()
    sendAppend(to: slot, evenIfEmpty: true)
  }

  private func isReplicating(_ slot: Int) -> Bool {
    if case .replicate = progress[slot].state { true } else { false }
  }

  mutating func onAppendAccepted(_ message: AppendAccepted, from: NodeID) {
    guard acceptAnswer(from: from, term: message.term, round: message.round) else { return }
    // An acknowledgement of what this leader does not have is not one of this leader's messages.
    guard message.match <= log.lastIndex else { return }
    let slot = from.slot
    let before = progress[slot].match
    let isNews = progress[slot].accept(message.match)
    switch progress[slot].state {
    case .probe:
      // Even a repeated match answers a probe.
      if isNews || message.match >= progress[slot].match { progress[slot].becomeReplicate() }
    case .replicate:
      progress[slot].inflights.free(through: message.match)
      if isNews {
        progress[slot].resume()
        noteRelayAnswered(slot)
      }
    case .snapshot:
      // Entries that the leader still holds follow on what the member has: it needs no snapshot any more.
      if progress[slot].match.next >= log.firstIndex {
        progress[slot].becomeProbe()
        progress[slot].becomeReplicate()
      }
    }
    if isNews {
      noteMatch(of: slot, from: before)
      reportCaughtUpLearner(slot)
    }
    continueTransfer(to: from)
    continueDeparture(from: slot, match: message.match, round: message.round)
    if role == .leader { sendBacklog(to: slot) }
  }

  mutating func onAppendRejected(_ message: AppendRejected, from: NodeID) {
    guard acceptAnswer(from: from, term: message.term, round: message.round) else { return }
    let slot = from.slot
    if message.previous == .zero, progress[slot].match == .zero, case .probe = progress[slot].state {
      // Every log agrees at position zero: only a node that lacks the first configuration rejects it.
      startSnapshot(to: slot)
      return
    }
    let match = log.latestPossibleMatch(at: message.hint.index, term: message.hint.term)
    if case .replicate = progress[slot].state, message.previous > progress[slot].match { snoozeRelay(of: slot) }
    guard progress[slot].reject(message.previous, possibleMatch: match.index) else { return }
    sendAppend(to: slot, evenIfEmpty: true)
  }

  // MARK: Committing

  /// Takes note that the leader's own disk caught up.
  mutating func onOwnWriteDurable() {
    let before = progress[id.slot].match
    guard writes.durableIndex > before else { return }
    progress[id.slot].match = writes.durableIndex
    noteMatch(of: id.slot, from: before)
  }

  /// Commits if the member's new match index makes a quorum.
  ///
  /// In a configuration that is not joint, voters ahead of the commit index are counted as they pass it, so that most
  /// acknowledgements cost the same in a group of 3 and of 301.
  private mutating func noteMatch(of slot: Int, from before: LogIndex) {
    let match = progress[slot].match
    guard match > commitIndex else { return }
    if before <= commitIndex, quorum.incoming.contains(slot) { leadership.ahead += 1 }
    if leadership.ahead >= quorum.majority || plays(.commitsOnHalf) { commitByCounting() }
  }

  /// Only entries of the current term are committed by counting (thesis, 3.6.2; trap 16).
  mutating func commitByCounting() {
    let reached = LogIndex(reached { $0[$1].match.rawValue })
    guard reached > commitIndex, reached <= log.lastIndex else { return }
    guard reached >= leadership.termStart || plays(.commitsOlderTerm) else { return }
    let before = commitIndex
    advanceCommit(to: reached)
    let first = max(before.next, leadership.termStart)
    if first <= reached { leadership.uncommittedBytes -= log.cost(from: first, through: reached) }
    leadership.commitToAnnounce = true
    recountAhead()
    noteCommitProgress()
    if before < leadership.termStart { releaseReadsHeldForTerm() }
  }

  mutating func recountAhead() {
    leadership.ahead = 0
    for slot in quorum.incoming where progress[slot].match > commitIndex { leadership.ahead += 1 }
  }

  /// What a quorum of the configuration in force has reached. A member's value is read in place: its progress is large.
  @inline(__always)
  mutating func reached(_ value: (borrowing ContiguousArray<Progress>, Int) -> UInt64) -> UInt64 {
    quorum.reached { slot in value(progress, slot) }
  }
}
