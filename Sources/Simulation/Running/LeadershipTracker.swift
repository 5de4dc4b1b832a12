import Raft

/// Follows who leads and whether that leader works: it runs and reaches a quorum of voters both ways.
public struct LeadershipTracker: Sendable {
  /// The leader of the highest term that anyone won.
  public private(set) var leader: NodeID?
  /// That term.
  public private(set) var term = Term.zero
  /// Whether that leader is known to work no longer.
  public private(set) var isLost = false
  /// The last term in which a node campaigned because the leader had told it to.
  private var transferTerm: Term?

  /// Nobody has led yet.
  public init() {}

  /// Why a leader gave up in a term: one that hands over gives up in the very term in which the other one campaigns.
  public func causeOfStepDown(in term: Term) -> LeaderLoss { term == transferTerm ? .transfer : .stepDown }

  /// A node campaigned because the leader had told it to.
  public mutating func campaignsAsTold(in term: Term) { transferTerm = term }

  /// A node won an election; what that changes.
  public mutating func elected(_ node: NodeID, _ term: Term, at now: Instant) -> [LeadershipChange] {
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

  /// A node works no longer; what that changes.
  public mutating func lost(_ node: NodeID, cause: LeaderLoss, at now: Instant) -> LeadershipChange? {
    guard leader == node, !isLost else { return nil }
    isLost = true
    return .lost(node, cause: cause, at: now)
  }

  /// A node works again; what that changes.
  public mutating func resumed(_ node: NodeID, at now: Instant) -> LeadershipChange? {
    guard leader == node, isLost else { return nil }
    isLost = false
    return .resumed(node, at: now)
  }
}
