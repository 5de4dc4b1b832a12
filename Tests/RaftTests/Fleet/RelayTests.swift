import Testing

@testable import Raft

/// Replication through secretaries: rules L1 to L8 and R7 of the elastic protocol, as a group sees them.
@Suite struct RelayTests {
  private func group(_ change: (inout Settings) -> Void = { _ in }) -> ElasticGroup {
    var group = ElasticGroup(voters: 5, change: change)
    group.hire()
    group.begin()
    return group
  }

  @Test("An entry leaves the leader once, and the secretary sends it to every follower")
  func oneCopy() throws {
    var elastic = group()
    try elastic.propose("a")
    elastic.run(for: .milliseconds(1))
    #expect(elastic.batches.count == 1)
    #expect(elastic.batches[0].batch.targets.map(\.node) == (1...4).map { n($0) })
    #expect(elastic.appends.count == 4)
    #expect(elastic.appends.allSatisfy { $0.sender == n(100) })
    #expect(elastic.group[0].commitIndex == LogIndex(2))
    // Followers learn that it is committed with an empty batch, at once.
    #expect((1...4).allSatisfy { elastic.group[$0].commitIndex == LogIndex(2) })
    #expect(elastic.group.violations.isEmpty)
  }

  @Test("Followers at another place are served directly, unless secretaries reach the whole group")
  func reach() throws {
    for reach in Settings.RelayReach.allCases {
      var elastic = ElasticGroup(voters: 5, localities: [0, 1, 1, 2, 2]) { $0.relayReach = reach }
      elastic.hire(1)
      elastic.begin()
      try elastic.propose("a")
      elastic.run(for: .milliseconds(1))
      let direct = elastic.appends.filter { $0.sender == n(0) }.map(\.to)
      #expect(direct == (reach == .locality ? [n(3), n(4)] : []))
      #expect(elastic.batches.count == 1)
    }
  }

  @Test("Several secretaries share the followers of their place evenly, within their capacity")
  func spread() {
    var fleet = Fleet()
    for (number, capacity) in [(7, 1), (8, 9), (9, 9)] {
      fleet.add(
        Fleet.Hand(
          node: n(number), incarnation: Incarnation(1), locality: Locality(number == 9 ? 1 : 0), capacity: capacity,
          isRetiring: false, lastHeard: .zero, sentThrough: .zero, lastSent: .zero))
    }
    let localities = ContiguousArray<Locality?>([0, 0, 0, 0, 0, 2, 1].map { Locality($0) })
    fleet.assign([1, 2, 3, 4, 5, 6], at: localities, reach: .locality)
    let routes = (1...6).map { slot in fleet.route(of: slot).map { fleet[$0].node } }
    #expect(routes == [n(7), n(8), n(8), n(8), nil, n(9)])
    fleet.assign([1, 2, 3, 4, 5, 6], at: localities, reach: .group)
    #expect(fleet.route(of: 5).map { fleet[$0].node } == n(9), "the one with the least to do has room for a stranger")
    #expect(fleet.assignment == 2)
  }

  @Test("With notice others serve a secretary's followers before it goes, and nothing is sent twice")
  func retirement() throws {
    var elastic = group()
    elastic.secretaries[0].retire(at: elastic.now)
    elastic.settleSecretary(0)
    elastic.deliverAll()
    #expect(elastic.group.members[0].events.contains(.secretaryRetiring(n(100))))
    elastic.silent = [n(100)]
    elastic.seen = []
    try elastic.propose("a")
    elastic.run(for: .milliseconds(1))
    #expect(elastic.appends.map(\.to) == (1...4).map { n($0) })
    #expect(elastic.appends.allSatisfy { $0.sender == n(0) })
    #expect(elastic.group[0].commitIndex == LogIndex(2))
  }

