@testable import Raft

extension Event {
  var words: String {
    switch self {
    case .roleChanged(let role, let term): "becomes \(role.words) in t\(term)"
    case .leaderChanged(let node, let term): "leader of t\(term) is \(node.map { "\($0.rawValue)" } ?? "unknown")"
    case .campaignStarted(let campaign, let term): "campaigns for t\(term): \(campaign.words)"
    case .logTruncated(let first): "cuts its log from \(first) on"
    case .configurationApplied(let configuration, let index): "configuration at \(index): \(configuration.words)"
    case .secretaryHired(let node): "hires secretary \(node.rawValue)"
    case .secretaryRetiring(let node): "secretary \(node.rawValue) is to leave"
    case .secretaryLost(let node): "does without secretary \(node.rawValue)"
    case .learnerCaughtUp(let node): "learner \(node.rawValue) has caught up"
    case .transferAborted(let node): "gives up the transfer to \(node.rawValue)"
    case .snapshotStarted(let node, let last): "begins to give \(node.rawValue) the snapshot at \(last)"
    case .stopped(let fault): "stops for good: \(fault.words)"
    case .snapshotInstalled(let last): "has installed the snapshot at \(last)"
    }
  }
}

extension Role {
  var words: String {
    switch self {
    case .follower: "follower"
    case .preCandidate: "pre-candidate"
    case .candidate: "candidate"
    case .leader: "leader"
    }
  }
}

extension Campaign {
  fileprivate var words: String {
    switch self {
    case .preVote: "pre-vote"
    case .election: "election"
    case .transfer: "transfer"
    }
  }
}

extension NodeFault {
  var words: String {
    switch self {
    case .acknowledgedEntriesLost(let commit, let last): "told to commit \(commit) and has \(last)"
    case .committedEntryContradicted(let index, let held, let received):
      "committed entry \(index)@\(held) contradicted by term \(received)"
    case .durableWriteFailed(let sequence): "the write after #\(sequence.rawValue) failed"
    case .twoLeaders(let term, let one, let other): "\(one.rawValue) and \(other.rawValue) both lead t\(term)"
    }
  }
}

extension ReadOutcome {
  var words: String {
    index.map { "read \(id.rawValue) may be served at \($0)" } ?? "read \(id.rawValue) must be asked anew"
  }
}

extension Write {
  var words: String {
    var parts = ["#\(sequence.rawValue)"]
    if let state = hardState { parts.append("term=\(state.term) vote=\(number(state.vote)) commit=\(state.commit)") }
    if !entries.isEmpty { parts.append(list(entries, after: firstIndex.previous)) }
    return parts.joined(separator: " ")
  }
}

// MARK: Refusals

extension ProposalRefusal {
  var words: String {
    switch self {
    case .notLeader(let hint): "not the leader, which is \(hint.map { "\($0.rawValue)" } ?? "unknown")"
    case .transferring(let target): "handing over to \(target.rawValue)"
    case .logFull: "too much waits to be committed"
    case .removed: "no voter any more"
    }
  }
}

extension ConfigurationRefusal {
  var words: String {
    switch self {
    case .proposal(let refusal): refusal.words
    case .changePending(let index): "the change that may be at \(index) or before is not applied"
    case .mustLeaveJointFirst: "the joint configuration must be left first"
    case .notJoint: "there is no joint configuration to leave"
    case .noVotersLeft: "no voter would be left"
    case .invalidStep(let step): "\(step.words) makes no sense here"
    case .learnerBehind(let node, let lag): "learner \(node.rawValue) lags by \(lag)"
    }
  }
}

extension TransferRefusal {
  var words: String {
    switch self {
    case .notLeader(let hint): "not the leader, which is \(hint.map { "\($0.rawValue)" } ?? "unknown")"
    case .alreadyLeader: "it leads already"
    case .notVoter(let node): "\(node.rawValue) is no voter"
    case .alreadyTransferring(let target): "it is handing over to \(target.rawValue) already"
    }
  }
}

extension RecoveryRefusal {
  var words: String {
    switch self {
    case .identifierTooLarge(let node): "identifier \(node.rawValue) is too large"
    case .commitBeyondLog(let commit, let last): "commit \(commit) is beyond the log's end \(last)"
    case .entryBeyondTerm(let last, let term): "entry \(last) is of a later term than \(term)"
    }
  }
}

// MARK: States

extension RaftNode {
  var words: String {
    "\(id.rawValue) \(role.words) t\(term) vote=\(number(vote)) leader=\(number(leader)) first=\(firstIndex) "
      + "last=\(lastPosition) durable=\(durableIndex) commit=\(commitIndex) applied=\(appliedIndex)"
      + (fault == nil ? "" : " stopped")
  }

  /// What the leader knows about the member in a slot.
  func progressWords(of slot: Int) -> String {
    let progress = progress[slot]
    if slot == id.slot { return "\(slot) self match=\(progress.match)" }
    return "\(slot) \(progress.words) match=\(progress.match) next=\(progress.next)"
  }
}

extension Progress {
  fileprivate var words: String {
    switch state {
    case .probe(let isPaused): isPaused ? "probe paused" : "probe"
    case .replicate(let isPaused): "replicate\(isPaused ? " paused" : "") inflight=\(inflights.count)"
    case .snapshot(let transfer): "snapshot at \(transfer.snapshot.value.last.index) offset=\(transfer.offset)"
    }
  }
}
