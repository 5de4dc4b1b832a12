/// What a leader does as time passes.
extension RaftNode {
  mutating func advanceLeadership() {
    if now >= leadership.quorumDeadline { checkQuorum() }
    guard role == .leader else { return }
    if now >= leadership.stallDeadline { checkCommitProgress() }
    guard role == .leader else { return }
    if let transfer = leadership.transfer, now >= transfer.deadline { abortTransfer() }
    if now >= leadership.fleet.deadline { superviseFleet() }
    if now >= leadership.heartbeatDeadline { sendHeartbeats() }
  }

  /// Steps down when no quorum was heard from for an election timeout (thesis, 6.2; trap 6).
  private mutating func checkQuorum() {
    let deadline = quorumHeard + settings.electionTimeout.lowerBound
    if deadline <= now {
      counters.quorumStepDowns += 1
      becomeFollower(term: term, leader: nil)
    } else {
      leadership.quorumDeadline = deadline
    }
  }

  /// When a quorum had been heard from last.
  var quorumHeard: Instant {
    mutating get {
      progress[id.slot].lastHeard = now
      return Instant(nanoseconds: Int64(reached { UInt64(max(0, $0[$1].lastHeard.nanoseconds)) }))
    }
  }

  mutating func noteCommitProgress() {
    guard let timeout = settings.commitStallTimeout else { return }
    leadership.stallDeadline = now + timeout
  }

  /// Steps down when entries wait and none was committed for too long: a leader that heartbeats and cannot commit,
  /// because disks have stopped, keeps everyone else from trying (trap 61).
  private mutating func checkCommitProgress() {
    if commitIndex < log.lastIndex {
      counters.stallStepDowns += 1
      becomeFollower(term: term, leader: nil)
    } else {
      noteCommitProgress()
    }
  }
}
