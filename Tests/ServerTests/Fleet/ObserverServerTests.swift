import KeyValue
import Raft
import Testing

@testable import Server

/// An observer as a host runs it, with a test in the place of its source and its leader.
@Suite("Observer server") struct ObserverServerTests {
  static let id = NodeID(100)
  static let source = NodeID(0)
  let key = Key("k")

  /// An observer that was fed `values` of the key, in term 1 whose leader is its source.
  struct Fed {
    var server: ObserverServer
    var now = Instant.zero + .seconds(1)
    var sent: [Envelope] = []
    var replies: [ClientReply] = []
    var observed: [LogPosition] = []
    var index = LogIndex.zero

    init(_ settings: ServerSettings = ServerSettings(), fed values: [UInt8] = [1]) {
      server = ObserverServer(
        id: ObserverServerTests.id, incarnation: Incarnation(7), observer: ObserverSettings(), settings: settings,
        sources: [ObserverServerTests.source], now: now)
      server.advance(to: now)
      settle()
      for value in values { feed(value) }
    }

    mutating func settle() {
      server.endTurn(at: now)
      sent += server.effects.messages
      replies += server.effects.replies.map(\.reply)
      observed += server.effects.observed.map(\.position)
      server.effects.removeAll()
    }

    mutating func hear(_ message: Message, from node: NodeID = ObserverServerTests.source) {
      server.receive(Envelope(from: node, to: ObserverServerTests.id, message: message), at: now)
      settle()
    }

    /// The stream that the observer asked for last.
    var stream: FeedStream {
      for envelope in sent.reversed() {
        if case .feedRequest(let request) = envelope.message { return request.stream }
      }
      return FeedStream(0)
    }

    /// Feeds the next entry: the key holds `value` then.
    mutating func feed(_ value: UInt8) {
      let command = Command(
        client: ClientID(9), sequence: SequenceNumber(index.rawValue + 1), operation: .put(Key("k"), [value]))
      let previous = LogPosition(index: index, term: index == .zero ? .zero : Term(1))
      index = index.next
      hear(
        .feedEntries(
          FeedEntries(
            stream: stream, term: Term(1), previous: previous,
            entries: [Entry(term: Term(1), payload: .command(command.encoded()))], leader: ObserverServerTests.source)))
    }

    mutating func ask(_ sequence: UInt64, _ consistency: ReadConsistency, _ operation: Operation = .get(Key("k"))) {
      server.receive(
        ClientRequest(
          client: ClientID(1), sequence: SequenceNumber(sequence), operation: operation, consistency: consistency),
        from: ClientAddress(1), at: now)
    }

    /// The questions for an index that were asked so far.
    var questions: [ReadID] {
      sent.compactMap { if case .readIndexRequest(let request) = $0.message { request.id } else { nil } }
    }

    mutating func answer(_ id: ReadID, _ index: LogIndex?) {
      hear(.readIndexResponse(ReadIndexResponse(term: Term(1), id: id, index: index)))
    }
  }

  @Test("An observer that has nothing yet, and any that is to write, points to the leader") func redirects() {
    var blank = Fed(fed: [])
    blank.ask(1, .local)
    blank.settle()
    #expect(blank.replies.map(\.outcome) == [.redirect(to: nil)])
    var fed = Fed()
    fed.ask(1, .linearizable, .put(key, [5]))
    fed.settle()
    #expect(fed.replies.map(\.outcome) == [.redirect(to: Self.source)])
    #expect(fed.replies[0].role == .observer && fed.questions.isEmpty)
  }

  @Test("What was applied is reported to those who ask for it, and to nobody else") func reports() {
    for reports in [false, true] {
      var settings = ServerSettings()
      settings.reportsObserved = reports
      // That of members' commands is another matter.
      settings.reportsApplied = !reports
      let fed = Fed(settings, fed: [1, 2])
      let positions = [1, 2].map { LogPosition(index: LogIndex($0), term: Term(1)) }
      #expect(fed.server.applied == positions[1])
      #expect(fed.observed == (reports ? positions : []))
    }
  }

  @Test("A snapshot whose stream was given up in the same turn changes nothing, and the observer goes on")
  func snapshotGivenUp() {
    let other = NodeID(1)
    for isOvertaken in [true, false] {
      var fed = Fed(fed: [1, 2])
      fed.server.setSources([Self.source, other])
      let kept = LogPosition(index: LogIndex(1), term: Term(1))
      let last = LogPosition(index: LogIndex(3), term: Term(1))
      var store = Store()
      _ = store.apply(
        Command(client: ClientID(9), sequence: SequenceNumber(3), operation: .put(Key("k"), [3])), at: LogIndex(3))
      let description = SnapshotDescription(last: last, configuration: Configuration(voters: [Self.source, other]))
      let snapshot = FeedSnapshot(
        stream: fed.stream, snapshot: description, offset: 0, bytes: store.snapshot().flatMap { $0 }, isLast: true)
      // All of it in one turn: the snapshot, the end of the patience with its source, and the entries of another one.
      fed.server.receive(Envelope(from: Self.source, to: Self.id, message: .feedSnapshot(snapshot)), at: fed.now)
      fed.now = fed.now + .seconds(10)
      fed.server.advance(to: fed.now)
      let entries = [2, 3, 4, 5].map { value in
        Entry(
          term: Term(1),
          payload: .command(
            Command(
              client: ClientID(9), sequence: SequenceNumber(UInt64(value)), operation: .put(Key("k"), [UInt8(value)])
            ).encoded()))
      }
      let feed = Message.feedEntries(
        FeedEntries(stream: fed.stream, term: Term(1), previous: kept, entries: entries, leader: Self.source))
      if isOvertaken { fed.server.receive(Envelope(from: other, to: Self.id, message: feed), at: fed.now) }
      fed.settle()
      fed.hear(feed, from: other)
      #expect(fed.server.applied == LogPosition(index: LogIndex(5), term: Term(1)))
      fed.ask(1, .local)
      fed.settle()
      #expect(fed.replies.last?.outcome == .done(.value([5])))
    }
  }

