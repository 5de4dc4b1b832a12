import Testing

@testable import Raft

/// What a leader sends a secretary for the observers that it feeds, beside what its followers need (elastic Raft, 4.3).
@Suite struct FeedThroughTests {
  /// A group whose secretary stands where there are no followers, and serves none.
  private func group(_ change: (inout Settings) -> Void = { _ in }) -> ElasticGroup {
    var elastic = ElasticGroup(voters: 3, localities: [0, 0, 0], change: change)
    elastic.hire(7)
    elastic.begin()
    return elastic
  }

  private func propose(_ count: Int, in elastic: inout ElasticGroup) throws {
    for number in 0..<count { try elastic.propose("\(number)") }
    elastic.run(for: .milliseconds(10))
  }

  /// Looks at a group without a record of all of it when something is not as expected.
  private func expect(
    _ elastic: ElasticGroup, feeds: Bool, relayed: Int? = nil, _ sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let feedsNow = elastic.group[0].leadership.fleet[0].feedsObservers
    #expect(feedsNow == feeds, sourceLocation: sourceLocation)
    guard let relayed else { return }
    let entries = relayedEntries(elastic)
    #expect(entries == relayed, sourceLocation: sourceLocation)
  }

  private func relayedEntries(_ elastic: ElasticGroup) -> Int {
    elastic.batches.reduce(0) { $0 + $1.batch.append.entries.count }
  }

  private func expectFed(
    _ elastic: inout ElasticGroup, by source: NodeID, _ sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    try elastic.propose("last")
    elastic.run(for: .seconds(5))
    elastic.seen = []
    try elastic.propose("very last")
    elastic.run(for: .milliseconds(10))
    let observer = elastic.observers[0]
    #expect(observer.node.source == source, sourceLocation: sourceLocation)
    #expect(observer.node.last == elastic.group[0].lastPosition, sourceLocation: sourceLocation)
    #expect(observer.entries.count == elastic.group[0].lastPosition.index - .zero, sourceLocation: sourceLocation)
  }

  @Test("A secretary is sent nothing while nobody wants a feed of it")
  func idle() throws {
    var elastic = group()
    try propose(20, in: &elastic)
    elastic.run(for: .seconds(1))
    expect(elastic, feeds: false, relayed: 0)
  }

  @Test("The first observer that asks does not make the leader send all that was written since it hired the secretary")
  func first() throws {
    var elastic = group()
    try propose(200, in: &elastic)
    elastic.observe([n(100), n(1)])
    elastic.run(for: .seconds(1))
    expect(elastic, feeds: true, relayed: 0)
    #expect(elastic.secretaries[0].held.committed == elastic.group[0].commitIndex)
    try expectFed(&elastic, by: n(100))
  }

  @Test("An observer that comes after a long pause does not either, though the secretary holds something of before it")
  func again() throws {
    var elastic = group()
    elastic.observe([n(100), n(1)])
    elastic.run(for: .seconds(1))
    try expectFed(&elastic, by: n(100))
    elastic.silent = [n(200)]
    elastic.run(for: .seconds(5))
    expect(elastic, feeds: false)
    let held = elastic.secretaries[0].held.end
    try propose(200, in: &elastic)
    #expect(elastic.secretaries[0].held.end == held && held > .zero)
    elastic.silent = []
    elastic.seen = []
    // It asks others first, since the secretary seems silent to it.
    elastic.run(for: .seconds(5))
    expect(elastic, feeds: true, relayed: 0)
    try expectFed(&elastic, by: n(100))
  }

  @Test("Nor does the loss of the first batch")
  func firstLost() throws {
    var elastic = group()
    try propose(200, in: &elastic)
    elastic.observe([n(100), n(1)])
    elastic.isLost = { if case .relayAppend = $0.message { true } else { false } }
    elastic.run(for: .seconds(1))
    expect(elastic, feeds: true)
    #expect(elastic.secretaries[0].held.end == .zero)
    elastic.isLost = { _ in false }
    elastic.run(for: .seconds(1))
    expect(elastic, feeds: true, relayed: 0)
    #expect(elastic.secretaries[0].held.end == elastic.group[0].commitIndex)
    try expectFed(&elastic, by: n(100))
  }

  @Test("What is not committed yet is sent when a feed begins, and the commit index when it is")
  func uncommitted() throws {
    var elastic = group()
    elastic.isLost = { if case .appendAccepted = $0.message { true } else { false } }
    try elastic.propose("a")
    elastic.observe([n(100), n(1)])
    elastic.run(for: .milliseconds(700))
    #expect(elastic.secretaries[0].held.end == elastic.group[0].lastPosition.index)
    #expect(elastic.secretaries[0].held.committed == elastic.group[0].commitIndex)
    #expect(elastic.group[0].commitIndex < elastic.group[0].lastPosition.index)
    elastic.isLost = { _ in false }
    elastic.run(for: .milliseconds(700))
    #expect(elastic.secretaries[0].held.committed == elastic.group[0].lastPosition.index)
  }

  @Test("A secretary that serves followers holds what observers need: a feed begins with what it has")
  func serving() throws {
    var elastic = ElasticGroup(voters: 3)
    elastic.hire()
    elastic.begin()
    try propose(50, in: &elastic)
    elastic.run(for: .seconds(1))
    elastic.seen = []
    elastic.observe([n(100), n(1)])
    elastic.run(for: .seconds(1))
    expect(elastic, feeds: true, relayed: 0)
    #expect(elastic.secretaries[0].held.end == elastic.group[0].lastPosition.index)
    try expectFed(&elastic, by: n(100))
  }

  @Test("What was lost while a feed went on is sent once more, from what the secretary holds on")
  func lostLater() throws {
    var elastic = group()
    elastic.observe([n(100), n(1)])
    elastic.run(for: .seconds(1))
    try expectFed(&elastic, by: n(100))
    let held = elastic.secretaries[0].held.end
    elastic.isLost = { if case .relayAppend = $0.message { true } else { false } }
    try propose(5, in: &elastic)
    elastic.isLost = { _ in false }
    elastic.seen = []
    elastic.run(for: .milliseconds(500))
    #expect(elastic.batches.first?.batch.append.previous.index == held)
    expect(elastic, feeds: true, relayed: 5)
    #expect(elastic.secretaries[0].held.committed == elastic.group[0].commitIndex)
  }

  @Test("A leader's first word to a secretary that feeds observers already is what is not committed")
  func newLeader() throws {
    var elastic = group()
    elastic.observe([n(100), n(1)])
    elastic.run(for: .seconds(1))
    try expectFed(&elastic, by: n(100))
    try propose(100, in: &elastic)
    elastic.group.crash(0)
    elastic.seen = []
    elastic.run(for: .seconds(5))
    let leader = try #require(elastic.group.leaders.first)
    #expect(elastic.group[leader].leadership.fleet[0].feedsObservers)
    let relayed = relayedEntries(elastic)
    #expect(relayed <= 1, "the entry that begins the term")
    #expect(elastic.secretaries[0].held.committed == elastic.group[leader].commitIndex)
  }
}
