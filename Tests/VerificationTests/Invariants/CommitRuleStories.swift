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
