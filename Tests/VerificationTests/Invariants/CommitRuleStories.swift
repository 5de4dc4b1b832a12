@testable import Raft

@testable import Verification

/// Stories about a leader that counts what it must not count.
extension Story {
  /// A leader of term 2 whose log holds an entry of term 1 that nobody committed, and one of its own.
  private static func successor() -> (watch: Watch, leader: ForgedNode) {
    var (watch, _, followers) = Watch.settled()
    followers[0].append(1, 4)
    followers[0].append(2)
    followers[0].role = .leader
    watch.see(followers[0])
    return (watch, followers[0])
  }

  private static let three = Configuration(voters: [NodeID(1), NodeID(2), NodeID(3)])

  private static func step(_ old: Configuration, _ new: Configuration) -> InvariantViolation? {
    ConfigurationOverlap.check(NodeID(1), from: old, to: new)
  }

  private static func plain(_ voters: UInt32...) -> Configuration { Configuration(voters: voters.map { NodeID($0) }) }

  private static func joint(_ incoming: UInt32..., from outgoing: UInt32...) -> Configuration {
    var joint = Configuration(voters: incoming.map { NodeID($0) })
    joint.outgoing = outgoing.map { NodeID($0) }
    return joint
  }

  static let configurations: [Story] = [
    Story("one voter is added", breaks: nil) { step(plain(1, 2, 3), plain(1, 2, 3, 4)) },
    Story("one voter is removed", breaks: nil) { step(plain(1, 2, 3), plain(1, 2)) },
    Story("one voter takes the place of another", breaks: .configurationOverlap) {
      step(plain(1, 2, 3), plain(1, 2, 4))
    },
    Story("two voters are added at once", breaks: .configurationOverlap) {
      step(plain(1, 2, 3), plain(1, 2, 3, 4, 5))
    },
    Story("a joint configuration is entered", breaks: nil) { step(plain(1, 2, 3), joint(4, 5, from: 1, 2, 3)) },
    Story("a joint configuration is entered from another one", breaks: .configurationOverlap) {
      step(plain(1, 2, 3), joint(4, 5, from: 1, 2))
    },
    Story("a joint configuration is left", breaks: nil) { step(joint(4, 5, from: 1, 2, 3), plain(4, 5)) },
    Story("a joint configuration is left for another one", breaks: .configurationOverlap) {
      step(joint(4, 5, from: 1, 2, 3), plain(1, 2, 3))
    },
    Story("a node learns its first configuration", breaks: nil) { step(plain(), plain(1, 2, 3)) },
  ]

  static let counting: [Story] = [
    Story("a leader counts an entry of an older term", breaks: .commitRule) {
      var (watch, leader) = successor()
      leader.apply(4)
      watch.see(leader)
      return watch.violation
    },
    Story("a leader commits an older entry together with one of its own", breaks: nil) {
      var (watch, leader) = successor()
      leader.apply(5)
      watch.see(leader)
      return watch.violation
    },
    Story("a leader commits what one of three disks holds", breaks: .commitRule) {
      var (watch, leader) = successor()
      leader.apply(5)
      return watch.checker.check(
        leader, incarnation: 0, CommitRule.Step(configurations: [three]) { node, _ in node == NodeID(2) })
    },
    Story("a leader commits what two of three disks hold", breaks: nil) {
      var (watch, leader) = successor()
      leader.apply(5)
      return watch.checker.check(
        leader, incarnation: 0, CommitRule.Step(configurations: [three]) { node, _ in node != NodeID(1) })
    },
    Story("a leader commits what only the new half of a joint configuration holds", breaks: .commitRule) {
      var (watch, leader) = successor()
      leader.apply(5)
      var joint = Configuration(voters: [NodeID(2), NodeID(4)])
      joint.outgoing = [NodeID(1), NodeID(2), NodeID(3)]
      return watch.checker.check(
        leader, incarnation: 0,
        CommitRule.Step(configurations: [joint]) { node, _ in node == NodeID(2) || node == NodeID(4) })
    },
  ]
}
