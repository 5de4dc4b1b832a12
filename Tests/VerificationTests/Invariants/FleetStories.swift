import Raft

@testable import Verification

/// Stories about secretaries and observers that say what is not theirs to say, and about leaders that believe it.
extension Story {
  private static let secretary = NodeID(40_000)
  private static let observer = NodeID(40_001)

  private static func entries(_ contents: [UInt8], term: UInt64 = 1) -> [Entry] {
    contents.map { Entry(term: Term(term), payload: .command([$0])) }
  }

  /// Entries 2 and 3 of a settled group, in round 7, with commit index 1.
  private static var batch: AppendEntries {
    AppendEntries(
      term: Term(1), round: Round(7), previous: LogPosition(index: LogIndex(1), term: Term(1)), commit: LogIndex(1),
      entries: entries([2, 3]))
  }

  /// What is found when a secretary that was handed ``batch`` sends node 2 what `change` makes of it.
  private static func relaying(
    from leader: UInt32 = 1, _ change: (inout AppendEntries) -> Void
  ) -> InvariantViolation? {
    var (watch, _, _) = Watch.settled()
    let relay = RelayAppend(
      append: batch, incarnation: Incarnation(1), assignment: 1,
      targets: [RelayTarget(node: NodeID(2), next: LogIndex(2))])
    watch.hear(1, secretary.rawValue, .relayAppend(relay))
    var cut = batch
    change(&cut)
    return watch.violation
      ?? watch.checker.observe(
        Envelope(from: NodeID(leader), to: NodeID(2), message: .appendEntries(cut), via: secretary), sentBy: secretary)
  }

  /// What is found when a secretary carries `match` for node 2, which said 2 itself.
  private static func carrying(_ match: UInt64, term: UInt64 = 1) -> InvariantViolation? {
    var (watch, _, _) = Watch.settled()
    watch.hear(2, 1, .appendAccepted(AppendAccepted(term: Term(1), round: Round(7), match: LogIndex(2))))
    let said = AppendAccepted(term: Term(term), round: Round(7), match: LogIndex(match))
    let response = Envelope(from: NodeID(2), to: NodeID(1), message: .appendAccepted(said), via: secretary)
    return watch.violation
      ?? watch.checker.observe(
        Envelope(
          from: secretary, to: NodeID(1), message: .carriedResponses(CarriedResponses(envelopes: [response]))),
        sentBy: secretary)
  }

  /// What is found when a secretary carries a rejection for node 2 that is what `change` makes of one that it said, among
  /// so many others.
  private static func carryingRejection(
    said others: Int = 0, _ change: (inout AppendRejected) -> Void
  ) -> InvariantViolation? {
    var (watch, _, _) = Watch.settled()
    let hint = LogPosition(index: LogIndex(2), term: Term(1))
    var rejected = AppendRejected(term: Term(1), round: Round(7), previous: LogIndex(9), hint: hint)
    watch.hear(2, 1, .appendRejected(rejected))
    for other in 0..<others {
      let later = AppendRejected(
        term: Term(1), round: Round(8 + UInt64(other)), previous: LogIndex(9), hint: hint)
      watch.hear(2, 1, .appendRejected(later))
    }
    change(&rejected)
    let response = Envelope(from: NodeID(2), to: NodeID(1), message: .appendRejected(rejected), via: secretary)
    return watch.violation
      ?? watch.checker.observe(
        Envelope(
          from: secretary, to: NodeID(1), message: .carriedResponses(CarriedResponses(envelopes: [response]))),
        sentBy: secretary)
  }

  static let relays: [Story] = [
    Story("a secretary passes a batch on", breaks: nil) { relaying { _ in } },
    Story("a secretary passes on the rest of a batch", breaks: nil) {
      relaying {
        $0.previous = LogPosition(index: LogIndex(2), term: Term(1))
        $0.entries.removeFirst()
      }
    },
    Story("a secretary raises the term of a batch", breaks: .relayHonesty) { relaying { $0.term = Term(2) } },
    Story("a secretary raises the round of a batch", breaks: .relayHonesty) { relaying { $0.round = Round(8) } },
    Story("a secretary raises the commit index of a batch", breaks: .relayHonesty) {
      relaying { $0.commit = LogIndex(3) }
    },
    Story("a secretary holds the commit index of a batch back", breaks: .relayHonesty) {
      relaying { $0.commit = .zero }
    },
    Story("a secretary puts another entry into a batch", breaks: .relayHonesty) {
      relaying { $0.entries = entries([2, 9]) }
    },
    Story("a secretary adds an entry to a batch", breaks: .relayHonesty) {
      relaying { $0.entries += entries([4]) }
    },
    Story("a secretary says what comes before its cut wrongly", breaks: .relayHonesty) {
      relaying { $0.previous = LogPosition(index: LogIndex(1), term: .zero) }
    },
    Story("a secretary sends a batch in the name of somebody else", breaks: .relayHonesty) {
      relaying(from: 3) { _ in }
    },
    Story("a secretary carries what a follower said", breaks: nil) { carrying(2) },
    Story("a secretary carries more than a follower said", breaks: .relayHonesty) { carrying(3) },
    Story("a secretary carries what a follower said into another term", breaks: .relayHonesty) {
      carrying(2, term: 2)
    },
    Story("a secretary carries what a follower rejected", breaks: nil) { carryingRejection { _ in } },
    Story("a secretary carries a rejection that came long before many others", breaks: nil) {
      carryingRejection(said: 2_000) { _ in }
    },
    Story("a secretary carries a rejection that nobody said, after many others", breaks: .relayHonesty) {
      carryingRejection(said: 2_000) { $0.round = Round(9_000) }
    },
    Story("a secretary carries a rejection into another term", breaks: .relayHonesty) {
      carryingRejection { $0.term = Term(2) }
    },
    Story("a secretary rejects another entry for a follower", breaks: .relayHonesty) {
      carryingRejection { $0.previous = LogIndex(3) }
    },
    Story("a secretary changes a follower's hint", breaks: .relayHonesty) { carryingRejection { $0.hint = .zero } },
  ]

