import Testing

@testable import Raft

/// Elections, terms and votes.
@Suite struct ElectionTraps {
  @Test func trap01_voteCountsOnlyOnceDurable() throws {
    var candidate = Solo(voters: 3)
    candidate.autoPersist = false
    candidate.timeOut()
    #expect(candidate.receive(preVoted(1, true)).requests.isEmpty, "asks for votes before its own is durable")
    candidate.receive(voted(1, true), from: 2)
    #expect(candidate.node.role == .candidate, "its own vote counted before it was durable")
    #expect(candidate.persist().requests.count == 2)
    #expect(candidate.node.role == .leader)

    var voter = Solo(voters: 3)
    voter.autoPersist = false
    #expect(voter.receive(ask(1, .zero), from: 1).votes.isEmpty)
    #expect(voter.persist().votes == [true])
    let again = try RaftNode(
      id: n(0), state: voter.disk, settings: voter.node.settings, random: RandomSource(seed: 1), now: .zero)
    #expect(again.vote == n(1) && again.term == Term(1))
  }

  @Test func trap02_electionRestsOnDurableEntriesOnly() {
    var node = Solo(voters: 3, terms: [1])
    node.autoPersist = false
    node.receive(append(1, after: 1, 1, [1, 1]))
    node.timeOut()
    var requests = node.receive(preVoted(2, true)).requests
    #expect(requests.isEmpty && node.node.role == .candidate)
    requests = node.persist(1).requests
    #expect(requests.isEmpty, "term and vote are not durable yet")
    requests = node.persist(1).requests
    #expect(requests.count == 2 && requests.allSatisfy { $0.last.index == node.node.durableIndex })
    #expect(node.disk.entries.count == 3)
  }

  @Test func trap03_preVoteOfALowerTermIsAnswered() {
    var node = Solo(voters: 3, terms: [1], term: 5)
    #expect(node.receive(preVote(3, at(9, 3))).preVotes == [PreVoteResponse(term: Term(5), isGranted: false)])
    #expect(node.receive(preVote(6, .zero)).preVotes == [PreVoteResponse(term: Term(5), isGranted: false)])
    #expect(node.receive(preVote(6, at(1, 1))).preVotes == [PreVoteResponse(term: Term(6), isGranted: true)])
    var behind = Solo(voters: 3)
    behind.timeOut()
    behind.receive(preVoted(5, false))
    #expect(behind.node.term == Term(5) && behind.node.role == .follower)
  }

  @Test func trap04_preVoteChangesNothing() {
    var node = Solo(voters: 3, terms: [1], term: 1)
    let deadline = node.node.electionDeadline
    node.now = .zero + .milliseconds(500)
    node.receive(preVote(2, at(1, 1)))
    #expect(node.node.term == Term(1) && node.node.vote == nil && node.node.electionDeadline == deadline)
    #expect(node.disk.hardState.term == Term(1) && node.writes.isEmpty)
    // Pre-votes that arrive late are no votes.
    var candidate = Solo(voters: 5)
    candidate.timeOut()
    for slot in 1...2 { candidate.receive(preVoted(1, true), from: slot) }
    #expect(candidate.node.role == .candidate)
    for slot in 3...4 { candidate.receive(preVoted(1, true), from: slot) }
    candidate.receive(preVoted(2, true), from: 3)
    #expect(candidate.node.role == .candidate)
  }

  @Test func trap05_higherTermReachesTheLongerLog() {
    var group = TestGroup(voters: 3)
    group.members[0].disk.hardState = HardState(term: Term(5))
    group.members[0].disk.entries = [
      Entry(term: Term(1), payload: .empty),
      Entry(term: Term(1), payload: .configuration(ConfigurationChange([.addLearner(n(2))], transition: .automatic))),
    ]
    group.members[1].disk.hardState = HardState(term: Term(9))
    group.members[1].disk.entries = [Entry(term: Term(1), payload: .empty)]
    group.restart(0)
    group.restart(1)
    group.crash(2)
    group.run(for: .seconds(12))
    #expect(group.leaders == [0])
    #expect(group[0].term > Term(9))
    #expect(group[1].configuration.learners == [n(2)])
  }

  @Test func trap06_aLeaderWithoutAQuorumStopsRefreshingItsFollowers() throws {
    var group = TestGroup(voters: 4)
    group.elect(0)
    // The old leader reaches one voter, which the others need for a quorum.
    group.isLost = { ($0.from == n(0) && $0.to != n(1)) || ($0.to == n(0) && $0.from != n(1)) }
    group.run(for: .seconds(15))
    #expect(group[0].role != .leader)
    #expect(group.leaders.count == 1)
  }

