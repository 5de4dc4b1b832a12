import Testing

@testable import Raft

/// What a secretary does and must not do: rules R1 to R7 of the elastic protocol.
@Suite struct SecretaryTests {
  private func secretary(_ change: (inout SecretarySettings) -> Void = { _ in }) -> SecretaryNode {
    var settings = SecretarySettings(locality: Locality(0))
    change(&settings)
    return SecretaryNode(id: n(9), incarnation: Incarnation(3), settings: settings, contacts: [n(0), n(1)], now: .zero)
  }

  private func batch(
    term: UInt64 = 1, round: UInt64 = 5, previous: (UInt64, UInt64) = (4, 1), texts: [String] = ["a", "b"],
    commit: UInt64 = 3, incarnation: UInt64 = 3, assignment: UInt32 = 1, targets: [(Int, UInt64)], from: Int = 0
  ) -> Envelope {
    let append = AppendEntries(
      term: Term(term), round: Round(round), previous: LogPosition(index: LogIndex(previous.0), term: Term(previous.1)),
      commit: LogIndex(commit),
      entries: texts.map { Entry(term: Term(term), payload: .command(bytes($0))) })
    return Envelope(
      from: n(from), to: n(9),
      message: .relayAppend(
        RelayAppend(
          append: append, incarnation: Incarnation(incarnation), assignment: assignment,
          targets: targets.map { RelayTarget(node: n($0.0), next: LogIndex($0.1)) })))
  }

  private func turn(_ secretary: inout SecretaryNode, _ envelopes: [Envelope], at time: TimeSpan = .zero) -> [Envelope]
  {
    for envelope in envelopes { secretary.receive(envelope, at: .zero + time) }
    secretary.endTurn(at: .zero + time)
    defer { secretary.messages.removeAll() }
    return Array(secretary.messages)
  }

  @Test("R1: a cut has the batch's term, round and commit index, and a run of its entries")
  func cuts() {
    var node = secretary()
    let sent = turn(&node, [batch(targets: [(1, 5), (2, 6), (3, 7)])])
    #expect(sent.count == 3 && sent.allSatisfy { $0.from == n(0) && $0.via == n(9) && $0.sender == n(9) })
    let cuts = sent.compactMap { if case .appendEntries(let cut) = $0.message { cut } else { nil } }
    #expect(cuts.allSatisfy { $0.term == Term(1) && $0.round == Round(5) && $0.commit == LogIndex(3) })
    #expect(cuts.map(\.previous.index.rawValue) == [4, 5, 6])
    #expect(cuts.map(\.entries.count) == [2, 1, 0])
    #expect(cuts.allSatisfy { $0.lastIndex == LogIndex(6) })
  }

  @Test("R1: a target whose next entry is not in the batch is reported, not guessed")
  func gaps() {
    var node = secretary()
    let sent = turn(&node, [batch(targets: [(1, 4), (2, 8)])])
    let reasons = sent.compactMap { envelope -> RelayNotice.Reason? in
      if case .relayNotice(let notice) = envelope.message, envelope.to == n(0) { notice.reason } else { nil }
    }
    #expect(reasons == [.gap(n(1)), .gap(n(2))] && sent.count == 2)
  }

  @Test("R2: a higher term drops what is older and is never spoken in")
  func terms() {
    var node = secretary()
    node.receive(batch(targets: [(1, 5)]), at: .zero)
    node.receive(
      Envelope(from: n(1), to: n(9), message: .enlistmentAnswer(EnlistmentAnswer(term: Term(2), leader: n(1)))),
      at: .zero)
    #expect(turn(&node, []).isEmpty, "the batch of term 1 is dropped")
    #expect(turn(&node, [batch(targets: [(1, 5)])]).isEmpty, "and so is one that comes late")
    let sent = turn(&node, [batch(term: 2, targets: [(2, 5)], from: 1)])
    #expect(sent.count == 1 && sent[0].from == n(1))
  }

