import Testing

@testable import Raft

/// Replication and commit.
@Suite struct ReplicationTraps {
  @Test func trap16_onlyEntriesOfTheTermCommitByCounting() {
    var leader = Solo(voters: 5, terms: [1, 2], term: 3)
    leader.lead()
    for slot in 1...4 { leader.receive(accepted(4, 2), from: slot) }
    #expect(leader.node.commitIndex == .zero, "an inherited entry was committed by counting (figure 8)")
    for slot in 1...2 { leader.receive(accepted(4, 3), from: slot) }
    #expect(leader.node.commitIndex == LogIndex(3))
  }

  @Test func trap17_onlyWhatTheMessageDescribesIsAcknowledged() {
    var node = Solo(voters: 3, terms: [1, 1, 1])
    #expect(node.receive(append(2, after: 0, 0, [1])).acceptances == [1])
    #expect(node.receive(append(2, after: 2, 1)).acceptances == [2])
    // A heartbeat's answer says nothing about the log.
    var leader = Solo(voters: 3)
    leader.lead()
    leader.receive(beaten(1, round: 1))
    #expect(leader.node.progress[1].match == .zero)
  }

  @Test func trap18_onlyAConflictTruncates() {
    var node = Solo(voters: 3, terms: [1, 1, 1], term: 1)
    node.receive(append(1, after: 0, 0, [1], round: 2))
    node.receive(append(1, after: 1, 1, [], round: 3))
    #expect(node.log == [1, 1, 1])
    #expect(node.receive(append(2, after: 1, 1, [2])).acceptances == [2])
    #expect(node.log == [1, 2])
  }

  @Test func trap19_aStaleRejectionChangesNothing() {
    var leader = Solo(voters: 3, terms: [1, 1, 1, 1])
    leader.lead()
    leader.receive(accepted(2, 5))
    let next = leader.node.progress[1].next
    #expect(leader.receive(rejected(2, 3, hint: .zero)).isEmpty)
    #expect(leader.node.progress[1].next == next && leader.node.progress[1].match == LogIndex(5))
    // While probing, only the answer to the last probe counts, and once.
    #expect(leader.receive(rejected(2, 4, hint: at(2, 1)), from: 2).appends.count == 1)
    #expect(leader.receive(rejected(2, 4, hint: at(2, 1)), from: 2).isEmpty)
    #expect(leader.node.progress[2].next == LogIndex(3))
  }

  @Test func trap20_matchNeverFallsWithinATerm() {
    var leader = Solo(voters: 3, terms: [1, 1, 1, 1])
    leader.lead()
    leader.receive(accepted(2, 4))
    leader.receive(accepted(2, 2))
    #expect(leader.node.progress[1].match == LogIndex(4))
    // Nor does a member claim what the leader does not have.
    leader.receive(accepted(2, 99), from: 2)
    #expect(leader.node.progress[2].match == .zero)
  }

  @Test func trap21_theHintIsAPossibleMatch() {
    var node = Solo(voters: 3, terms: [1, 1, 3, 3], term: 3)
    #expect(node.receive(append(4, after: 4, 2)).rejections.map(\.hint) == [at(2, 1)])
    #expect(node.receive(append(4, after: 9, 4)).rejections.map(\.hint) == [at(4, 3)])
    var leader = Solo(voters: 3, terms: [1, 2, 2, 2], term: 2)
    leader.lead()
    let probe = leader.receive(rejected(3, 4, hint: at(3, 1))).appends
    #expect(probe.map(\.previous) == [at(1, 1)])
  }