  private static func saying(_ message: Message, from: NodeID = secretary, via: NodeID? = nil) -> InvariantViolation? {
    var (watch, _, _) = Watch.settled()
    return watch.checker.observe(
      Envelope(from: from, to: NodeID(1), message: message, via: via), sentBy: secretary)
  }

  static let fleetWords: [Story] = [
    Story("a secretary enlists", breaks: nil) {
      saying(
        .enlistment(
          Enlistment(
            incarnation: Incarnation(1), locality: Locality(0), capacity: 1, isRetiring: false, feed: nil)))
    },
    Story("a secretary enlists somebody else", breaks: .fleetSilence) {
      saying(
        .enlistment(
          Enlistment(
            incarnation: Incarnation(1), locality: Locality(0), capacity: 1, isRetiring: false, feed: nil)),
        from: observer)
    },
    Story("a secretary grants a vote", breaks: .fleetSilence) {
      saying(.voteResponse(VoteResponse(term: Term(2), isGranted: true)))
    },
    Story("a secretary acknowledges for itself", breaks: .fleetSilence) {
      saying(.appendAccepted(AppendAccepted(term: Term(1), round: Round(7), match: LogIndex(2))))
    },
    Story("a secretary acknowledges for a follower", breaks: .fleetSilence) {
      saying(
        .appendAccepted(AppendAccepted(term: Term(1), round: Round(7), match: LogIndex(2))), from: NodeID(2),
        via: secretary)
    },
    Story("a secretary sends a leader's sign of life", breaks: .fleetSilence) {
      saying(.heartbeat(Heartbeat(term: Term(1), round: Round(8), commit: .zero)))
    },
    Story("a secretary sends entries of its own", breaks: .fleetSilence) { saying(.appendEntries(batch)) },
  ]

  static let feeds: [Story] = [
    Story("an observer applies what was committed", breaks: nil) { applying(3, 3, term: 1) },
    Story("an observer applies another entry", breaks: .committedFeed) { applying(3, 9, term: 1) },
    Story("an observer applies the entry of another term", breaks: .committedFeed) { applying(3, 3, term: 2) },
    Story("an observer applies an entry that nobody committed", breaks: .committedFeed) { applying(4, 4, term: 1) },
  ]

  private static func applying(_ index: UInt64, _ content: UInt8, term: UInt64) -> InvariantViolation? {
    var (watch, leader, _) = Watch.settled()
    leader.append(1, 4)
    watch.see(leader)
    return watch.violation
      ?? watch.checker.observe(
        observer, applied: entries([content], term: term)[0],
        at: LogPosition(index: LogIndex(index), term: Term(term)))
  }
}

/// Stories about what a leader counts, told of a real one: only it has a progress to count in.
extension Story {
  static let countedWords: [Story] = [
    Story("a leader counts what a follower said", breaks: nil) { counting(saying: 1, hearing: 1) },
    Story("a leader counts more than a follower said", breaks: .countedAcknowledgement) {
      counting(saying: 0, hearing: 1)
    },
  ]

  /// What is found at a leader whose follower said `match` and that heard `heard`.
  private static func counting(saying match: UInt64, hearing heard: UInt64) -> InvariantViolation? {
    let (me, follower) = (NodeID(0), NodeID(1))
    let voters = Configuration(voters: [me, follower, NodeID(2)])
    var settings = Settings()
    settings.usesPreVote = false
    guard
      var node = try? RaftNode(
        id: me, state: DurableState(bootstrap: voters), settings: settings, random: RandomSource(seed: 1), now: .zero)
    else { return nil }
    let now = Instant.zero + .seconds(3)
    node.advance(to: now)
    func settle(_ node: inout RaftNode) {
      node.endTurn(at: now)
      if let last = node.effects.writes.last { node.writesCompleted(through: last.sequence, at: now) }
    }
    func answer(_ message: Message) -> Envelope { Envelope(from: follower, to: me, message: message) }
    settle(&node)
    node.receive(answer(.voteResponse(VoteResponse(term: Term(1), isGranted: true))), at: now)
    settle(&node)
    precondition(node.role == .leader, "the story needs a leader")

    var checker = InvariantChecker()
    func accepted(_ match: UInt64) -> Message {
      .appendAccepted(AppendAccepted(term: Term(1), round: Round(1), match: LogIndex(match)))
    }
    if let found = checker.observe(sent: answer(accepted(match))) { return found }
    node.receive(answer(accepted(heard)), at: now)
    return withUnsafePointer(to: node) { checker.observeCounting($0) }
  }
}
