extension RaftNode {
  /// Whether the node may campaign: it votes in the configuration in force, has applied every configuration that it
  /// knows to be committed (trap 11), and is not putting a snapshot in its log's stead.
  var isPromotable: Bool {
    if case .installing = arriving?.state { return false }
    guard configuration.isVoter(id) else { return false }
    if let first = pendingConfigurations.first, first <= commitIndex, !plays(.campaignsUnderOldConfiguration) {
      return false
    }
    return true
  }

  mutating func onElectionTimeout() {
    if isPromotable {
      campaign(settings.usesPreVote ? .preVote : .election)
    } else {
      restartElectionTimer()
    }
  }

  /// Asks the node to campaign now, as if its election timeout had passed; it does nothing unless it follows nobody.
  public mutating func campaign(at now: Instant) {
    guard fault == nil, role == .follower, leader == nil else { return }
    if now > self.now { self.now = now }
    onElectionTimeout()
  }

  mutating func campaign(_ campaign: Campaign) {
    switch campaign {
    case .preVote:
      becomePreCandidate()
      ballots[id.slot] = .granted
      let request = PreVoteRequest(term: term.next, last: log.last)
      for voter in otherVoters { send(request, to: voter) }
      settleBallots()
    case .election, .transfer:
      becomeCandidate(campaign)
      // The request leaves, and the own vote counts, only when term, vote and log are durable (traps 1 and 2).
      let request = VoteRequest(term: term, last: log.last, isTransfer: campaign == .transfer)
      for voter in otherVoters { send(request, to: voter) }
      flushHardState()
      if writes.isSettled { onOwnVoteDurable(in: term) } else { writes.gate(.ownVote(term)) }
    }
  }

  mutating func onOwnVoteDurable(in term: Term) {
    guard role == .candidate, self.term == term else { return }
    ballots[id.slot] = .granted
    settleBallots()
  }

  /// The voters of both halves but this node.
  private var otherVoters: [NodeID] {
    Array(Set(configuration.voters + configuration.outgoing)).sorted().filter { $0 != id }
  }

  private mutating func settleBallots() {
    switch quorum.outcome({ ballots[$0] }) {
    case .pending: break
    case .lost: becomeFollower(term: term, leader: nil)
    case .won:
      if role == .preCandidate { campaign(.election) } else { becomeLeader() }
    }
  }

  private mutating func count(_ isGranted: Bool, from: NodeID) {
    guard from.slot < ballots.count else { return }
    if ballots[from.slot] == .missing { ballots[from.slot] = isGranted ? .granted : .refused }
    settleBallots()
  }

  /// The last entry known to be committed.
  private var committed: LogPosition {
    LogPosition(index: commitIndex, term: log.term(at: commitIndex) ?? .zero)
  }

  /// Takes a voter's word for what is committed, if the log has that very entry.
  ///
  /// Without it a candidate could ask for ever for the vote of a removed member whose log is longer, when all it
  /// lacks is the knowledge that it no longer needs that vote (trap 46).
  private mutating func learnCommit(_ position: LogPosition) {
    guard role != .leader, position.index > commitIndex, log.contains(position) else { return }
    counters.commitsLearntFromVoters += 1
    advanceCommit(to: position.index)
    // A campaign under a configuration that is known to be over is given up (trap 11).
    if role != .follower, !isPromotable { becomeFollower(term: term, leader: nil) }
  }

  // MARK: Pre-votes

  /// Whether another candidate is ignored because a leader was heard recently (thesis, 4.2.3).
  private var isSticky: Bool {
    settings.checksQuorum && (role == .leader || now < stickyUntil)
  }

  /// Answers without changing anything: neither term, nor vote, nor timer (traps 3 and 4).
  mutating func onPreVoteRequest(_ message: PreVoteRequest, from: NodeID) {
    guard message.term > term else {
      send(PreVoteResponse(term: term, isGranted: false, committed: committed), to: from)
      return
    }
    if isSticky {
      counters.campaignsIgnored += 1
      return
    }
    let isGranted = message.last >= log.last || plays(.votesAlwaysGranted) || plays(.voteIgnoresLog)
    send(PreVoteResponse(term: isGranted ? message.term : term, isGranted: isGranted, committed: committed), to: from)
  }

  mutating func onPreVoteResponse(_ message: PreVoteResponse, from: NodeID) {
    learnCommit(message.committed)
    if message.isGranted {
      guard role == .preCandidate, message.term == term.next else { return }
      count(true, from: from)
    } else if message.term > term {
      becomeFollower(term: message.term, leader: nil)
    } else if role == .preCandidate, message.term == term {
      count(false, from: from)
    }
  }

  // MARK: Votes

  /// Votes for the first candidate of a term whose log is at least as up to date (thesis, 3.6.1; traps 8, 9, 12).
  mutating func onVoteRequest(_ message: VoteRequest, from: NodeID) {
    if message.term > term {
      // Not even the term is taken from whom leader stickiness ignores: a removed server would depose (trap 14).
      if isSticky && !message.isTransfer {
        counters.campaignsIgnored += 1
        return
      }
      becomeFollower(term: message.term, leader: nil)
    } else if message.term < term {
      send(VoteResponse(term: term, isGranted: false, committed: committed), to: from)
      return
    }
    let mayVote =
      vote == from || (vote == nil && leader == nil && role == .follower) || plays(.votesAlwaysGranted)
    let isUpToDate = message.last >= log.last || plays(.votesAlwaysGranted) || plays(.voteIgnoresLog)
    guard mayVote && isUpToDate else {
      send(VoteResponse(term: term, isGranted: false, committed: committed), to: from)
      return
    }
    if vote != from {
      vote = from
      writes.isHardStateDirty = true
    }
    // Who has heard from the leader goes by its rounds: a request that comes twice is no sign of life.
    if leader == nil { restartElectionTimer() }
    send(VoteResponse(term: term, isGranted: true), to: from)
  }

  mutating func onVoteResponse(_ message: VoteResponse, from: NodeID) {
    learnCommit(message.committed)
    if message.term > term {
      becomeFollower(term: message.term, leader: nil)
    } else if role == .candidate, message.term == term {
      count(message.isGranted, from: from)
    }
  }
}
