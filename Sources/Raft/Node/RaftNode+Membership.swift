/// Changes of the configuration, effective when applied (Raft thesis, 4; etcd's raft).
extension RaftNode {
  /// Appends a change of the configuration to the leader's log and returns its place.
  public mutating func propose(_ change: ConfigurationChange) throws(ConfigurationRefusal) -> LogPosition {
    if let refusal = refusal(ofBytes: Entry.overhead + 8 * change.steps.count) { throw .proposal(refusal) }
    // One at a time: the one before must be applied, and so must all that this leader inherited (traps 36, 38).
    guard leadership.pendingConfiguration <= appliedIndex || plays(.twoChangesAtOnce) else {
      throw .changePending(at: leadership.pendingConfiguration)
    }
    _ = try next(after: change)
    for step in change.steps {
      guard case .addVoter(let node) = step, configuration.isLearner(node) else { continue }
      let lag = log.lastIndex - progress[node.slot].match
      if lag > settings.promotionLag { throw .learnerBehind(node, lag: lag) }
    }
    let position = appendAsLeader(.configuration(change))
    leadership.pendingConfiguration = position.index
    return position
  }

  /// Reports that the host has applied all entries up to `index`, at most ``applicableIndex``.
  public mutating func applied(through index: LogIndex, at now: Instant) {
    guard fault == nil else { return }
    if now > self.now { self.now = now }
    let limit = applicableIndex
    precondition(index <= limit, "applied \(index) beyond the applicable index \(limit)")
    guard index > appliedIndex else { return }
    while let first = pendingConfigurations.first, first <= index {
      pendingConfigurations.removeFirst()
      appliedIndex = first
      if case .configuration(let change) = log[first].payload { take(change, at: first) }
    }
    appliedIndex = index
    leaveJointIfDue()
  }

  private mutating func take(_ change: ConfigurationChange, at index: LogIndex) {
    // The leader refused what does not apply before it became an entry, and everyone applies the same entries.
    guard let next = try? next(after: change) else { return }
    let before = configuration
    earlierConfigurations.append((until: index, configuration: before))
    configuration = next
    let oldPeers = peers
    rebuildMembership()
    effects.events.append(.configurationApplied(next, at: index))
    guard role == .leader else { return }
    for slot in peers where !oldPeers.contains(slot) { introduce(slot) }
    assignFleet()
    if let target = leadership.transfer?.target, !next.voters.contains(target) { abortTransfer() }
    recountAhead()
    if !next.isVoter(id) {
      // The leader was removed or demoted; the others elect one of their own (traps 27 and 47).
      if before.isVoter(id) { beginDeparture(from: index) }
      return
    }
    // A smaller quorum may have been reached already.
    commitByCounting()
    confirmReads()
  }

  /// Begins to replicate to a new member, which counts as heard from until it had a chance to speak (trap 49).
  private mutating func introduce(_ slot: Int) {
    var fresh = Progress()
    fresh.isMember = true
    fresh.next = log.lastIndex.next
    fresh.lastHeard = now
    progress[slot] = fresh
    sendAppend(to: slot, evenIfEmpty: true)
  }

  /// Stays in office until a quorum of those who remain has stored that the removal is committed.
  ///
  /// Were it to leave at once, a remaining voter that does not know yet would need the vote of the removed leader,
  /// whose log may be longer: two voters would never become one (trap 46).
  private mutating func beginDeparture(from index: LogIndex) {
    flushProposals()
    sendHeartbeatRound()
    leadership.departure = Leadership.Departure(index: index, round: leadership.round)
    for slot in peers { sendAppend(to: slot, evenIfEmpty: true) }
  }

  /// Takes note that the member's disk covers `match` and the commit index sent in `round`.
  mutating func continueDeparture(from slot: Int, match: LogIndex, round: Round) {
    guard let departure = leadership.departure, match >= departure.index, round >= departure.round else { return }
    guard !departure.informed.contains(slot) else { return }
    leadership.departure?.informed.append(slot)
    let informed = departure.informed + [slot]
    if quorum.reached({ informed.contains($0) ? 1 : 0 }) == 1 { becomeFollower(term: term, leader: nil) }
  }

  /// Leaves a joint configuration that leaves by itself, once nothing is pending (traps 38 and 39).
  mutating func leaveJointIfDue() {
    guard role == .leader, configuration.isJoint, configuration.leavesAutomatically else { return }
    if plays(.jointNeverLeft) { return }
    guard leadership.pendingConfiguration <= appliedIndex, leadership.transfer == nil else { return }
    let position = appendAsLeader(.configuration(.leaveJoint))
    leadership.pendingConfiguration = position.index
  }

  mutating func reportCaughtUpLearner(_ slot: Int) {
    guard !progress[slot].wasReportedCaughtUp, !quorum.incoming.contains(slot) else { return }
    let node = NodeID(UInt32(slot))
    guard configuration.isLearner(node), log.lastIndex - progress[slot].match <= settings.promotionLag else { return }
    progress[slot].wasReportedCaughtUp = true
    effects.events.append(.learnerCaughtUp(node))
  }
}
