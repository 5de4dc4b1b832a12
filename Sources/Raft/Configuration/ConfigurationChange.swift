/// A change of the configuration: steps that take effect together when the entry is applied.
public struct ConfigurationChange: Hashable, Sendable {
  /// One member's change.
  public enum Step: Hashable, Sendable {
    /// The node becomes a voter; a learner is promoted.
    case addVoter(NodeID)
    /// The node becomes a learner; a voter is demoted.
    case addLearner(NodeID)
    /// The node leaves the group.
    case remove(NodeID)
  }

  /// How the change passes from the old configuration to the new one.
  public enum Transition: Hashable, Sendable {
    /// Directly when at most one voter changes, otherwise jointly with automatic leave.
    case automatic
    /// Through a joint configuration that the leader leaves by itself.
    case jointThenLeave
    /// Through a joint configuration that is left by an explicit proposal.
    case jointUntilTold
  }

  /// The members' changes, in order; no steps at all means: leave the joint configuration.
  public var steps: [Step]
  /// How the change passes from the old configuration to the new one.
  public var transition: Transition

  /// Makes a change.
  public init(_ steps: [Step], transition: Transition = .automatic) {
    self.steps = steps
    self.transition = transition
  }

  /// The change that leaves a joint configuration.
  public static let leaveJoint = ConfigurationChange([])

  /// Whether this is the change that leaves a joint configuration.
  public var leavesJoint: Bool { steps.isEmpty }
}
