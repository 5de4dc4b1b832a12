/// Why a proposal was not taken. A refused proposal left no trace in the log.
public enum ProposalRefusal: Error, Sendable, Hashable {
  /// The node does not lead; the hint names who does, when known.
  case notLeader(hint: NodeID?)
  /// The leader is handing over leadership.
  case transferring(to: NodeID)
  /// Too many bytes wait to be committed.
  case logFull
  /// The leader was removed from the configuration.
  case removed
}

/// Why a change of the configuration was not taken.
public enum ConfigurationRefusal: Error, Sendable, Hashable {
  /// The proposal itself was refused.
  case proposal(ProposalRefusal)
  /// An earlier change is not applied yet, or may exist in the log that the leader inherited.
  case changePending(at: LogIndex)
  /// Only leaving is possible in a joint configuration.
  case mustLeaveJointFirst
  /// There is no joint configuration to leave.
  case notJoint
  /// The change would leave no voter.
  case noVotersLeft
  /// The change names a node that is too large, twice, or is not a member.
  case invalidStep(ConfigurationChange.Step)
  /// The learner lags the leader by this many entries and cannot be promoted yet.
  case learnerBehind(NodeID, lag: Int)
}

/// Why leadership was not transferred.
public enum TransferRefusal: Error, Sendable, Hashable {
  /// The node does not lead; the hint names who does, when known.
  case notLeader(hint: NodeID?)
  /// The target is the leader itself.
  case alreadyLeader
  /// The target is not a voter.
  case notVoter(NodeID)
  /// A transfer to the same target is under way.
  case alreadyTransferring(to: NodeID)
}
