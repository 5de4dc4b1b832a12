/// Leadership transfer (Raft thesis, 3.10).
extension RaftNode {
  /// Hands leadership to `target` once it has the whole log; gives up after an election timeout.
  ///
  /// Proposals are refused meanwhile. A second call names another target instead.
  public mutating func transferLeadership(to target: NodeID, at now: Instant) throws(TransferRefusal) {
    if now > self.now { self.now = now }
    guard role == .leader, fault == nil else { throw .notLeader(hint: leader) }
    guard target != id else { throw .alreadyLeader }
    guard configuration.voters.contains(target) else { throw .notVoter(target) }
    if let transfer = leadership.transfer {
      if transfer.target == target { throw .alreadyTransferring(to: target) }
      abortTransfer()
    }
    leadership.transfer = Leadership.Transfer(
      target: target, deadline: self.now + settings.electionTimeout.lowerBound)
    flushProposals()
    continueTransfer(to: target)
    sendAppend(to: target.slot, evenIfEmpty: false)
  }

  /// Tells the target to campaign as soon as it has everything.
  mutating func continueTransfer(to target: NodeID) {
    guard let transfer = leadership.transfer, transfer.target == target, !transfer.wasTold else { return }
    guard progress[target.slot].match == log.lastIndex else { return }
    leadership.transfer?.wasTold = true
    // From here on the target may win at any time, even after the transfer is given up (trap 51).
    leadership.isLeaseForfeited = true
    send(TimeoutNow(term: term, last: log.last), to: target)
  }

  mutating func abortTransfer() {
    guard let transfer = leadership.transfer else { return }
    leadership.transfer = nil
    effects.events.append(.transferAborted(transfer.target))
    leaveJointIfDue()
  }

  /// Campaigns at once if the sender still leads and this node has its log; a late message elects nobody (trap 51).
  mutating func onTimeoutNow(_ message: TimeoutNow, from: NodeID) {
    guard message.term == term, role == .follower, leader == from, log.last == message.last, isPromotable else {
      counters.transfersOverdue += 1
      return
    }
    campaign(.transfer)
  }
}
