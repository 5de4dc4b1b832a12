/// Why a proposal may not happen now.
public enum SkipReason: String, Hashable, Sendable, CaseIterable {
  /// The system that is run has no such thing.
  case notInThisSystem = "not-in-this-system"
  /// There is no such group.
  case noSuchGroup = "no-such-group"
  /// There is no such node, or an earlier action of this epoch takes it away.
  case noSuchNode = "no-such-node"
  /// The node is no secretary or observer.
  case notInFleet = "not-in-fleet"
  /// The node is no voter of the group.
  case notAVoter = "not-a-voter"
  /// The node already leads.
  case alreadyLeader = "already-leader"
  /// The group has no known leader.
  case noLeader = "no-leader"
  /// The node does not run, or its instance is about to be taken away.
  case notReady = "not-ready"
  /// A change of the group, or of the set of groups, is under way or was decided in this epoch.
  case changePending = "change-pending"
  /// Too few voters are alive to carry out a change, or would be after it.
  case noQuorum = "no-quorum"
  /// The group would have fewer voters than wished.
  case belowWishedVoters = "below-wished-voters"
  /// The group would have more voters than allowed.
  case aboveMostVoters = "above-most-voters"
  /// One pool would hold a quorum, which can be avoided.
  case quorumInOneFaultDomain = "quorum-in-one-fault-domain"
  /// Voters cannot be placed in such capacity.
  case notForVoters = "not-for-voters"
  /// No such capacity is on offer.
  case notOffered = "not-offered"
  /// The site, or all of it, would have too many instances.
  case instanceLimit = "instance-limit"
  /// The number of groups would leave its range.
  case groupLimit = "group-limit"
  /// The next epoch would cost more than may be spent.
  case overBudget = "over-budget"
}

/// What may happen with a proposal.
public enum Verdict: Hashable, Sendable {
  /// It may be carried out now.
  case allowed
  /// It may not.
  case skipped(SkipReason)
}

/// A proposal and what may happen with it.
public struct Decision: Hashable, Sendable {
  /// What was proposed.
  public var proposal: ProposedAction
  /// What may happen.
  public var verdict: Verdict

  /// Makes a decision.
  public init(proposal: ProposedAction, verdict: Verdict) {
    self.proposal = proposal
    self.verdict = verdict
  }
}
