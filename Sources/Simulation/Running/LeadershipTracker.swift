import Raft

/// Follows who leads and whether that leader works: it runs and reaches a quorum of voters both ways.
struct LeadershipTracker: Sendable {
  /// The leader of the highest term that anyone won.
  private(set) var leader: NodeID?
  private(set) var term = Term.zero
  /// Whether that leader is known to work no longer.
  private(set) var isLost = false
  /// The last term in which a node campaigned because the leader had told it to.
  private var transferTerm: Term?

  /// A leader that hands over gives up in the very term in which the other one campaigns.
  func causeOfStepDown(in term: Term) -> LeaderLoss { term == transferTerm ? .transfer : .stepDown }

  mutating func campaignsAsTold(in term: Term) { transferTerm = term }

  mutating func elected(_ node: NodeID, _ term: Term, at now: Instant) -> [LeadershipChange] {
    guard term > self.term else { return [] }
    var changes: [LeadershipChange] = []
    // Somebody else was elected although nothing was wrong with the old leader as far as anyone could see.
    if let old = leader, !isLost, old != node {
      changes.append(.lost(old, cause: causeOfStepDown(in: term), at: now))
    }
    leader = node
    self.term = term
    isLost = false
    changes.append(.elected(node, term: term, at: now))
    return changes
  }

  mutating func lost(_ node: NodeID, cause: LeaderLoss, at now: Instant) -> LeadershipChange? {
    guard leader == node, !isLost else { return nil }
    isLost = true
    return .lost(node, cause: cause, at: now)
  }

  mutating func resumed(_ node: NodeID, at now: Instant) -> LeadershipChange? {
    guard leader == node, isLost else { return nil }
    isLost = false
    return .resumed(node, at: now)
  }
}
