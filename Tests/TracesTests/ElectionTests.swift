import Raft
import Testing

@testable import Traces

@Suite struct ElectionTests {
  private let a = NodeID(0)
  private let b = NodeID(2)
  private let c = NodeID(4)

  private func recorder() throws -> Recorder {
    var recorder = Recorder(names: threeSites(), settings: try RecorderSettings())
    recorder.campaignStarted(node: a, term: Term(1), at: at(100), campaign: .preVote)
    recorder.campaignStarted(node: a, term: Term(1), at: at(150), campaign: .election)
    recorder.leaderElected(node: a, term: Term(1), at: at(200))
    return recorder
  }

  @Test func firstElectionIsLeaderlessFromTheStart() throws {
    let row = try recorder().rows.elections.first
    #expect(
      row
        == ElectionRow(
          group: "g0", term: Term(1), trigger: .initial, oldLeader: nil, oldSite: nil, newLeader: "us-east-1.0",
          newSite: "us-east-1", lost: at(0), started: at(100), won: at(200), rounds: 1))
    #expect(row?.leaderless == .milliseconds(200))
  }

  @Test func splitVotesAreRounds() throws {
    var recorder = try recorder()
    recorder.leaderLost(node: a, at: at(1_000), cause: .crash)
    recorder.leaderLost(node: b, at: at(1_100), cause: .pause)
    for (node, term, moment) in [(b, 2, 1_500.0), (c, 2, 1_510), (b, 4, 1_900), (c, 3, 2_000)] {
      recorder.campaignStarted(node: node, term: Term(UInt64(term)), at: at(moment), campaign: .election)
    }
    recorder.leaderElected(node: b, term: Term(4), at: at(2_100))
    recorder.leaderElected(node: c, term: Term(3), at: at(2_150))
    #expect(recorder.rows.elections.count == 2)
    #expect(
      recorder.rows.elections.last
        == ElectionRow(
          group: "g0", term: Term(4), trigger: .crash, oldLeader: "us-east-1.0", oldSite: "us-east-1",
          newLeader: "us-west-2.0", newSite: "us-west-2", lost: at(1_000), started: at(1_500), won: at(2_100), rounds: 3
        ))
    let summary = recorder.finish(at: at(3_000))
    #expect(summary.elections == 2 && summary.leaderless == .milliseconds(1_300))
  }

  @Test func transferAndTimeoutCountFromTheFirstCampaign() throws {
    var recorder = try recorder()
    recorder.campaignStarted(node: b, term: Term(2), at: at(1_000), campaign: .transfer)
    recorder.leaderLost(node: a, at: at(1_010), cause: .stepDown)
    recorder.leaderElected(node: b, term: Term(2), at: at(1_050))
    recorder.campaignStarted(node: c, term: Term(3), at: at(2_000), campaign: .election)
    recorder.leaderElected(node: c, term: Term(3), at: at(2_200))
    recorder.leaderLost(node: b, at: at(2_300), cause: .stepDown)
    let rows = recorder.rows.elections.dropFirst()
    #expect(rows.map(\.trigger) == [.transfer, .timeout])
    #expect(rows.map(\.lost) == [at(1_010), at(2_000)])
    #expect(rows.map(\.started) == [at(1_000), at(2_000)])
  }

  @Test func leaderThatComesBackNeedsNoElection() throws {
    var recorder = try recorder()
    recorder.leaderLost(node: a, at: at(1_000), cause: .pause)
    recorder.leaderResumed(node: a, at: at(1_300))
    recorder.campaignStarted(node: b, term: Term(2), at: at(5_000), campaign: .election)
    recorder.leaderElected(node: b, term: Term(2), at: at(5_100))
    #expect(recorder.rows.elections.last?.trigger == .timeout)
    #expect(recorder.finish(at: at(6_000)).leaderless == .milliseconds(200 + 300 + 100))
  }

  @Test(arguments: [UInt64(1), 2, 3]) func termSetCountsDistinctTerms(seed: UInt64) {
    var random = RandomSource(seed: seed)
    var (set, reference) = (TermSet(), Set<UInt64>())
    for _ in 0..<300 {
      let term = 1 + random.next(below: 200)
      set.insert(Term(term))
      reference.insert(term)
      if set.count != reference.count { Issue.record("\(set.count) instead of \(reference.count)") }
    }
  }
}
