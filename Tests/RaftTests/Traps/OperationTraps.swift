import Testing

@testable import Raft

/// Liveness and operations.
@Suite struct OperationTraps {
  @Test func trap60_aSnapshotAtTheEndOfTheLogLetsTheMemberReplicate() throws {
    var group = TestGroup(voters: 3)
    group.elect(0)
    group.isLost = { $0.to == n(2) }
    for number in 0..<10 {
      _ = try group.propose(0, [UInt8(number)])
      group.deliverAll()
    }
    group.snapshot(0)
    #expect(group[0].firstIndex == group[0].lastPosition.index.next)
    group.run(for: .seconds(9))
    let started = group.members[0].events.filter { if case .snapshotStarted = $0 { true } else { false } }
    #expect(started.isEmpty, "a snapshot was sent to a member that is not there")
    group.isLost = { _ in false }
    group.run(for: .seconds(3))
    #expect(group[2].appliedIndex == group[0].appliedIndex)
    guard case .replicate = group[0].progress[2].state else {
      Issue.record("the member was left in \(group[0].progress[2].state)")
      return
    }
    _ = try group.propose(0, [99])
    group.deliverAll()
    #expect(group.commands(2) == [[99]] && group.violations.isEmpty)
  }

  @Test func trap60b_keptEntriesSpareASlowMemberTheSnapshot() throws {
    var group = TestGroup(voters: 3)
    group.elect(0)
    group.isLost = { $0.to == n(2) }
    for number in 0..<10 {
      _ = try group.propose(0, [UInt8(number)])
      group.deliverAll()
    }
    group.snapshot(0, keepingFrom: LogIndex(2))
    group.isLost = { _ in false }
    group.run(for: .seconds(3))
    #expect(group.commands(2).count == 10)
  }

  @Test func trap60c_aSnapshotThatStoppedHalfwayDoesNotSilenceTheMember() {
    var node = Solo(voters: 3, terms: [1])
    var first = install(1, at(5, 1), Configuration(voters: [n(0), n(1), n(2)]))
    if case .installSnapshot(var chunk) = first {
      chunk.isLast = false
      first = .installSnapshot(chunk)
    }
    node.receive(first)
    #expect(node.chunks.count == 1)
    node.timeOut()
    #expect(node.node.role == .preCandidate, "the sender died, and the member never campaigned again")
    // Another leader's chunks are not appended to the first one's.
    if case .installSnapshot(var chunk) = first {
      chunk.term = Term(4)
      chunk.offset = 1
      node.receive(.installSnapshot(chunk), from: 2)
    }
    #expect(node.chunks.count == 1)
  }

  @Test func trap61_aLeaderThatCannotCommitStepsDown() throws {
    var group = TestGroup(voters: 3) { $0.commitStallTimeout = .seconds(3) }
    group.elect(0)
    group.run(for: .milliseconds(2_900))
    for slot in 1...2 { group.members[slot].autoPersist = false }
    _ = try group.propose(0, bytes("a"))
    group.run(for: .milliseconds(2_900))
    #expect(group.leaders == [0], "the stall was measured from before anything waited")
    group.run(for: .milliseconds(300))
    #expect(group[0].role != .leader)
  }

  @Test func trap62_theSameSeedGivesTheSameRun() {
    func history(seed: UInt64) -> [Envelope] {
      var group = TestGroup(voters: 5, seed: seed)
      var all: [Envelope] = []
      for _ in 0..<40 {
        group.run(for: .milliseconds(97))
        if let leader = group.leaders.first { _ = try? group[leader].propose([1]) }
        for slot in 0..<5 { group.settle(slot) }
        all += group.mailbox
      }
      return all
    }
    let first = history(seed: 3)
    #expect(first.count > 20)
    #expect(first == history(seed: 3))
    // Different seeds draw different timeouts, or every election would split.
    let deadlines = (0..<8).map { TestGroup(voters: 1, seed: UInt64($0))[0].nextDeadline }
    #expect(Set(deadlines).count == 8)
  }

  @Test func trap63_configurationsAfterTheSnapshotAreAppliedAgain() throws {
    var group = TestGroup(voters: 3, spare: 1)
    group.elect(0)
    _ = try group.propose(0, bytes("a"))
    group.deliverAll()
    for slot in 0..<3 { group.snapshot(slot) }
    try group.with(0) { node, _ in _ = try node.propose(ConfigurationChange([.addVoter(n(3))])) }
    group.run(for: .seconds(1))
    let expected = group[0].configuration
    #expect(expected.voters.count == 4)
    for slot in 0..<3 {
      group.crash(slot)
      group.restart(slot)
      #expect(group[slot].configuration == expected)
    }
  }
}