  @Test("What a silent secretary was to pass on is sent directly within the relay timeout, and nobody campaigns")
  func takeOver() throws {
    var elastic = group()
    // The secretary was heard from when its last enlistment came, an interval ago at most.
    elastic.silent = [n(100)]
    try elastic.propose("a")
    let timeout = elastic.group.settings.relayTimeout
    elastic.run(for: timeout - .milliseconds(151))
    #expect(elastic.appends.isEmpty, "until then it may only be slow")
    elastic.run(for: .milliseconds(152))
    #expect(elastic.group[0].commitIndex == LogIndex(2))
    #expect(elastic.group[0].counters.relaysTakenOver == 4)
    elastic.run(for: .seconds(10))
    #expect(elastic.group[0].role == .leader && elastic.group[0].term == Term(1))
    #expect((0...4).allSatisfy { elastic.group.commands($0) == [bytes("a")] })
    #expect(elastic.group.members[0].events.contains(.secretaryLost(n(100))))
  }

  @Test("A secretary that comes back serves again, once the leader trusts the way over it")
  func comeback() throws {
    var elastic = group()
    elastic.silent = [n(100)]
    try elastic.propose("a")
    elastic.run(for: .seconds(1))
    elastic.silent = []
    elastic.run(for: .seconds(3))
    elastic.seen = []
    try elastic.propose("b")
    elastic.run(for: .milliseconds(1))
    #expect(elastic.batches.count == 1 && elastic.appends.count == 4)
  }

  @Test("Another secretary serves a dead one's followers as soon as they have answered: it is not to blame")
  func successor() throws {
    var elastic = group()
    elastic.hire()
    elastic.run(for: .milliseconds(400))
    elastic.silent = [n(100)]
    try elastic.propose("a")
    elastic.run(for: .milliseconds(600))
    #expect(elastic.group.members[0].events.contains(.secretaryLost(n(100))))
    elastic.seen = []
    try elastic.propose("b")
    elastic.run(for: .milliseconds(1))
    #expect(elastic.batches.map(\.to) == [n(101)])
    #expect(elastic.batches[0].batch.targets.map(\.node) == (1...4).map { n($0) })
    #expect(elastic.appends.allSatisfy { $0.sender == n(101) })
  }

  @Test("Followers whose windows open one after the other are sent the same batch")
  func sharedBatches() throws {
    var elastic = group { $0.maximumInflightMessages = 4 }
    elastic.isLost = { if case .appendAccepted = $0.message { true } else { false } }
    for number in 0..<8 { try elastic.propose("\(number)") }
    elastic.deliverAll()
    let held = elastic.seen.filter { if case .appendAccepted = $0.message { true } else { false } }
    elastic.isLost = { _ in false }
    elastic.seen = []
    // What was held back arrives, one answer at a time.
    for envelope in held {
      elastic.with(0) { node, now in node.receive(envelope, at: now) }
      elastic.deliverAll()
    }
    // Those that were full when the entries were committed learn that from a heartbeat.
    elastic.run(for: .milliseconds(200))
    #expect((1...4).allSatisfy { elastic.group.commands($0).count == 8 })
    let entries = elastic.batches.reduce(0) { $0 + $1.batch.append.entries.count }
    #expect(entries <= 8, "\(elastic.batches.map { ($0.batch.append.previous.index, $0.batch.append.entries.count) })")
    #expect(elastic.group.violations.isEmpty && elastic.secretaries[0].counters.gaps == 0)
  }

  @Test("A follower that its secretary cannot reach is served directly; the others are not disturbed")
  func oneLostLink() throws {
    var elastic = group()
    elastic.isLost = { $0.sender == n(100) && $0.receiver == n(3) }
    try elastic.propose("a")
    elastic.run(for: .seconds(1))
    #expect(elastic.group.commands(3) == [bytes("a")])
    elastic.seen = []
    try elastic.propose("b")
    elastic.run(for: .milliseconds(1))
    #expect(elastic.batches[0].batch.targets.map(\.node) == [n(1), n(2), n(4)])
    #expect(elastic.appends.contains { $0.sender == n(0) && $0.to == n(3) })
  }

  @Test("A follower that lost entries is probed directly and then relayed again")
  func gap() throws {
    var elastic = group()
    elastic.isLost = { $0.sender == n(100) && $0.receiver == n(2) }
    try elastic.propose("a")
    elastic.deliverAll()
    elastic.isLost = { _ in false }
    try elastic.propose("b")
    elastic.run(for: .milliseconds(300))
    #expect(elastic.group.commands(2) == [bytes("a"), bytes("b")])
    #expect(elastic.appends.contains { $0.sender == n(0) && $0.to == n(2) })
  }

