import Raft
import Simulation

/// Changes of the configuration, and what may be lost without making recovery impossible.
extension FuzzRun {
  /// Proposes a random change to the leader; what it was in words, or nil when there was none to propose.
  mutating func changeMembership(_ random: inout RandomSource) -> String? {
    guard let leader else { return nil }
    let configuration = simulation.configuration(of: leader)
    if configuration.isJoint {
      guard !configuration.leavesAutomatically, propose(.leaveJoint, to: leader) else { return nil }
      coverage.count(.jointLeftByProposal)
      return "\(leader) proposes to leave the joint configuration"
    }
    var steps: [ConfigurationChange.Step] = []
    for _ in 0...random.next(below: 3) {
      let node = NodeID(UInt32(random.next(below: UInt64(simulation.machineCount))))
      guard !steps.contains(where: { $0.node == node }) else { continue }
      let isKept = random.nextBool(probability: 0.5)
      if configuration.isVoter(node) {
        steps.append(isKept ? .addLearner(node) : .remove(node))
      } else if !isDoomed[node.slot] {
        steps.append(isKept || configuration.isLearner(node) ? .addVoter(node) : .addLearner(node))
      }
    }
    let transitions: [ConfigurationChange.Transition] = [.automatic, .jointThenLeave, .jointUntilTold]
    let transition = transitions[Int(random.next(below: UInt64(transitions.count)))]
    let change = ConfigurationChange(steps, transition: transition)
    guard !steps.isEmpty, leavesHealthyMajority(configuration, change), propose(change, to: leader) else { return nil }
    return "\(leader) proposes \(steps.map { "\($0)" }.joined(separator: ", ")) (\(transition))"
  }

  /// Puts a new member in the place of one that lost its disk, and tries again until it is done.
  mutating func replace(_ old: NodeID, by new: NodeID) {
    let again = simulation.now + plan.setup.raft.electionTimeout.upperBound
    guard let leader else { return agenda.add(.replace(old, by: new), at: again) }
    let configuration = simulation.configuration(of: leader)
    let isGone = !configuration.members.contains(old)
    if isGone, configuration.members.contains(new) {
      coverage.count(.membersReplaced)
      return
    }
    agenda.add(.replace(old, by: new), at: again)
    if configuration.isJoint {
      if !configuration.leavesAutomatically { _ = propose(.leaveJoint, to: leader) }
      return
    }
    var steps: [ConfigurationChange.Step] = []
    if !isGone { steps.append(.remove(old)) }
    if !configuration.members.contains(new) {
      steps.append(isGone || configuration.isLearner(old) ? .addLearner(new) : .addVoter(new))
    }
    let change = ConfigurationChange(steps)
    if leavesHealthyMajority(configuration, change) { _ = propose(change, to: leader) }
  }

  /// Proposes a change; whether the leader took it.
  mutating func propose(_ change: ConfigurationChange, to leader: NodeID) -> Bool {
    do throws(ConfigurationRefusal) {
      _ = try simulation.propose(change, to: leader)
    } catch {
      coverage.count(.changesRefused)
      return false
    }
    coverage.count(.changesProposed)
    return true
  }

  /// Whether machines that will be there at the end are a majority after the change; one that is refused does no harm.
  private func leavesHealthyMajority(_ configuration: Configuration, _ change: ConfigurationChange) -> Bool {
    guard let next = try? configuration.applying(change) else { return true }
    return hasHealthyMajority(next)
  }

  /// Whether a node will be there at the end; a number that belongs to no machine (a damaged one) will not.
  private func isThereToStay(_ node: NodeID) -> Bool { node.slot < isDoomed.count && !isDoomed[node.slot] }

  /// Whether machines that will be there at the end are a majority of each half, beside `lost`.
  private func hasHealthyMajority(_ configuration: Configuration, without lost: NodeID? = nil) -> Bool {
    func isMajority(_ voters: [NodeID]) -> Bool {
      voters.count { isThereToStay($0) && $0 != lost } > voters.count / 2
    }
    return isMajority(configuration.voters) && (configuration.outgoing.isEmpty || isMajority(configuration.outgoing))
  }

  /// Whether the group can go on if this machine never returns: a majority of every configuration that any node acts
  /// under stays, and no change is under way that might make another majority necessary.
  func mayLose(_ node: NodeID) -> Bool {
    guard !isDoomed[node.slot] else { return false }
    for slot in 0..<simulation.machineCount {
      let id = NodeID(UInt32(slot))
      let configuration = simulation.configuration(of: id)
      if !configuration.voters.isEmpty, !hasHealthyMajority(configuration, without: node) { return false }
      if simulation.hasPendingConfiguration(id) { return false }
    }
    return true
  }
}