  @Test func trap07_aStuckCandidateOfAHigherTermIsFreed() throws {
    var group = TestGroup(voters: 3) { $0.usesPreVote = false }
    group.elect(0)
    group.isLost = { $0.from == n(2) || $0.to == n(2) }
    group.run(for: .seconds(8))
    #expect(group[2].term > group[0].term)
    // It hears the leader and is ignored as a candidate: its answers have to carry its term.
    group.isLost = { if case .voteRequest = $0.message { $0.from == n(2) } else { false } }
    group.run(for: .milliseconds(400))
    #expect(group[0].term >= group[2].term)
    group.isLost = { _ in false }
    group.run(for: .seconds(6))
    #expect(group[2].leader == group.leaders.first.map(n) && group.leaders.count == 1)
  }

  @Test func trap08_aRepeatedVoteRequestIsGrantedAgain() {
    var node = Solo(voters: 3)
    #expect(node.receive(ask(2, .zero), from: 1).votes == [true])
    #expect(node.receive(ask(2, .zero), from: 1).votes == [true])
    #expect(node.receive(ask(2, .zero), from: 2).votes == [false])
  }

  @Test func trap09_logsAreComparedByTermFirst() {
    for ownTerm in 1...3 as ClosedRange<UInt64> {
      for length in 1...3 {
        for term in 1...3 as ClosedRange<UInt64> {
          for index in 1...4 as ClosedRange<UInt64> {
            var node = Solo(voters: 3, terms: Array(repeating: ownTerm, count: length), term: 3)
            let isNewer = term > ownTerm || (term == ownTerm && index >= UInt64(length))
            #expect(node.receive(preVote(4, at(index, term))).preVotes.map(\.isGranted) == [isNewer])
            #expect(node.receive(ask(4, at(index, term))).votes == [isNewer])
          }
        }
      }
    }
  }

  @Test func trap10_entriesTakenBeforeAVoteAreWeighedInIt() {
    var node = Solo(voters: 3, terms: [1])
    node.autoPersist = false
    var sent: [Envelope] = []
    sent += node.turn { node, now in
      node.receive(Envelope(from: n(1), to: n(0), message: append(1, after: 1, 1, [1])), at: now)
      node.receive(Envelope(from: n(2), to: n(0), message: ask(2, at(1, 1), isTransfer: true)), at: now)
    }
    sent += node.persist()
    #expect(sent.votes == [false])
  }

  @Test func trap11_anUnappliedConfigurationBlocksCampaigns() {
    var node = Solo(
      voters: 3, terms: [1, 1], commit: 2, changes: [2: ConfigurationChange([.addLearner(n(3))])])
    node.autoApply = false
    node.timeOut()
    #expect(node.node.role == .follower)
    node.autoApply = true
    node.turn { _, _ in }
    node.timeOut()
    #expect(node.node.role == .preCandidate)
  }

  @Test func trap12_aLearnerAnswersVoteRequests() {
    var node = Solo(3, voters: 3, learners: 1)
    #expect(node.receive(preVote(1, .zero)).preVotes.map(\.isGranted) == [true])
    #expect(node.receive(ask(1, .zero)).votes == [true])
  }

  @Test func trap13_aLeaderOnItsWayOutWinsWithItsOutgoingVote() {
    var node = Solo(0, configuration: joint([1, 2, 3], from: [0, 1, 2]))
    node.timeOut()
    for slot in [1, 3] { node.receive(preVoted(1, true), from: slot) }
    for slot in [1, 3] { node.receive(voted(1, true), from: slot) }
    #expect(node.node.role == .leader)
  }

  @Test(arguments: [true, false]) func trap14_aRemovedServerDeposesNobody(usesPreVote: Bool) throws {
    var group = TestGroup(voters: 4) { $0.usesPreVote = usesPreVote }
    group.elect(0)
    group.isLost = { $0.to == n(3) }
    try group.with(0) { node, _ in _ = try node.propose(ConfigurationChange([.remove(n(3))])) }
    group.deliverAll()
    #expect(!group[0].configuration.isVoter(n(3)))
    group.isLost = { _ in false }
    let term = group[0].term
    group.run(for: .seconds(20))
    #expect(group.leaders == [0] && group[0].term == term)
  }

  @Test func trap15_aWipedMemberIsStoppedRatherThanTrusted() throws {
    var group = TestGroup(voters: 3)
    group.elect(0)
    _ = try group.propose(0, bytes("a"))
    group.run(for: .milliseconds(200))
    // The disk is lost and the name is used again.
    group.crash(2)
    group.members[2].disk = DurableState(bootstrap: group.configuration)
    group.restart(2)
    group.run(for: .milliseconds(400))
    guard case .acknowledgedEntriesLost = group[2].fault else {
      Issue.record("a member that lost its disk goes on: \(String(describing: group[2].fault))")
      return
    }
    // A log without its hard state is refused at the start.
    var disk = group.members[0].disk
    disk.hardState = HardState()
    #expect(throws: RecoveryRefusal.self) {
      _ = try RaftNode(id: n(0), state: disk, settings: group.settings, random: RandomSource(seed: 1), now: .zero)
    }
  }
}