  @Test("A new leader begins without a fleet and learns it from the secretaries")
  func newLeader() throws {
    var elastic = group()
    elastic.group.crash(0)
    elastic.run(for: .seconds(5))
    let leader = try #require(elastic.group.leaders.first)
    #expect(leader != 0)
    elastic.seen = []
    _ = try elastic.group.propose(leader, bytes("b"))
    elastic.run(for: .milliseconds(1))
    #expect(elastic.batches.count == 1 && elastic.secretaries[0].leader == n(leader))
    #expect(elastic.appends.allSatisfy { $0.message.term == elastic.group[leader].term })
  }

  @Test("A second life of a secretary is not handed what was meant for the first")
  func secondLife() throws {
    var elastic = group()
    try elastic.propose("a")
    let old = try #require(
      elastic.group.intercept { if case .relayAppend = $0.message { true } else { false } }.first)
    elastic.secretaries[0] = SecretaryNode(
      id: n(100), incarnation: Incarnation(2), settings: SecretarySettings(locality: Locality(0)),
      contacts: [n(0)], now: elastic.now)
    elastic.secretaries[0].receive(old, at: elastic.now)
    elastic.secretaries[0].endTurn(at: elastic.now)
    #expect(elastic.secretaries[0].messages.isEmpty && elastic.secretaries[0].counters.dropped == 1)
    // The leader hears of the new life and takes the old one's followers over at once.
    elastic.run(for: .milliseconds(200))
    #expect(elastic.group[0].commitIndex == LogIndex(2))
  }

  @Test("Carried answers reach the leader in one message, as their senders said them")
  func carried() throws {
    var elastic = group { $0.acknowledgements = .carried }
    try elastic.propose("a")
    elastic.run(for: .milliseconds(1))
    let answers = elastic.seen.filter { envelope in
      if case .appendAccepted = envelope.message { envelope.to == n(0) } else { false }
    }
    #expect(answers.allSatisfy { $0.receiver == n(100) && $0.via == n(100) })
    let carried = elastic.seen.compactMap { envelope -> [Envelope]? in
      if case .carriedResponses(let message) = envelope.message { message.envelopes } else { nil }
    }
    #expect(carried.flatMap { $0 } == answers, "intact, and in order")
    #expect(elastic.group[0].commitIndex == LogIndex(2))
  }

  @Test("A leader takes a carried answer only for what it is: of a member, of its term")
  func forgedCarry() {
    var elastic = group { $0.acknowledgements = .carried }
    func carry(_ from: Int, _ term: UInt64, _ match: UInt64) -> Envelope {
      let said = Message.appendAccepted(AppendAccepted(term: Term(term), round: .zero, match: LogIndex(match)))
      return Envelope(
        from: n(100), to: n(0),
        message: .carriedResponses(
          CarriedResponses(envelopes: [Envelope(from: n(from), to: n(0), message: said, via: n(100))])))
    }
    _ = try? elastic.propose("a")
    _ = elastic.group.intercept { _ in true }
    for forged in [carry(77, 1, 2), carry(1, 0, 2), carry(0, 1, 2)] {
      elastic.with(0) { node, now in node.receive(forged, at: now) }
    }
    #expect(elastic.group[0].commitIndex == LogIndex(1))
  }

  @Test("Windows bound what is on its way through a secretary")
  func windows() throws {
    var elastic = group {
      $0.maximumInflightMessages = 2
      $0.maximumEntriesPerMessage = 1
    }
    elastic.isLost = { if case .appendAccepted = $0.message { true } else { false } }
    for number in 0..<5 { try elastic.propose("\(number)") }
    elastic.deliverAll()
    #expect(elastic.batches.count == 2)
    #expect(elastic.group.violations.isEmpty)
    elastic.isLost = { _ in false }
    elastic.run(for: .seconds(1))
    #expect(elastic.group[4].commitIndex == LogIndex(6))
  }
}
