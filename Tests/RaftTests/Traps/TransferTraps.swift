import Testing

@testable import Raft

/// Leadership transfer.
@Suite struct TransferTraps {
  @Test func trap50_aTransferPassesStickiness() throws {
    var group = TestGroup(voters: 5)
    group.elect(0)
    group.run(for: .milliseconds(300))
    try group.with(0) { node, now in try node.transferLeadership(to: n(3), at: now) }
    group.deliverAll()
    #expect(group.leaders == [3], "the others still heard the old leader a moment ago")
  }

  @Test func trap51_noLeaseSurvivesATransferAndALateOrderElectsNobody() throws {
    var leader = Solo(voters: 3) { $0.readConfirmation = .lease(clockDriftPartsPerMillion: 0) }
    leader.lead()
    leader.receive(accepted(1, 1, round: 1))
    leader.receive(beaten(1, round: 1))
    let id = ReadID(1)
    leader.turn { node, now in node.requestReadIndex(id, at: now) }
    #expect(leader.reads.map(\.id) == [id], "the lease holds at first")
    leader.turn { node, now in try? node.transferLeadership(to: n(1), at: now) }
    leader.turn { node, now in node.requestReadIndex(ReadID(2), at: now) }
    #expect(leader.reads.count == 1)
    // Given up, and still the target may act on what it was told.
    for _ in 0..<6 {
      let round = leader.node.leadership.round.rawValue
      leader.receive(beaten(1, round: round == 0 ? 0 : round - 1), from: 2)
      leader.timeOut()
    }
    leader.wait(.milliseconds(200))
    leader.receive(beaten(1, round: leader.node.leadership.round.rawValue))
    leader.wait(.milliseconds(500))
    #expect(leader.node.leadership.transfer == nil && leader.node.role == .leader)
    let before = leader.reads.count
    leader.turn { node, now in node.requestReadIndex(ReadID(3), at: now) }
    #expect(leader.reads.count == before, "a lease was trusted after the order to campaign had left")

    var target = Solo(voters: 3, terms: [1, 1], term: 2)
    target.receive(beat(2))
    for (term, last) in [(1, at(2, 1)), (2, at(1, 1)), (2, at(3, 1)), (3, at(2, 1))] as [(UInt64, LogPosition)] {
      target.receive(.timeoutNow(TimeoutNow(term: Term(term), last: last)))
      #expect(target.node.role == .follower)
    }
    target.receive(.timeoutNow(TimeoutNow(term: Term(2), last: at(2, 1))), from: 2)
    #expect(target.node.role == .follower, "not from the leader")
    target.receive(.timeoutNow(TimeoutNow(term: Term(2), last: at(2, 1))))
    #expect(target.node.role == .candidate)
  }

  @Test func trap52_transfersEndInEveryCase() throws {
    var group = TestGroup(voters: 3, learners: 1)
    group.elect(0)
    #expect(throws: TransferRefusal.alreadyLeader) { try group[0].transferLeadership(to: n(0), at: group.now) }
    #expect(throws: TransferRefusal.notVoter(n(9))) { try group[0].transferLeadership(to: n(9), at: group.now) }
    #expect(throws: TransferRefusal.notVoter(n(3))) { try group[0].transferLeadership(to: n(3), at: group.now) }
    #expect(throws: TransferRefusal.notLeader(hint: n(0))) { try group[1].transferLeadership(to: n(2), at: group.now) }
    // A dead target: refused proposals meanwhile, another target replaces it, and time ends it.
    group.crash(2)
    _ = try group.propose(0, bytes("a"))
    try group.with(0) { node, now in try node.transferLeadership(to: n(2), at: now) }
    #expect(throws: ProposalRefusal.transferring(to: n(2))) { _ = try group[0].propose([1]) }
    #expect(throws: TransferRefusal.alreadyTransferring(to: n(2))) {
      try group[0].transferLeadership(to: n(2), at: group.now)
    }
    group.run(for: group.settings.electionTimeout.lowerBound + .milliseconds(1))
    #expect(group.members[0].events.contains(.transferAborted(n(2))) && group.leaders == [0])
    _ = try group.propose(0, bytes("b"))
    try group.with(0) { node, now in try node.transferLeadership(to: n(2), at: now) }
    try group.with(0) { node, now in try node.transferLeadership(to: n(1), at: now) }
    group.deliverAll()
    #expect(group.leaders == [1] && group.violations.isEmpty)
    // A learner told to campaign does not.
    var learner = Solo(3, voters: 3, learners: 1)
    learner.receive(beat(1))
    learner.receive(.timeoutNow(TimeoutNow(term: Term(1), last: .zero)))
    #expect(learner.node.role == .follower)
  }

  @Test(arguments: [ConfigurationChange.Step.remove(n(1)), .addLearner(n(1))])
  func trap52b_removalOfTheTargetEndsTheTransfer(step: ConfigurationChange.Step) throws {
    var leader = Solo(voters: 3)
    leader.lead()
    leader.receive(accepted(1, 1), from: 2)
    leader.turn { node, _ in _ = try? node.propose(ConfigurationChange([step])) }
    leader.turn { node, now in try? node.transferLeadership(to: n(1), at: now) }
    #expect(leader.node.leadership.transfer != nil)
    leader.receive(accepted(1, 2), from: 2)
    #expect(leader.node.leadership.transfer == nil && leader.events.contains(.transferAborted(n(1))))
  }

  @Test func trap53_writesBeforeATransferSurviveIt() throws {
    var group = TestGroup(voters: 3)
    group.elect(0)
    for number in 0..<10 { _ = try group[0].propose([UInt8(number)]) }
    try group.with(0) { node, now in try node.transferLeadership(to: n(1), at: now) }
    #expect(throws: ProposalRefusal.self) { _ = try group[0].propose([99]) }
    group.deliverAll()
    #expect(group.leaders == [1])
    for slot in 0..<3 { #expect(group.commands(slot) == (0..<10).map { [UInt8($0)] }) }
  }
}
