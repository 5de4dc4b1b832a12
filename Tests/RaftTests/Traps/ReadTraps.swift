import Testing

@testable import Raft

/// Reads without log entries. Trap 59 (sessions) belongs to the state machine.
@Suite struct ReadTraps {
  private func read(_ solo: inout Solo, _ id: UInt64) -> [Envelope] {
    solo.turn { node, now in node.requestReadIndex(ReadID(id), at: now) }
  }

  @Test func trap54_readsWaitForTheFirstCommitOfTheTerm() {
    var leader = Solo(voters: 3, terms: [1, 1], commit: 1)
    leader.lead()
    _ = read(&leader, 1)
    leader.receive(beaten(2, round: 1))
    leader.receive(beaten(2, round: 1), from: 2)
    #expect(leader.reads.isEmpty, "the commit index may lag what the last leader acknowledged")
    let round = leader.receive(accepted(2, 3)).heartbeats
    #expect(round.count == 2, "the reads that waited get their round at once")
    leader.receive(beaten(2, round: round[0].round.rawValue))
    #expect(leader.reads == [ReadOutcome(id: ReadID(1), index: LogIndex(3))])
  }

  @Test func trap54b_aLeaseDoesNotMakeAnEarlyReadSafe() {
    var leader = Solo(voters: 3, terms: [1, 1], commit: 1) {
      $0.readConfirmation = .lease(clockDriftPartsPerMillion: 0)
    }
    leader.lead()
    leader.receive(beaten(2, round: 1))
    _ = read(&leader, 1)
    #expect(leader.reads.isEmpty)
    leader.receive(accepted(2, 3))
    leader.receive(beaten(2, round: leader.node.leadership.round.rawValue))
    #expect(leader.reads == [ReadOutcome(id: ReadID(1), index: LogIndex(3))])
  }

  @Test func trap55_nothingIsServedBeforeTheRoundIsConfirmed() {
    var leader = Solo(voters: 5)
    leader.lead()
    for slot in 1...2 { leader.receive(accepted(1, 1), from: slot) }
    let round = read(&leader, 1).heartbeats.first?.round.rawValue ?? 0
    #expect(round > 0 && leader.reads.isEmpty)
    leader.receive(beaten(1, round: round))
    #expect(leader.reads.isEmpty)
    leader.receive(beaten(1, round: round), from: 2)
    #expect(leader.reads == [ReadOutcome(id: ReadID(1), index: LogIndex(1))])
  }

  @Test func trap56_theRoundStartsAfterTheRead() {
    var leader = Solo(0, configuration: joint([1, 2, 3], from: [0, 1, 4], leavesAutomatically: false)) {
      $0.readBatchInterval = .milliseconds(5)
    }
    leader.lead()
    for slot in [1, 2] { leader.receive(accepted(1, 1), from: slot) }
    leader.timeOut()
    let earlier = leader.node.leadership.round.rawValue
    _ = read(&leader, 1)
    let second = leader.node.leadership.round.rawValue
    #expect(second > earlier)
    // Arrives while the first one's round is on its way: it needs a later one.
    _ = read(&leader, 2)
    #expect(leader.node.leadership.round.rawValue == second)
    for slot in [1, 2] { leader.receive(beaten(1, round: earlier), from: slot) }
    #expect(leader.reads.isEmpty, "a round from before the read confirmed it")
    leader.receive(beaten(1, round: 99), from: 3)
    for slot in [4, 2] { leader.receive(beaten(1, round: second), from: slot) }
    #expect(leader.reads.isEmpty, "half of a joint configuration confirmed it")
    leader.receive(beaten(1, round: second), from: 1)
    #expect(leader.reads.map(\.id) == [ReadID(1)])
    leader.wait(.milliseconds(5))
    let third = leader.node.leadership.round.rawValue
    #expect(third > second)
    // Leadership ends: who waits is told so.
    leader.receive(beaten(9), from: 1)
    #expect(leader.reads.last == ReadOutcome(id: ReadID(2), index: nil))
  }

  @Test func trap57_learnersDoNotConfirmAndMayAsk() throws {
    var group = TestGroup(voters: 3, learners: 2)
    group.elect(0)
    group.isLost = { $0.to == n(1) || $0.to == n(2) }
    group.with(0) { node, now in node.requestReadIndex(ReadID(1), at: now) }
    group.deliverAll()
    #expect(group.members[0].reads.isEmpty)
    group.isLost = { _ in false }
    group.with(3) { node, now in node.requestReadIndex(ReadID(7), at: now) }
    group.with(1) { node, now in node.requestReadIndex(ReadID(7), at: now) }
    group.deliverAll()
    for slot in [1, 3] { #expect(group.members[slot].reads == [ReadOutcome(id: ReadID(7), index: LogIndex(1))]) }
  }

  @Test func trap58_aLeaseRunsFromSendingAndOutlivesNoPromise() {
    var leader = Solo(voters: 3) { $0.readConfirmation = .lease(clockDriftPartsPerMillion: 10_000) }
    leader.lead()
    leader.receive(accepted(1, 1))
    let sent = leader.now
    // The answer arrives late; the lease counts from when the round was sent.
    leader.now = sent + .milliseconds(140)
    leader.receive(beaten(1, round: 1))
    _ = read(&leader, 1)
    #expect(leader.reads.count == 1)
    leader.now = sent + .milliseconds(980)
    _ = read(&leader, 2)
    #expect(leader.reads.count == 2)
    leader.now = sent + .milliseconds(991)
    _ = read(&leader, 3)
    #expect(leader.reads.count == 2, "the lease outlived the drift bound")
    // Whoever restarts may have acknowledged a lease that it forgot, even in term zero.
    for term in [0, 4] as [UInt64] {
      var voter = Solo(voters: 3, term: term) { $0.readConfirmation = .lease(clockDriftPartsPerMillion: 0) }
      voter.now = .zero + .milliseconds(999)
      #expect(voter.receive(ask(9, at(9, 9))).isEmpty && voter.node.term == Term(term))
      voter.now = .zero + .milliseconds(1_000)
      #expect(voter.receive(ask(9, at(9, 9))).votes == [true])
    }
  }

  @Test func readsAreAnsweredWhenTheQuorumShrinksToTheLeader() throws {
    var group = TestGroup(voters: 2)
    group.elect(0)
    try group.with(0) { node, _ in _ = try node.propose(ConfigurationChange([.remove(n(1))])) }
    // The member acknowledges the entry that removes it and is never heard again.
    group.isLost = { if case .appendAccepted = $0.message { false } else { $0.to == n(0) } }
    group[0].requestReadIndex(ReadID(1), at: group.now)
    group.settle(0)
    group.deliverAll()
    #expect(group[0].configuration.voters == [n(0)])
    #expect(group.members[0].reads.map(\.id) == [ReadID(1)])
  }
}
