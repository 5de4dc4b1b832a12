/// Read index: reads that are linearizable without a log entry (Raft thesis, 6.4).
///
/// The order is: note the commit index, confirm leadership by a round that started afterwards, wait until that index
/// is applied, serve (traps 54 to 56).
extension RaftNode {
  /// Asks for an index that makes reads linearizable; the answer appears in `effects.reads`.
  ///
  /// A follower asks its leader; that question or its answer may get lost, so a host asks again, with a new name, when
  /// no answer came.
  public mutating func requestReadIndex(_ id: ReadID, at now: Instant) {
    guard fault == nil else { return }
    if now > self.now { self.now = now }
    if role == .leader {
      takeRead(id, from: self.id)
    } else if let leader, leader != self.id {
      send(ReadIndexRequest(term: term, id: id), to: leader)
    } else {
      effects.reads.append(ReadOutcome(id: id, index: nil))
    }
  }

  mutating func onReadIndexRequest(_ message: ReadIndexRequest, from: NodeID) {
    if role == .leader, message.term <= term {
      takeRead(message.id, from: from)
    } else {
      send(ReadIndexResponse(term: term, id: message.id, index: nil), to: from)
    }
  }

  mutating func onReadIndexResponse(_ message: ReadIndexResponse, from: NodeID) {
    if message.term > term { becomeFollower(term: message.term, leader: nil) }
    // A leader of an older term may confirm: it did lead when its round was acknowledged, after the read began.
    effects.reads.append(ReadOutcome(id: message.id, index: message.index))
  }

  /// Says what this voter knows. It does not count in a configuration that is about to change: the change may be
  /// committed by others, and so may entries under it that nobody here has heard of.
  mutating func onQuorumReadRequest(_ message: QuorumReadRequest, from: NodeID) {
    let isSettled = pendingConfigurations.isEmpty && !configuration.isJoint && configuration.isVoter(id)
    send(
      QuorumReadResponse(
        id: message.id, term: term, last: log.lastIndex, configuration: isSettled ? configuration : nil),
      to: from)
  }

  private mutating func takeRead(_ id: ReadID, from: NodeID) {
    let read = Leadership.PendingRead(id: id, from: from, index: commitIndex, round: .zero)
    // Until an entry of its term is committed, a leader's commit index may lag what was acknowledged (trap 54).
    if commitIndex < leadership.termStart, !plays(.readBeforeFirstCommit) {
      counters.readsHeldForTerm += 1
      leadership.reads.append(read)
      return
    }
    let isAlone = isAloneInQuorum
    if isAlone || holdsLease || plays(.readWithoutRound) {
      if !isAlone { counters.leaseReads += 1 }
      answer(read, index: commitIndex)
      return
    }
    leadership.reads.append(read)
    scheduleReadRound()
  }

  @inline(__always)
  var isAloneInQuorum: Bool {
    configuration.voters == [id] && (configuration.outgoing.isEmpty || configuration.outgoing == [id])
  }

  // MARK: Rounds

  private mutating func scheduleReadRound() {
    guard leadership.readDeadline == .distantFuture else { return }
    let earliest = leadership.lastReadRound.map { $0 + settings.readBatchInterval } ?? now
    leadership.readDeadline = max(now, earliest)
  }

  mutating func startReadRoundIfDue() {
    guard leadership.readDeadline <= now else { return }
    leadership.readDeadline = .distantFuture
    guard leadership.assignedReads < leadership.reads.count, mayAssignReads else { return }
    leadership.lastReadRound = now
    sendHeartbeatRound()
  }

  /// Whether the commit index covers everything that was acknowledged before this term (trap 54).
  private var mayAssignReads: Bool { commitIndex >= leadership.termStart || plays(.readBeforeFirstCommit) }

  /// Gives the reads that wait for a round the one that starts now.
  mutating func assignReadsToRound() {
    guard mayAssignReads else { return }
    while leadership.assignedReads < leadership.reads.count {
      leadership.reads[leadership.assignedReads].round = leadership.round
      leadership.assignedReads += 1
    }
    leadership.readDeadline = .distantFuture
  }

  /// Answers the reads whose round a quorum has acknowledged.
  mutating func confirmReads(from slot: Int) {
    guard leadership.assignedReads > 0, progress[slot].acknowledgedRound >= leadership.reads[0].round else { return }
    confirmReads()
  }

  /// Answers what the configuration in force has confirmed already; a smaller one may need nobody's answer any more.
  mutating func confirmReads() {
    guard leadership.assignedReads > 0 else { return }
    progress[id.slot].acknowledgedRound = leadership.round
    let confirmed = Round(reached { $0[$1].acknowledgedRound.rawValue })
    while leadership.assignedReads > 0, leadership.reads[0].round <= confirmed {
      leadership.assignedReads -= 1
      counters.roundReads += 1
      let read = leadership.reads.removeFirst()
      answer(read, index: read.index)
    }
  }

  /// The first commit of the term: the reads that came before it now have a sound index.
  mutating func releaseReadsHeldForTerm() {
    for offset in leadership.assignedReads..<leadership.reads.count { leadership.reads[offset].index = commitIndex }
    guard leadership.assignedReads < leadership.reads.count else { return }
    if isAloneInQuorum {
      while !leadership.reads.isEmpty {
        let read = leadership.reads.removeFirst()
        answer(read, index: read.index)
      }
    } else {
      scheduleReadRound()
    }
  }

  mutating func answer(_ read: Leadership.PendingRead, index: LogIndex?) {
    if read.from == id {
      effects.reads.append(ReadOutcome(id: read.id, index: index))
    } else {
      send(ReadIndexResponse(term: term, id: read.id, index: index), to: read.from)
    }
  }

  // MARK: Lease

  /// Whether reads need no round: a quorum acknowledged a round sent so recently that none of its members can have
  /// voted for somebody else since (thesis, 6.4.1; trap 58).
  var holdsLease: Bool {
    mutating get {
      guard case .lease(let drift) = settings.readConfirmation, settings.checksQuorum else { return false }
      guard (leadership.transfer == nil && !leadership.isLeaseForfeited) || plays(.leaseDuringTransfer) else {
        return false
      }
      progress[id.slot].acknowledgedRound = leadership.round
      let confirmed = Round(reached { $0[$1].acknowledgedRound.rawValue })
      guard confirmed > .zero, var sent = leadership.rounds.sent(atMost: confirmed) else { return false }
      if plays(.leaseFromReceipt) { sent = quorumHeard }
      let promise = settings.electionTimeout.lowerBound.nanoseconds
      let drifted = promise - promise / 1_000_000 * Int64(drift) - 1
      return now < sent + TimeSpan(nanoseconds: max(0, drifted))
    }
  }
}
