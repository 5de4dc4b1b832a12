import Testing

@testable import Raft

/// The algebra of configurations: every change of up to three steps on every configuration of up to four nodes,
/// against a model that says what each step means and why it may be refused.
@Suite struct ConfigurationTests {
  private static let size = 4

  /// Every node is a voter, a learner or neither, and somebody votes.
  private static let configurations: [Configuration] = (0..<81).compactMap { code in
    let roles = (0..<size).map { code / [1, 3, 9, 27][$0] % 3 }
    let voters = (0..<size).filter { roles[$0] == 0 }
    return voters.isEmpty
      ? nil : Configuration(voters: voters.map(n), learners: (0..<size).filter { roles[$0] == 1 }.map(n))
  }

  private static let stepLists: [[ConfigurationChange.Step]] = {
    let steps: [ConfigurationChange.Step] = (0..<size).flatMap {
      [.addVoter(n($0)), .addLearner(n($0)), .remove(n($0))]
    }
    let pairs = steps.flatMap { first in steps.map { [first, $0] } }
    return steps.map { [$0] } + pairs + pairs.flatMap { pair in steps.map { pair + [$0] } }
  }()

  @Test(arguments: [ConfigurationChange.Transition.automatic, .jointThenLeave, .jointUntilTold])
  func changesDoWhatTheirStepsSay(transition: ConfigurationChange.Transition) {
    var wrong: [String] = []
    var refused = 0
    var taken = 0
    var ends: [Configuration: Configuration] = [:]
    for configuration in ConfigurationTests.configurations {
      for steps in ConfigurationTests.stepLists {
        let change = ConfigurationChange(steps, transition: transition)
        var model = RolesModel(configuration)
        let expected = model.refusal(of: steps)
        do {
          let next = try configuration.applying(change)
          taken += 1
          if expected != nil { wrong.append("\(configuration) took \(steps)") }
          if let flaw = model.flaw(in: next, by: transition) { wrong.append("\(steps) on \(configuration): \(flaw)") }
          if let end = ends[next] {
            if end != model.end { wrong.append("\(steps) on \(configuration) ends as \(end)") }
          } else {
            // Everyone must make the same of it: again, and from members in another order.
            let again = try? RolesModel.rebuilt(configuration).applying(change)
            if again != next { wrong.append("\(steps) on \(configuration) is not repeatable") }
            let end = next.isJoint ? try? next.applying(.leaveJoint) : next
            if end != model.end { wrong.append("\(steps) on \(configuration) ends as \(end, default: "nothing")") }
            ends[next] = end
          }
        } catch {
          refused += 1
          if error != expected { wrong.append("\(configuration) refused \(steps): \(error)") }
        }
      }
    }
    #expect(wrong.isEmpty, "\(wrong.prefix(3))")
    #expect(refused + taken == 65 * 1_884 && refused > 1_000 && taken > 1_000)
  }

  /// Inside a joint configuration nothing is taken but leaving it, and outside there is nothing to leave.
  @Test func aJointConfigurationCanOnlyBeLeft() throws {
    var wrong: [String] = []
    var joints = Set<Configuration>()
    for configuration in ConfigurationTests.configurations {
      if ConfigurationTests.refusal(of: .leaveJoint, on: configuration) != .notJoint { wrong.append("left nothing") }
      for steps in ConfigurationTests.stepLists {
        let change = ConfigurationChange(steps, transition: .jointUntilTold)
        if let next = try? configuration.applying(change) { joints.insert(next) }
      }
    }
    for joint in joints {
      for steps in ConfigurationTests.stepLists where steps.count == 1 {
        for transition in [ConfigurationChange.Transition.automatic, .jointThenLeave, .jointUntilTold] {
          let change = ConfigurationChange(steps, transition: transition)
          if ConfigurationTests.refusal(of: change, on: joint) != .mustLeaveJointFirst { wrong.append("\(joint)") }
        }
      }
      let left = try joint.applying(.leaveJoint)
      if left.isJoint || ConfigurationTests.refusal(of: .leaveJoint, on: left) != .notJoint { wrong.append("\(left)") }
    }
    #expect(wrong.isEmpty, "\(wrong.prefix(3))")
    #expect(joints.count > 500, "\(joints.count) joint configurations")
  }

  @Test func anIdentifierThatIsTooLargeIsRefused() {
    let large = NodeID(NodeID.largest.rawValue + 1)
    for step in [ConfigurationChange.Step.addVoter(large), .addLearner(large), .remove(large)] {
      let refusal = ConfigurationTests.refusal(of: ConfigurationChange([step]), on: Configuration(voters: [n(0)]))
      #expect(refusal == .invalidStep(step))
    }
  }

  private static func refusal(
    of change: ConfigurationChange, on configuration: Configuration
  ) -> ConfigurationRefusal? {
    do {
      _ = try configuration.applying(change)
      return nil
    } catch {
      return error
    }
  }
}

/// What steps mean, by definition: sets of voters and learners, changed one node at a time.
private struct RolesModel {
  private let before: NodeSet
  private var voters: NodeSet
  private var learners: NodeSet

  init(_ configuration: Configuration) {
    before = NodeSet(configuration.voters)
    voters = before
    learners = NodeSet(configuration.learners)
  }

  /// What is to remain once a joint configuration is left.
  var end: Configuration { Configuration(voters: voters.nodes, learners: learners.nodes) }

  /// The same configuration from members in another order.
  static func rebuilt(_ configuration: Configuration) -> Configuration {
    Configuration(voters: configuration.voters.reversed(), learners: configuration.learners.reversed())
  }

  /// Takes the steps; why they are refused, if they are.
  mutating func refusal(of steps: [ConfigurationChange.Step]) -> ConfigurationRefusal? {
    var named = NodeSet(bits: 0)
    for step in steps {
      let node = NodeSet([step.node])
      let isVoter = !voters.intersection(node).isEmpty
      let isLearner = !learners.intersection(node).isEmpty
      let makesSense =
        switch step {
        case .addVoter: !isVoter
        case .addLearner: !isLearner
        case .remove: isVoter || isLearner
        }
      guard makesSense, named.intersection(node).isEmpty else { return .invalidStep(step) }
      named.bits |= node.bits
      voters.bits &= ~node.bits
      learners.bits &= ~node.bits
      switch step {
      case .addVoter: voters.bits |= node.bits
      case .addLearner: learners.bits |= node.bits
      case .remove: break
      }
    }
    return voters.isEmpty ? .noVotersLeft : nil
  }

  /// What is wrong with the configuration that the steps made; nil when nothing is.
  func flaw(in next: Configuration, by transition: ConfigurationChange.Transition) -> String? {
    let isJoint = transition != .automatic || before.symmetricDifference(voters).count > 1
    if next.isJoint != isJoint { return "joint: \(next.isJoint)" }
    if next.voters != voters.nodes { return "voters \(next.voters)" }
    if next.leavesAutomatically != (isJoint && transition != .jointUntilTold) { return "leaving by itself" }
    if isJoint {
      // No voter is lost before the joint configuration is left, and who is demoted learns only then (trap 45).
      let demoted = learners.intersection(before)
      if next.outgoing != before.nodes { return "outgoing \(next.outgoing)" }
      if next.learnersNext != demoted.nodes { return "learners to be \(next.learnersNext)" }
      if next.learners != learners.subtracting(demoted).nodes { return "learners \(next.learners)" }
    } else if !next.learnersNext.isEmpty || next.learners != learners.nodes {
      return "learners \(next.learners)"
    }
    return nil
  }
}