  @Test func trap22_probingCostsAtMostOneProbePerTerm() {
    var group = TestGroup(voters: 3)
    func log(_ terms: StrideThrough<UInt64>) -> [Entry] {
      var entries = [Entry(term: Term(1), payload: .empty)]
      for term in terms { for _ in 0..<30 { entries.append(Entry(term: Term(term), payload: .command([9]))) } }
      return entries
    }
    for (slot, terms) in [(0, stride(from: 3, through: 13, by: 2)), (1, stride(from: 2, through: 10, by: 2))]
      as [(Int, StrideThrough<UInt64>)]
    {
      group.members[slot].disk.hardState = HardState(term: Term(13))
      group.members[slot].disk.entries = log(terms)
      group.restart(slot)
    }
    group.crash(2)
    var rejections = 0
    group.now = group[0].nextDeadline
    group[0].advance(to: group.now)
    group.settle(0)
    while !group.mailbox.isEmpty {
      let envelope = group.mailbox.removeFirst()
      if case .appendRejected = envelope.message { rejections += 1 }
      group.deliver(envelope)
    }
    #expect(group[0].role == .leader && group[1].lastPosition == group[0].lastPosition)
    #expect(rejections <= 7, "\(rejections) rejections for six terms on one side and five on the other")
  }

  @Test func trap23_commitBeyondTheLogIsDataLoss() {
    var leader = Solo(voters: 3, terms: [1, 1])
    leader.lead()
    leader.receive(accepted(2, 3), from: 2)
    #expect(leader.node.commitIndex == LogIndex(3))
    let beats = leader.timeOut().filter { $0.to == n(1) }.heartbeats
    #expect(beats.map(\.commit) == [.zero], "a heartbeat told more than the member is known to hold")
    var follower = Solo(voters: 3, terms: [1, 1])
    follower.receive(beat(2, commit: 2))
    #expect(follower.node.commitIndex == LogIndex(2))
    follower.receive(beat(2, commit: 3, round: 2))
    #expect(follower.node.fault == .acknowledgedEntriesLost(commit: LogIndex(3), last: LogIndex(2)))
    #expect(follower.receive(ask(9, at(9, 9), isTransfer: true)).isEmpty)
  }

  @Test func trap24_commitStopsAtTheLastEntryDescribed() {
    var node = Solo(voters: 3, terms: [1, 1, 1])
    node.receive(append(2, after: 0, 0, [1, 1], commit: 3))
    #expect(node.node.commitIndex == LogIndex(2))
  }

  @Test func trap25_aFullWindowOfLostMessagesRecovers() throws {
    var group = TestGroup(voters: 3) {
      $0.maximumInflightMessages = 2
      $0.maximumEntriesPerMessage = 1
    }
    group.elect(0)
    group.isLost = { if case .appendEntries = $0.message { true } else { false } }
    for number in 0..<10 { _ = try group.propose(0, [UInt8(number)]) }
    group.deliverAll()
    group.isLost = { _ in false }
    group.run(for: .seconds(1))
    for slot in 0..<3 { #expect(group.commands(slot).count == 10) }
    // The same when only the answers are lost.
    group.isLost = { if case .appendAccepted = $0.message { true } else { false } }
    for number in 0..<10 { _ = try group.propose(0, [UInt8(number)]) }
    group.deliverAll()
    group.isLost = { _ in false }
    group.run(for: .seconds(1))
    for slot in 0..<3 { #expect(group.commands(slot).count == 20) }
    #expect(group.violations.isEmpty)
  }

  @Test func trap26_anEmptyAppendCanConflict() {
    var node = Solo(voters: 3, terms: [1, 1], term: 2)
    #expect(node.receive(append(3, after: 2, 2)).rejections.count == 1)
    #expect(node.receive(append(3, after: 3, 2, round: 2)).rejections.count == 1)
    #expect(node.log == [1, 1])
  }

  @Test func trap27_aLeaderDoesNotCountItselfWhereItDoesNotVote() {
    var leader = Solo(0, configuration: joint([1, 2, 3], from: [0, 1, 2]))
    leader.lead()
    leader.receive(accepted(1, 1))
    #expect(leader.node.commitIndex == .zero)
    leader.receive(accepted(1, 1), from: 3)
    #expect(leader.node.commitIndex == LogIndex(1))
  }
}
