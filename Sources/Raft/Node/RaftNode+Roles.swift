/// The only places where a node's part changes.
extension RaftNode {
  /// Follows `leader` in `term`, which is not lower than the node's own.
  mutating func becomeFollower(term newTerm: Term, leader newLeader: NodeID?) {
    precondition(newTerm >= term, "terms never decrease")
    if role == .leader { endLeadership() }
    let isNewTerm = newTerm > term
    if isNewTerm {
      term = newTerm
      vote = nil
      writes.isHardStateDirty = true
      seenRound = .zero
      dropStagedChunks()
    }
    if role != .follower {
      role = .follower
      effects.events.append(.roleChanged(.follower, term: term))
      restartElectionTimer()
    }
    if leader != newLeader || (isNewTerm && newLeader != nil) {
      leader = newLeader
      effects.events.append(.leaderChanged(newLeader, term: term))
    }
  }

  /// Asks whether an election would succeed; the term stays (thesis, 9.6; trap 4).
  mutating func becomePreCandidate() {
    changeToCampaigner(.preCandidate)
    effects.events.append(.campaignStarted(.preVote, term: term.next))
  }

  /// Starts an election in the next term (thesis, 3.4).
  mutating func becomeCandidate(_ campaign: Campaign) {
    term = term.next
    vote = id
    writes.isHardStateDirty = true
    seenRound = .zero
    changeToCampaigner(.candidate)
    effects.events.append(.campaignStarted(campaign, term: term))
  }

  private mutating func changeToCampaigner(_ newRole: Role) {
    precondition(role != .leader, "a leader does not campaign")
    role = newRole
    if leader != nil {
      leader = nil
      effects.events.append(.leaderChanged(nil, term: term))
    }
    for slot in ballots.indices { ballots[slot] = .missing }
    dropStagedChunks()
    effects.events.append(.roleChanged(newRole, term: term))
    restartElectionTimer()
  }

  /// Takes office: probes every member, and commits what it inherited by an empty entry of its own (thesis, 3.6.2).
  mutating func becomeLeader() {
    precondition(role == .candidate, "only a candidate wins")
    role = .leader
    leader = id
    leadership = Leadership()
    for slot in progress.indices {
      var fresh = Progress()
      fresh.isMember = progress[slot].isMember
      fresh.next = log.lastIndex.next
      fresh.lastHeard = now
      progress[slot] = fresh
    }
    progress[id.slot].match = writes.durableIndex
    progress[id.slot].next = log.lastIndex.next
    recountAhead()
    effects.events.append(.roleChanged(.leader, term: term))
    effects.events.append(.leaderChanged(id, term: term))
    leadership.termStart = log.lastIndex.next
    // Whatever configuration the inherited log holds must be applied before another is proposed (trap 36).
    leadership.pendingConfiguration = leadership.termStart
    appendAsLeader(.empty)
    leadership.quorumDeadline = settings.checksQuorum ? now + settings.electionTimeout.lowerBound : .distantFuture
    noteCommitProgress()
    sendHeartbeats()
  }

  /// Leaves office: what waits for this leadership is told so, and what it appended reaches the disk.
  private mutating func endLeadership() {
    writeUnwritten()
    while !leadership.reads.isEmpty { answer(leadership.reads.removeFirst(), index: nil) }
    if let transfer = leadership.transfer, !transfer.wasTold {
      effects.events.append(.transferAborted(transfer.target))
    }
    leadership = Leadership()
    // Leaders send to nobody any more; windows and slices are dropped with the office.
    for slot in progress.indices { progress[slot].inflights.removeAll() }
  }

  /// Draws a new timeout and starts the election timer over.
  mutating func restartElectionTimer() {
    electionTimeout = random.next(in: settings.electionTimeout)
    electionDeadline = now + electionTimeout
  }

  /// Brings the tables by slot in line with the configuration.
  mutating func rebuildMembership() {
    quorum = quorumInForce
    let members = configuration.members
    let slots = max(members.last?.slot ?? 0, id.slot) + 1
    while progress.count < slots { progress.append(Progress()) }
    while ballots.count < slots { ballots.append(.missing) }
    for slot in progress.indices { progress[slot].isMember = false }
    peers.removeAll(keepingCapacity: true)
    for member in members {
      progress[member.slot].isMember = true
      if member != id { peers.append(member.slot) }
    }
  }
}
