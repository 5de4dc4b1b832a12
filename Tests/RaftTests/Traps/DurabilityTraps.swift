import Testing

@testable import Raft

/// Durability and writes that complete late. Traps 33 and 34 live where files are.
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

  @Test func trap35_aCommitBeyondTheLogIsRefusedAtTheStart() {
    var disk = DurableState(bootstrap: Configuration(voters: [n(0)]))
    disk.hardState = HardState(term: Term(1), commit: LogIndex(2))
    disk.entries = [Entry(term: Term(1), payload: .empty)]
    #expect(throws: RecoveryRefusal.commitBeyondLog(commit: LogIndex(2), last: LogIndex(1))) {
      _ = try RaftNode(id: n(0), state: disk, settings: Settings(), random: RandomSource(seed: 1), now: .zero)
    }
  }
}
