import Testing

@testable import Raft

/// The committed feed of observers (elastic Raft, 4.3).
@Suite struct ObserverTests {
  private func texts(_ observer: ElasticGroup.Observer) -> [[UInt8]] {
    observer.entries.compactMap { if case .command(let bytes) = $0.payload { bytes } else { nil } }
  }

  @Test("An observer gets everything that is committed from any member, and nothing else", arguments: [0, 2])
  func members(_ source: Int) throws {
    var elastic = ElasticGroup(voters: 3)
    elastic.observe([n(source)])
    elastic.begin()
    for text in ["a", "b", "c"] { try elastic.propose(text) }
    elastic.run(for: .milliseconds(10))
    #expect(texts(elastic.observers[0]) == [bytes("a"), bytes("b"), bytes("c")])
    #expect(elastic.observers[0].node.last == elastic.group[0].lastPosition)
    // Entries that no majority holds do not reach it.
    elastic.isLost = { if case .appendEntries = $0.message { true } else { false } }
    try elastic.propose("d")
    elastic.run(for: .milliseconds(300))
    #expect(texts(elastic.observers[0]).count == 3)
  }

  @Test("A secretary feeds observers from what it is handed, even without followers to serve")
  func secretary() throws {
    var elastic = ElasticGroup(voters: 3, localities: [0, 0, 0])
    elastic.hire(7)
    elastic.begin()
    elastic.observe([n(100), n(1)])
    elastic.run(for: .seconds(1))
    #expect(elastic.observers[0].node.last == elastic.group[0].lastPosition, "a member gives what the secretary lacks")
    elastic.run(for: .seconds(5))
    for text in ["a", "b"] { try elastic.propose(text) }
    elastic.run(for: .seconds(5))
    #expect(elastic.observers[0].node.source == n(100), "the nearest source is tried again")
    elastic.seen = []
    try elastic.propose("c")
    elastic.run(for: .milliseconds(10))
    #expect(texts(elastic.observers[0]).last == bytes("c"))
    #expect(
      elastic.seen.contains { envelope in
        if case .feedEntries(let feed) = envelope.message {
          envelope.from == n(100) && !feed.entries.isEmpty
        } else {
          false
        }
      })
  }

  @Test("A batch for a secretary's observers that got lost is handed over again")
  func lostBatch() throws {
    var elastic = ElasticGroup(voters: 3, localities: [0, 0, 0])
    elastic.hire(7)
    elastic.begin()
    elastic.observe([n(100), n(1)])
    elastic.run(for: .seconds(5))
    try elastic.propose("a")
    elastic.run(for: .seconds(5))
    elastic.isLost = { if case .relayAppend = $0.message { true } else { false } }
    try elastic.propose("b")
    elastic.run(for: .milliseconds(1))
    elastic.isLost = { _ in false }
    elastic.run(for: .seconds(1))
    #expect(texts(elastic.observers[0]) == [bytes("a"), bytes("b")])
  }

  @Test("An observer goes to the next source when one falls silent, and goes on where it was")
  func change() throws {
    var elastic = ElasticGroup(voters: 3)
    elastic.observe([n(1), n(2)])
    elastic.begin()
    try elastic.propose("a")
    elastic.run(for: .milliseconds(10))
    elastic.group.crash(1)
    try elastic.propose("b")
    elastic.run(for: .seconds(2))
    #expect(texts(elastic.observers[0]) == [bytes("a"), bytes("b")])
    #expect(elastic.observers[0].node.source == n(2))
  }

  @Test("A leader that the host no longer lists is not asked for ever")
  func goneLeader() throws {
    var elastic = ElasticGroup(voters: 3)
    elastic.observe([n(0), n(1), n(2)]) { $0.feed = .leader }
    elastic.begin()
    try elastic.propose("a")
    elastic.run(for: .milliseconds(300))
    #expect(elastic.observers[0].node.source == n(0) && elastic.observers[0].node.leader == n(0))
    elastic.group.crash(0)
    elastic.observers[0].node.setSources([n(1), n(2)])
    elastic.run(for: .seconds(6))
    let leader = try #require(elastic.group.leaders.first)
    _ = try elastic.group.propose(leader, bytes("b"))
    elastic.run(for: .seconds(1))
    #expect(texts(elastic.observers[0]) == [bytes("a"), bytes("b")])
    #expect(elastic.observers[0].node.source == n(leader))
  }

  @Test("However many near sources are dead, each is waited for once before one is asked again")
  func deadSources() {
    var settings = ObserverSettings()
    settings.sourceTimeout = .milliseconds(60)
    settings.sourceAvoidance = .milliseconds(50)
    settings.requestInterval = .milliseconds(20)
    let nodes = (0..<9).map { n($0) }
    var node = ObserverNode(id: n(9), incarnation: Incarnation(1), settings: settings, sources: nodes, now: .zero)
    var asked: [NodeID] = []
    var time = Instant.zero
    while asked.count <= nodes.count, time < .zero + .seconds(60) {
      node.advance(to: time)
      for envelope in node.effects.messages where envelope.to != asked.last { asked.append(envelope.to) }
      node.effects = ObserverEffects()
      time = time + .milliseconds(10)
    }
    #expect(Array(asked.prefix(nodes.count)) == nodes)
    #expect(asked.count == nodes.count + 1)
  }

  @Test("Sources further away than the patience with them still feed an observer")
  func farSources() {
    var settings = ObserverSettings()
    settings.sourceTimeout = .milliseconds(60)
    settings.requestInterval = .milliseconds(20)
    var node = ObserverNode(
      id: n(9), incarnation: Incarnation(1), settings: settings, sources: [n(0), n(1)], now: .zero)
    // Each request is answered from the beginning of the log, 200 ms later.
    var answers: [(at: Instant, envelope: Envelope)] = []
    var time = Instant.zero
    while time < .zero + .seconds(2), node.last == .zero {
      node.advance(to: time)
      for envelope in node.effects.messages {
        guard case .feedRequest(let request) = envelope.message else { continue }
        let feed = FeedEntries(
          stream: request.stream, term: Term(1), previous: .zero, entries: [Entry(term: Term(1), payload: .empty)],
          leader: n(0))
        answers.append(
          (time + .milliseconds(200), Envelope(from: envelope.to, to: n(9), message: .feedEntries(feed))))
      }
      node.effects = ObserverEffects()
      while let first = answers.first, first.at <= time {
        node.receive(answers.removeFirst().envelope, at: time)
      }
      time = time + .milliseconds(10)
    }
    #expect(node.last.index == LogIndex(1))
  }

  @Test("Lost entries are asked for again")
  func loss() throws {
    var elastic = ElasticGroup(voters: 3)
    elastic.observe([n(1)])
    elastic.begin()
    elastic.isLost = { if case .feedEntries(let feed) = $0.message { !feed.entries.isEmpty } else { false } }
    try elastic.propose("a")
    elastic.run(for: .milliseconds(10))
    elastic.isLost = { _ in false }
    try elastic.propose("b")
    elastic.run(for: .seconds(1))
    #expect(texts(elastic.observers[0]) == [bytes("a"), bytes("b")])
    #expect(elastic.observers[0].node.counters.streamsRestarted > 0)
  }

  @Test("A window bounds what a source sends ahead of the next request")
  func window() throws {
    var elastic = ElasticGroup(voters: 3)
    elastic.begin()
    for number in 0..<100 { try elastic.propose("\(number)") }
    elastic.run(for: .milliseconds(10))
    elastic.observe([n(1)]) { $0.window = 8 }
    var longest = 0
    elastic.isLost = { _ in false }
    elastic.run(for: .seconds(1))
    for envelope in elastic.seen {
      if case .feedEntries(let feed) = envelope.message { longest = max(longest, feed.entries.count) }
    }
    #expect(longest == 8)
    #expect(texts(elastic.observers[0]).count == 100, "it asks for more before it runs dry")
  }

  @Test("An observer that is too far behind gets a snapshot from the same source", arguments: [0, 1])
  func snapshot(_ source: Int) throws {
    var elastic = ElasticGroup(voters: 3) { $0.snapshotChunkBytes = 2 }
    elastic.begin()
    for text in ["a", "b"] { try elastic.propose(text) }
    elastic.run(for: .milliseconds(500))
    elastic.group.snapshot(source, bytes: [1, 2, 3, 4, 5])
    try elastic.propose("c")
    elastic.observe([n(source)])
    elastic.run(for: .seconds(1))
    #expect(texts(elastic.observers[0]) == [bytes("c")])
    #expect(elastic.observers[0].node.counters.snapshots == 1)
    #expect(elastic.observers[0].node.last == elastic.group[0].lastPosition)
  }

  @Test("A source that contradicts what was fed before stops the observer")
  func contradiction() {
    var node = ObserverNode(
      id: n(9), incarnation: Incarnation(1), settings: ObserverSettings(), sources: [n(0)], now: .zero)
    node.advance(to: .zero)
    func feed(_ previous: LogPosition, _ term: UInt64) -> Envelope {
      Envelope(
        from: n(0), to: n(9),
        message: .feedEntries(
          FeedEntries(
            stream: node.stream, term: Term(5), previous: previous,
            entries: [Entry(term: Term(term), payload: .empty)], leader: nil)))
    }
    node.receive(feed(.zero, 1), at: .zero)
    #expect(node.last == LogPosition(index: LogIndex(1), term: Term(1)))
    node.receive(feed(LogPosition(index: LogIndex(1), term: Term(3)), 4), at: .zero)
    #expect(node.isContradicted && node.last.index == LogIndex(1))
  }

  @Test("Reads get their index from the leader by a round that began after they came")
  func reads() throws {
    var elastic = ElasticGroup(voters: 3)
    elastic.observe([n(1)])
    elastic.begin()
    try elastic.propose("a")
    elastic.run(for: .milliseconds(200))
    #expect(elastic.observers[0].node.leader == n(0))
    elastic.observers[0].node.requestReadIndex(ReadID(5), at: elastic.now)
    elastic.settleObserver(0)
    elastic.run(for: .milliseconds(10))
    #expect(elastic.observers[0].reads == [ReadOutcome(id: ReadID(5), index: LogIndex(2))])
  }

  @Test("Members forget an observer that does not ask, and feed no more of them than they may")
  func bounds() {
    var group = TestGroup(voters: 1) { $0.maximumFeeds = 2 }
    group.elect(0)
    func ask(_ observer: Int) -> [Envelope] {
      let want = FeedRequest.Want.entries(after: .zero, window: 10)
      group.deliver(
        Envelope(
          from: n(observer), to: n(0),
          message: .feedRequest(FeedRequest(stream: FeedStream(1), want: want))))
      return group.intercept { _ in true }
    }
    func isRefused(_ envelopes: [Envelope]) -> Bool {
      envelopes.contains { if case .feedRefusal = $0.message { true } else { false } }
    }
    #expect(!isRefused(ask(10)) && !isRefused(ask(11)))
    #expect(isRefused(ask(12)))
    group.now = group.now + .milliseconds(1_500)
    #expect(!isRefused(ask(11)))
    group.now = group.now + .milliseconds(1_500)
    #expect(!isRefused(ask(12)), "one that is gone makes room, though nothing was committed meanwhile")
    #expect(group[0].feeds.all.map(\.observer) == [n(11), n(12)])
    group.now = group.now + .seconds(3)
    _ = try? group.propose(0, bytes("a"))
    #expect(group[0].feeds.isEmpty)
  }
}
