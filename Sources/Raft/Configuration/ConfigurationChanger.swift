/// The algebra of configurations: what a change makes of a configuration, or why it cannot (Raft thesis, 4.3).
///
/// Every member computes the same result when it applies the entry, so refusals happen before the entry exists.
/// Entering a joint configuration whose halves share no voter is legal: both majorities must agree (trap 48).
extension Configuration {
  /// The configuration after `change` is applied.
  public func applying(_ change: ConfigurationChange) throws(ConfigurationRefusal) -> Configuration {
    if change.leavesJoint { return try leavingJoint() }
    if isJoint { throw .mustLeaveJointFirst }
    var result = self
    result.outgoing = voters
    for (place, step) in change.steps.enumerated() {
      guard !change.steps[..<place].contains(where: { $0.node == step.node }) else { throw .invalidStep(step) }
      try result.take(step)
    }
    if result.voters.isEmpty { throw .noVotersLeft }
    let changedVoters = Set(voters).symmetricDifference(result.voters).count
    if change.transition == .automatic && changedVoters <= 1 {
      result.learners = (result.learners + result.learnersNext).sorted()
      result.learnersNext = []
      result.outgoing = []
    } else {
      result.leavesAutomatically = change.transition != .jointUntilTold
    }
    return result
  }

  private func leavingJoint() throws(ConfigurationRefusal) -> Configuration {
    guard isJoint else { throw .notJoint }
    return Configuration(voters: voters, learners: learners + learnersNext)
  }

  private mutating func take(_ step: ConfigurationChange.Step) throws(ConfigurationRefusal) {
    let node = step.node
    guard node <= NodeID.largest else { throw .invalidStep(step) }
    switch step {
    case .addVoter:
      guard !voters.contains(node) else { throw .invalidStep(step) }
      learners.removeAll { $0 == node }
      voters = (voters + [node]).sorted()
    case .addLearner:
      guard !learners.contains(node) else { throw .invalidStep(step) }
      if voters.contains(node) {
        // It votes in the outgoing half until the joint configuration is left (trap 45).
        voters.removeAll { $0 == node }
        learnersNext = (learnersNext + [node]).sorted()
      } else {
        learners = (learners + [node]).sorted()
      }
    case .remove:
      guard voters.contains(node) || learners.contains(node) else { throw .invalidStep(step) }
      voters.removeAll { $0 == node }
      learners.removeAll { $0 == node }
    }
  }

  /// Whether the node votes in either half.
  public func isVoter(_ node: NodeID) -> Bool { voters.contains(node) || outgoing.contains(node) }

  /// Whether the node receives the log without voting.
  public func isLearner(_ node: NodeID) -> Bool { !isVoter(node) && learners.contains(node) }

  /// Everyone who receives the log, sorted.
  public var members: [NodeID] { Array(Set(voters + outgoing + learners + learnersNext)).sorted() }
}

extension ConfigurationChange.Step {
  /// The node that the step concerns.
  public var node: NodeID {
    switch self {
    case .addVoter(let node), .addLearner(let node), .remove(let node): node
    }
  }
}
