/// Who votes, who learns, and whether the group is between two configurations (Raft thesis, 4.3).
///
/// While joint, agreement needs a majority of `voters` and a majority of `outgoing`. All lists are sorted and hold
/// no duplicates.
public struct Configuration: Hashable, Sendable {
  /// The voters; while joint, those of the new configuration.
  public internal(set) var voters: [NodeID]
  /// The voters of the old configuration while joint; empty otherwise.
  public internal(set) var outgoing: [NodeID]
  /// Members that receive the log and do not vote.
  public internal(set) var learners: [NodeID]
  /// Voters of the old configuration that become learners when the joint configuration is left (trap 45).
  public internal(set) var learnersNext: [NodeID]
  /// Whether the leader leaves the joint configuration by itself once it is applied.
  public internal(set) var leavesAutomatically: Bool

  /// A configuration that is not joint.
  public init(voters: [NodeID], learners: [NodeID] = []) {
    self.voters = Array(Set(voters)).sorted()
    self.learners = Array(Set(learners).subtracting(voters)).sorted()
    outgoing = []
    learnersNext = []
    leavesAutomatically = false
  }

  /// A configuration as it was written down; whoever read it checks that it is one.
  package init(
    voters: [NodeID], outgoing: [NodeID], learners: [NodeID], learnersNext: [NodeID], leavesAutomatically: Bool
  ) {
    self.voters = voters
    self.outgoing = outgoing
    self.learners = learners
    self.learnersNext = learnersNext
    self.leavesAutomatically = leavesAutomatically
  }

  /// Whether the group is between two configurations.
  public var isJoint: Bool { !outgoing.isEmpty }
}