  @Test("R2: a follower's higher term drops the queue; its words go on unchanged")
  func carriedTerm() {
    var node = secretary()
    node.receive(batch(targets: [(1, 5)]), at: .zero)
    let rejection = Envelope(
      from: n(2), to: n(0),
      message: .appendRejected(AppendRejected(term: Term(7), round: .zero, previous: LogIndex(4), hint: .zero)),
      via: n(9))
    let sent = turn(&node, [rejection])
    #expect(sent.count == 1)
    #expect(sent.first?.message == .carriedResponses(CarriedResponses(envelopes: [rejection])))
    #expect(sent.first?.to == n(0) && sent.first?.from == n(9))
  }

  @Test("R5: as time passes a secretary only enlists; a batch that waited too long is dropped")
  func time() {
    var node = secretary { $0.longestHold = .milliseconds(100) }
    node.receive(batch(targets: [(1, 5)]), at: .zero)
    node.endTurn(at: .zero + .milliseconds(100))
    #expect(node.messages.isEmpty && node.counters.dropped == 1)
    for step in 1...50 {
      node.advance(to: .zero + .milliseconds(Int64(100 + step * 100)))
      node.endTurn(at: .zero + .milliseconds(Int64(100 + step * 100)))
    }
    #expect(!node.messages.isEmpty)
    #expect(node.messages.allSatisfy { if case .enlistment = $0.message { true } else { false } })
  }

  @Test("R6: what is too much is dropped oldest first, and the leader is told")
  func overload() {
    var node = secretary { $0.maximumQueuedBytes = 110 }
    let many = (0..<4).map { batch(round: UInt64(5 + $0), targets: [(1, 5)]) }
    let sent = turn(&node, many)
    let rounds = sent.compactMap { if case .appendEntries(let cut) = $0.message { cut.round.rawValue } else { nil } }
    #expect(rounds == [6, 7, 8])
    #expect(
      sent.contains { if case .relayNotice(let notice) = $0.message { notice.reason == .overloaded } else { false } })
  }

  @Test("A batch for another life, or of an assignment that is over, is dropped")
  func stale() {
    var node = secretary()
    #expect(turn(&node, [batch(incarnation: 2, targets: [(1, 5)])]).isEmpty)
    #expect(turn(&node, [batch(assignment: 4, targets: [(1, 5)])]).count == 1)
    #expect(turn(&node, [batch(assignment: 3, targets: [(1, 5)])]).isEmpty)
  }

  @Test("It asks one member after the other until one leads, and then only that one")
  func enlisting() {
    var node = secretary()
    var asked: [NodeID] = []
    func step(_ answer: EnlistmentAnswer?) {
      node.advance(to: node.nextDeadline)
      node.endTurn(at: node.now)
      for envelope in node.messages {
        asked.append(envelope.to)
        guard let answer else { continue }
        node.receive(Envelope(from: envelope.to, to: n(9), message: .enlistmentAnswer(answer)), at: node.now)
      }
      node.messages.removeAll()
    }
    step(nil)
    step(EnlistmentAnswer(term: Term(1), leader: nil))
    step(EnlistmentAnswer(term: Term(1), leader: n(0)))
    step(EnlistmentAnswer(term: Term(1), leader: n(0)))
    step(EnlistmentAnswer(term: Term(1), leader: n(0)))
    #expect(asked == [n(1), n(0), n(1), n(0), n(0)])
  }

  @Test("A message with absurd numbers is dropped")
  func hostile() {
    var node = secretary()
    #expect(turn(&node, [batch(previous: (.max - 1, 1), targets: [(1, 5)])]).isEmpty)
    #expect(turn(&node, [batch(previous: (4, 9), targets: [(1, 5)])]).isEmpty, "terms fall")
    #expect(turn(&node, [batch(targets: [(1, .max)])]).isEmpty)
    let vote = Message.voteResponse(VoteResponse(term: Term(1), isGranted: true, committed: .zero))
    let stray = Envelope(
      from: n(1), to: n(9),
      message: .carriedResponses(
        CarriedResponses(envelopes: [
          Envelope(from: n(1), to: n(0), message: vote)
        ])))
    #expect(turn(&node, [stray]).isEmpty)
  }
}
