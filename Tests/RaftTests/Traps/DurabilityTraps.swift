import Testing

@testable import Raft

/// Durability and writes that complete late or fail. Trap 34 lives where files are.
@Suite struct DurabilityTraps {
  @Test func trap28_aSingleVoterWaitsForItsOwnDisk() throws {
    var group = TestGroup(voters: 1)
    group.elect(0)
    group.members[0].autoPersist = false
    let place = try group.propose(0, bytes("a"))
    #expect(group[0].commitIndex < place.index && group.commands(0).isEmpty)
    group.persist(0)
    group.settle(0)
    #expect(group[0].commitIndex == place.index && group.commands(0) == [bytes("a")])
  }

  @Test func trap29_everyAcknowledgementWaitsForTheDisk() {
    var node = Solo(voters: 3, terms: [1], term: 1)
    node.autoPersist = false
    var sent = node.receive(append(1, after: 1, 1, [1, 1]))
    sent += node.receive(append(1, after: 1, 1, [1, 1], round: 2))
    sent += node.receive(append(1, after: 3, 1, round: 3))
    sent += node.receive(append(1, after: 2, 1, [1], commit: 3, round: 4))
    sent += node.receive(install(1, at(3, 1), Configuration(voters: [n(0), n(1), n(2)]), round: 5))
    #expect(sent.isEmpty, "an acknowledgement overtook the write it rests on")
    #expect(node.node.applicableIndex <= LogIndex(1))
    #expect(node.persist().acceptances == [3, 3, 3, 3])
  }

  @Test func trap30_aLateCompletionSaysNothingAboutRewrittenEntries() {
    var node = Solo(voters: 3, terms: [1], term: 1)
    node.autoPersist = false
    node.receive(append(2, after: 1, 1, [2, 2]))
    node.receive(append(3, after: 1, 1, [3], round: 2))
    node.receive(append(4, after: 1, 1, [4, 4], round: 3), from: 2)
    #expect(node.writes.count >= 3)
    var acknowledged: [UInt64] = []
    while node.writes.count > 1 {
      acknowledged += node.persist(1).filter { $0.to == n(2) }.acceptances
      #expect(node.node.durableIndex == LogIndex(1), "an overwritten write was taken for the present entries")
    }
    #expect(acknowledged.isEmpty)
    #expect(node.persist().filter { $0.to == n(2) }.acceptances == [3])
    #expect(node.node.durableIndex == LogIndex(3) && node.disk.entries.map(\.term.rawValue) == [1, 4, 4])
  }

  @Test func trap31_noPrefixOfTheWritesLosesATermItHasEntriesOf() throws {
    var node = Solo(voters: 3, terms: [1], term: 1)
    node.autoPersist = false
    node.receive(append(3, after: 1, 1, [2, 3]))
    node.receive(ask(4, at(9, 4), isTransfer: true), from: 2)
    node.receive(append(5, after: 2, 2, [5], round: 2))
    var disk = node.disk
    for write in node.writes {
      disk.store(write)
      _ = try RaftNode(id: n(0), state: disk, settings: Settings(), random: RandomSource(seed: 1), now: .zero)
    }
    #expect(disk.hardState.term == Term(5) && disk.entries.count == 3)
  }

  /// Found by review: an answer to a candidate flushed the hard state between a proposal and the end of its turn, and
  /// that write was taken for the write of the proposal.
  @Test func trap32_nothingIsDurableBeforeAWriteHoldsIt() throws {
    var leader = Solo(voters: 1, learners: 1)
    leader.lead()
    leader.autoPersist = false
    leader.turn { node, now in
      _ = try? node.propose(ConfigurationChange([.addLearner(n(5))]))
      node.receive(Envelope(from: n(1), to: n(0), message: ask(0, .zero)), at: now)
    }
    var disk = leader.disk
    for write in leader.writes {
      disk.store(write)
      #expect(disk.hardState.commit.rawValue <= UInt64(disk.entries.count))
      leader.node.writesCompleted(through: write.sequence, at: leader.now)
      #expect(leader.node.durableIndex.rawValue <= UInt64(disk.entries.count))
    }
    #expect(disk.entries.count == 2)
    // A follower applies nothing that its own disk does not hold.
    var node = Solo(voters: 3)
    node.autoPersist = false
    node.receive(append(1, after: 0, 0, [1, 1], commit: 2))
    #expect(node.node.commitIndex == LogIndex(2) && node.node.applicableIndex == .zero)
    node.persist()
    #expect(node.node.appliedIndex == LogIndex(2))
  }

