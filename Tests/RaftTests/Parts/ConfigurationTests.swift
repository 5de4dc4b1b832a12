import Testing

@testable import Raft

/// The algebra of configurations, for every change of up to two steps on every small configuration.
@Suite struct ConfigurationTests {
  private static let nodes = 0..<4

  private static var configurations: [Configuration] {
    // Every node is a voter, a learner or neither.
    (0..<81).compactMap { code in
      let roles = nodes.map { code / [1, 3, 9, 27][$0] % 3 }
      let voters = nodes.filter { roles[$0] == 0 }
      return voters.isEmpty
        ? nil : Configuration(voters: voters.map(n), learners: nodes.filter { roles[$0] == 1 }.map(n))
    }
  }

  private static var stepLists: [[ConfigurationChange.Step]] {
    let steps: [ConfigurationChange.Step] = nodes.flatMap { [.addVoter(n($0)), .addLearner(n($0)), .remove(n($0))] }
    return steps.map { [$0] } + steps.flatMap { first in steps.map { [first, $0] } }
  }

  /// What the steps are to make of the roles, by definition; nil when one of them makes no sense.
  private func expected(_ configuration: Configuration, _ steps: [ConfigurationChange.Step]) -> Configuration? {
    guard Set(steps.map(\.node)).count == steps.count else { return nil }
    var voters = Set(configuration.voters)
    var learners = Set(configuration.learners)
    for step in steps {
      switch step {
      case .addVoter(let node):
        if !voters.insert(node).inserted { return nil }
        learners.remove(node)
      case .addLearner(let node):
        if !learners.insert(node).inserted { return nil }
        voters.remove(node)
      case .remove(let node):
        if voters.remove(node) == nil && learners.remove(node) == nil { return nil }
      }
    }
    return voters.isEmpty ? nil : Configuration(voters: Array(voters), learners: Array(learners))
  }

  private func isSound(_ configuration: Configuration) -> Bool {
    let lists = [configuration.voters, configuration.outgoing, configuration.learners, configuration.learnersNext]
    let ordered = lists.allSatisfy { zip($0, $0.dropFirst()).allSatisfy(<) }
    return ordered && Set(configuration.learners).isDisjoint(with: configuration.voters)
      && Set(configuration.learners).isDisjoint(with: configuration.outgoing)
      && Set(configuration.learnersNext).isSubset(of: configuration.outgoing)
      && Set(configuration.learnersNext).isDisjoint(with: configuration.voters)
  }

  private func everyPairOfQuorumsMeets(_ left: Configuration, _ right: Configuration) -> Bool {
    func quorums(_ configuration: Configuration) -> [Set<NodeID>] {
      (0..<16).map { bits in Set(ConfigurationTests.nodes.filter { bits >> $0 & 1 == 1 }.map(n)) }.filter { members in
        [configuration.voters, configuration.outgoing].allSatisfy { half in
          half.isEmpty || half.filter(members.contains).count * 2 > half.count
        }
      }
    }
    let others = quorums(right)
    return quorums(left).allSatisfy { quorum in others.allSatisfy { !quorum.isDisjoint(with: $0) } }
  }

  @Test(arguments: [ConfigurationChange.Transition.automatic, .jointThenLeave, .jointUntilTold])
  func changesDoWhatTheirStepsSayAndNeverSplitTheGroup(transition: ConfigurationChange.Transition) {
    var wrong: [String] = []
    for configuration in ConfigurationTests.configurations {
      for (place, steps) in ConfigurationTests.stepLists.enumerated() {
        let change = ConfigurationChange(steps, transition: transition)
        let goal = expected(configuration, steps)
        guard let next = try? configuration.applying(change) else {
          if goal != nil { wrong.append("refused \(steps) on \(configuration)") }
          continue
        }
        let end = next.isJoint ? try? next.applying(.leaveJoint) : next
        if end != goal || !isSound(next) { wrong.append("\(steps) on \(configuration) made \(next)") }
        if next.isJoint != (transition != .automatic) && steps.count == 1 { wrong.append("joint for one step") }
        if next.isJoint && next.leavesAutomatically != (transition != .jointUntilTold) { wrong.append("leaving") }
        if next.isJoint, (try? next.applying(change)) != nil { wrong.append("a change inside a joint configuration") }
        // Costly, and the same for all steps of a kind: a sample is enough.
        if place % 13 == 0, let end {
          if !everyPairOfQuorumsMeets(configuration, next) || !everyPairOfQuorumsMeets(next, end) {
            wrong.append("\(steps) on \(configuration) splits the group")
          }
        }
      }
    }
    #expect(wrong.isEmpty, "\(wrong.prefix(3))")
  }
}