  @Test("Local reads are served at once and ask nobody") func local() {
    var fed = Fed(fed: [1, 2])
    fed.ask(1, .local)
    fed.settle()
    #expect(fed.replies.map(\.outcome) == [.done(.value([2]))])
    #expect(fed.questions.isEmpty)
  }

  @Test("A linearizable read waits for its index, and then for that index to be applied") func linearizable() {
    var fed = Fed()
    fed.ask(1, .linearizable)
    fed.settle()
    #expect(fed.questions.count == 1 && fed.replies.isEmpty)
    fed.answer(fed.questions[0], LogIndex(2))
    #expect(fed.replies.isEmpty, "the entry that it must see is not here")
    fed.feed(2)
    #expect(fed.replies.map(\.outcome) == [.done(.value([2]))])
  }

  @Test("However many reads come, one question is under way; those that come meanwhile share the next") func batches() {
    var fed = Fed()
    for sequence in 1...50 as ClosedRange<UInt64> {
      fed.ask(sequence, .linearizable)
      if sequence % 10 == 0 { fed.settle() }
    }
    #expect(fed.questions.count == 1)
    fed.answer(fed.questions[0], LogIndex(1))
    #expect(fed.replies.count == 10, "an index is never given to what came after it was asked for")
    #expect(fed.questions.count == 2)
    fed.answer(fed.questions[1], LogIndex(1))
    #expect(fed.replies.count == 50 && fed.questions.count == 2)
    #expect(Set(fed.questions).count == 2)
  }

  @Test("Bounded reads are served at once for as long as an index that was waited for is recent") func bounded() {
    var settings = ServerSettings()
    settings.boundedAge = .milliseconds(300)
    var fed = Fed(settings)
    fed.ask(1, .bounded)
    fed.settle()
    #expect(fed.replies.isEmpty, "nothing is known of how fresh the state is")
    let asked = fed.now
    // The answer is slow: age counts from the question.
    fed.now = asked + .milliseconds(200)
    fed.answer(fed.questions[0], LogIndex(1))
    #expect(fed.replies.count == 1)
    fed.now = asked + .milliseconds(300) - .nanoseconds(1)
    fed.ask(2, .bounded)
    fed.settle()
    #expect(fed.replies.count == 2 && fed.questions.count == 1)
    fed.now = asked + .milliseconds(300)
    fed.ask(3, .bounded)
    fed.settle()
    #expect(fed.replies.count == 2 && fed.questions.count == 2)
  }

  @Test("A leader that is none any more turns reads away, and so does one that is silent") func refusals() {
    var fed = Fed()
    fed.ask(1, .linearizable)
    fed.settle()
    fed.answer(fed.questions[0], nil)
    #expect(fed.replies.map(\.outcome) == [.redirect(to: nil)])
    fed.feed(2)
    fed.ask(2, .linearizable)
    fed.settle()
    #expect(fed.questions.count == 2)
    let end = fed.now + .milliseconds(ServerSettings().readTimeoutMilliseconds)
    #expect(fed.server.nextDeadline <= end)
    fed.now = end
    fed.server.advance(to: end)
    fed.settle()
    #expect(fed.replies.last?.outcome == .redirect(to: nil), "it is not taken for the leader any more")
    // The late answer fits no read.
    fed.ask(3, .linearizable)
    fed.answer(fed.questions[1], LogIndex(2))
    #expect(fed.replies.count == 3)
  }

  @Test("More reads than may wait are turned away as busy") func busy() {
    var settings = ServerSettings()
    settings.maximumPending = 2
    var fed = Fed(settings)
    for sequence in 1...3 as ClosedRange<UInt64> { fed.ask(sequence, .linearizable) }
    fed.settle()
    #expect(fed.replies.map(\.outcome) == [.busy] && fed.replies[0].sequence == SequenceNumber(3))
  }

  @Test("Questions of two lives have different names") func lives() {
    var names: [ReadID] = []
    for life in 1...2 as ClosedRange<UInt64> {
      var reads = PendingReads(firstID: life << 40)
      reads.append(
        PendingReads.Waiting(
          address: ClientAddress(1), client: ClientID(1), sequence: SequenceNumber(1), query: .value(key)))
      if let id = reads.ask(at: .zero, deadline: .distantFuture) { names.append(id) }
    }
    #expect(Set(names).count == 2)
  }
}