  @Test func trap32b_aConfigurationWaitsUntilItsCommitIsDurable() {
    var node = Solo(
      voters: 3, terms: [1, 1], changes: [2: ConfigurationChange([.addLearner(n(3))])])
    node.autoPersist = false
    node.receive(beat(1, commit: 2))
    #expect(node.node.appliedIndex == LogIndex(1))
    node.persist()
    #expect(node.node.appliedIndex == LogIndex(2) && node.disk.hardState.commit == LogIndex(2))
  }

  /// Nodes that wait for a write: a follower to acknowledge, a candidate to ask for votes, a leader to commit alone.
  enum Waiting: CaseIterable {
    case follower, candidate, leader

    func node() -> Solo {
      var node = Solo(voters: self == .leader ? 1 : 3, terms: [1], term: 1)
      switch self {
      case .follower:
        node.autoPersist = false
        node.receive(append(1, after: 1, 1, [1, 1], commit: 2))
      case .candidate:
        node.timeOut()
        node.autoPersist = false
        node.receive(preVoted(2, true))
      case .leader:
        node.lead()
        node.autoPersist = false
        node.turn { node, _ in _ = try? node.propose([7]) }
      }
      return node
    }
  }

  @Test(arguments: Waiting.allCases) func trap33_aFailedWriteStopsTheNodeForGood(waiting: Waiting) throws {
    var node = waiting.node()
    try #require(!node.writes.isEmpty)
    let (role, commit, durable, end) = (
      node.node.role, node.node.commitIndex, node.node.durableIndex, node.node.lastPosition
    )
    let completed = WriteSequence(node.writes[0].sequence.rawValue - 1)
    node.events.removeAll()
    var sent = node.turn { node, now in node.writeFailed(at: now) }
    #expect(node.node.fault == .durableWriteFailed(after: completed))
    #expect(node.events == [.stopped(.durableWriteFailed(after: completed))])
    #expect(node.node.nextDeadline == .distantFuture)

    // Nothing moves it: not a completion after the failure, not another failure, no message, no time.
    let after = node.events
    sent += node.persist()
    sent += node.turn { node, now in node.writeFailed(at: now) }
    sent += node.receive(append(9, after: 0, 0, [9], round: 9), from: 2)
    sent += node.receive(ask(10, at(99, 9), isTransfer: true), from: 1)
    sent += node.receive(voted(2, true), from: 1)
    sent += node.receive(install(11, at(50, 10), Configuration(voters: [n(0), n(1), n(2)])))
    sent += node.wait(.seconds(60))
    sent += node.turn { node, now in node.requestReadIndex(ReadID(1), at: now) }
    #expect(throws: ProposalRefusal.notLeader(hint: nil)) { _ = try node.node.propose([8]) }
    #expect(sent.isEmpty && node.writes.isEmpty && node.reads.isEmpty && node.chunks.isEmpty)
    #expect(node.events == after)
    #expect(node.node.role == role && node.node.commitIndex == commit && node.node.durableIndex == durable)
    #expect(node.node.lastPosition == end)
  }

  @Test func trap33_whatTheTurnWantedDoneIsTakenBack() {
    var node = Solo(voters: 3, terms: [1], term: 1)
    node.autoPersist = false
    node.receive(append(1, after: 1, 1, [1]))
    // In one turn the first write completes, another is wanted, and a failure is reported.
    let first = node.writes[0].sequence
    let sent = node.turn { node, now in
      node.writesCompleted(through: first, at: now)
      node.receive(Envelope(from: n(1), to: n(0), message: append(1, after: 2, 1, [1], round: 2)), at: now)
      node.writeFailed(at: now)
    }
    #expect(sent.isEmpty && node.writes.count == 1)
    #expect(node.node.fault == .durableWriteFailed(after: first))
  }

  @Test func trap35_aCommitBeyondTheLogIsRefusedAtTheStart() {
    var disk = DurableState(bootstrap: Configuration(voters: [n(0)]))
    disk.hardState = HardState(term: Term(1), commit: LogIndex(2))
    disk.entries = [Entry(term: Term(1), payload: .empty)]
    #expect(throws: RecoveryRefusal.commitBeyondLog(commit: LogIndex(2), last: LogIndex(1))) {
      _ = try RaftNode(id: n(0), state: disk, settings: Settings(), random: RandomSource(seed: 1), now: .zero)
    }
  }
}
