import Testing

@testable import Raft

@Suite("A campaign that the host asks for") struct CampaignNowTests {
  @Test("A node that follows nobody asks for votes at once, and a group is led within a round trip")
  func campaign() {
    var solo = Solo()
    let sent = solo.turn { $0.campaign(at: $1) }
    #expect(solo.node.role == .preCandidate && sent.map(\.to) == [n(1), n(2)])
    // A second request changes nothing.
    #expect(solo.turn { $0.campaign(at: $1) }.isEmpty && solo.node.role == .preCandidate)
  }

  @Test("A node that knows a leader, leads, or may not vote does not campaign")
  func refusals() {
    var solo = Solo(term: 1)
    solo.receive(.heartbeat(Heartbeat(term: Term(1), round: Round(1), commit: .zero)))
    #expect(solo.node.leader == n(1))
    #expect(solo.turn { $0.campaign(at: $1) }.isEmpty && solo.node.role == .follower)

    var learner = Solo(2, voters: 2, learners: 1)
    #expect(learner.turn { $0.campaign(at: $1) }.isEmpty && learner.node.role == .follower)

    var single = Solo(voters: 1)
    single.turn { $0.campaign(at: $1) }
    let term = single.node.term
    single.turn { $0.campaign(at: $1) }
    #expect(single.node.role == .leader && single.node.term == term)
  }
}
