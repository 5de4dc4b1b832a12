import Raft

/// Follows who leads and whether that leader works: it runs and reaches a quorum of voters both ways.
struct LeadershipTracker: Sendable {
  /// The leader of the highest term that anyone won.
  private(set) var leader: NodeID?
  private(set) var term = Term.zero
  /// Whether that leader is known to work no longer.
  private(set) var isLost = false

  mutating func elected(_ node: NodeID, _ term: Term, at now: Instant) -> [LeadershipChange] {
    guard term > self.term else { return [] }
    var changes: [LeadershipChange] = []
    // Somebody else was elected although nothing was wrong with the old leader as far as anyone could see.
    if let old = leader, !isLost, old != node { changes.append(.lost(old, cause: .stepDown, at: now)) }
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
