import Testing

@testable import Raft

/// Reads whose index comes from the nearest majority (elastic protocol, 5.6).
@Suite struct QuorumReadTests {
  private func group(
    voters: Int = 3, learners: Int = 0, patience: TimeSpan = ObserverSettings().sourceTimeout
  ) -> ElasticGroup {
    var elastic = ElasticGroup(voters: voters, learners: learners)
    // Not the leader first: it crashes in one of the stories.
    elastic.observe((0..<(voters + learners)).reversed().map { n($0) }) {
      $0.readIndex = .quorum
      $0.sourceTimeout = patience
    }
    elastic.begin()
    return elastic
  }

  private func ask(_ elastic: inout ElasticGroup, _ id: UInt64) {
    elastic.observers[0].node.requestReadIndex(ReadID(id), at: elastic.now)
    elastic.settleObserver(0)
  }

  private func leaderWasAsked(_ elastic: ElasticGroup) -> Bool {
    elastic.seen.contains { if case .readIndexRequest = $0.message { true } else { false } }
  }

  @Test("A majority gives an index that covers every write that ended, without the leader")
  func majority() throws {
    var elastic = group(voters: 5)
    try elastic.propose("a")
    elastic.deliverAll()
    // The leader and a voter say nothing.
    elastic.isLost = { [n(0), n(4)].contains($0.from) && $0.to == n(200) }
    ask(&elastic, 1)
    elastic.run(for: .milliseconds(200))
    #expect(elastic.observers[0].reads.map(\.id) == [ReadID(1)])
    let index = try #require(elastic.observers[0].reads.first?.index)
    #expect(index >= LogIndex(2))
    #expect(!leaderWasAsked(elastic))
  }

  @Test("Two of five are no majority: after a while the leader is asked")
  func minority() throws {
    var elastic = group(voters: 5)
    elastic.isLost = { envelope in
      if case .quorumReadResponse = envelope.message { envelope.from > n(1) } else { false }
    }
    ask(&elastic, 1)
    elastic.run(for: .milliseconds(500))
    #expect(elastic.observers[0].reads.isEmpty && !leaderWasAsked(elastic))
    elastic.run(for: .milliseconds(500))
    #expect(leaderWasAsked(elastic))
    #expect(elastic.observers[0].reads == [ReadOutcome(id: ReadID(1), index: LogIndex(1))])
  }

  @Test("An entry that may have been acknowledged is waited for")
  func openEnd() throws {
    var elastic = group()
    elastic.isLost = { if case .appendAccepted = $0.message { true } else { false } }
    try elastic.propose("a")
    elastic.deliverAll()
    ask(&elastic, 1)
    elastic.deliverAll()
    #expect(elastic.observers[0].reads.isEmpty, "two voters have it, so that it may be committed")
    elastic.isLost = { _ in false }
    elastic.run(for: .seconds(1))
    #expect(elastic.observers[0].reads == [ReadOutcome(id: ReadID(1), index: LogIndex(2))])
  }

  @Test("An entry that was lost is not waited for: one of a later term shows that nothing is missing")
  func lostEnd() throws {
    var elastic = group(patience: .seconds(60))
    // The leader alone has them, and is one of the two that answer.
    elastic.isLost = { envelope in
      switch envelope.message {
      case .appendEntries: true
      case .quorumReadResponse: envelope.from == n(1)
      default: false
      }
    }
    for number in 0..<5 { try elastic.propose("\(number)") }
    elastic.deliverAll()
    ask(&elastic, 1)
    elastic.deliverAll()
    #expect(elastic.observers[0].reads.isEmpty)
    elastic.isLost = { _ in false }
    elastic.group.crash(0)
    elastic.run(for: .seconds(8))
    let leader = try #require(elastic.group.leaders.first)
    #expect(elastic.group[leader].lastPosition.index < LogIndex(6), "what the first leader alone had is gone")
    #expect(elastic.observers[0].reads == [ReadOutcome(id: ReadID(1), index: LogIndex(2))])
    #expect(!leaderWasAsked(elastic))
  }

  @Test("A voter with a change of the configuration in its log does not count")
  func pendingChange() throws {
    var elastic = group(voters: 3, learners: 1)
    elastic.isLost = { if case .appendAccepted = $0.message { true } else { false } }
    _ = try elastic.with(0) { node, _ in try node.propose(ConfigurationChange([.addVoter(n(3))])) }
    elastic.deliverAll()
    ask(&elastic, 1)
    elastic.deliverAll()
    #expect(leaderWasAsked(elastic))
  }

  /// A group whose three voters were replaced by others, and an observer that hears only of the old ones what they last
  /// knew; then the new ones commit an entry.
  private func replaced(trustsAnyVoter: Bool) throws -> (elastic: ElasticGroup, committed: LogIndex) {
    var elastic = group(voters: 3, learners: 3)
    elastic.observers[0].node.trustsAnyVoter = trustsAnyVoter
    ask(&elastic, 1)
    elastic.run(for: .milliseconds(100))
    #expect(elastic.observers[0].node.knownVoters == (0..<3).map { n($0) })
    _ = try elastic.with(0) { node, _ in
      try node.propose(ConfigurationChange((0..<3).map { .remove(n($0)) } + (3..<6).map { .addVoter(n($0)) }))
    }
    elastic.run(for: .seconds(8))
    let leader = try #require(elastic.group.leaders.first { $0 >= 3 })
    elastic.isLost = { [n(3), n(4), n(5)].contains($0.from) && $0.to == n(200) }
    let position = try elastic.group.propose(leader, bytes("a"))
    elastic.run(for: .milliseconds(200))
    #expect(elastic.group[leader].commitIndex == position.index)
    ask(&elastic, 2)
    elastic.run(for: .seconds(1))
    return (elastic, position.index)
  }

  @Test("Voters that were removed do not vouch for each other")
  func removedVoters() throws {
    let (elastic, committed) = try replaced(trustsAnyVoter: false)
    #expect(
      elastic.observers[0].reads.filter { $0.id == ReadID(2) }.allSatisfy { $0.index.map { $0 >= committed } ?? true })
  }

  @Test("Without that guard they do, and a read misses what was written before it")
  func unguarded() throws {
    let (elastic, committed) = try replaced(trustsAnyVoter: true)
    let index = try #require(elastic.observers[0].reads.first { $0.id == ReadID(2) }?.index)
    #expect(index < committed)
  }
}
