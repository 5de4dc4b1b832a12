import Raft

@testable import KeyValue
@testable import Server
@testable import Wire

/// Draws frames with random contents, extreme numbers among them.
struct RandomFrames {
  var random: RandomSource
  /// Whether most numbers are small and lists of nodes are in order, so that nodes take what they are told.
  let isPlausible: Bool

  init(seed: UInt64, isPlausible: Bool = false) {
    random = RandomSource(seed: seed)
    self.isPlausible = isPlausible
  }

  /// A frame of each kind, so that none is forgotten when one is added.
  mutating func frame(_ kind: FrameKind) -> Frame {
    switch kind {
    case .hello: .hello(hello())
    case .helloReply: .helloReply(helloReply())
    case .ping: .ping(Ping(sentAt: instant()))
    case .pong: .pong(Pong(pingSentAt: instant(), sentAt: instant()))
    case .clientRequest: .clientRequest(clientRequest())
    case .shardRequest: .shardRequest(shardRequest())
    case .clientReply: .clientReply(clientReply())
    case .adminRequest: .adminRequest(AdminRequest(id: number(), order: adminOrder()))
    case .adminReply: .adminReply(AdminReply(id: number(), answer: adminAnswer()))
    default: .message(envelope(message(kind)!))
    }
  }

  // MARK: Parts

  mutating func below(_ bound: Int) -> Int { Int(random.next(below: UInt64(bound))) }
  mutating func isTrue() -> Bool { random.nextBool(probability: 0.5) }

  mutating func number() -> UInt64 {
    if isPlausible, below(20) > 0 { return UInt64(below(7)) }
    return switch below(6) {
    case 0: 0
    case 1: .max
    case 2: UInt64(Int64.max)
    case 3: UInt64(below(100))
    default: random.next()
    }
  }

  mutating func bytes(_ most: Int = 40) -> [UInt8] {
    (0..<below(most + 1)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
  }

  mutating func text() -> String { ["", "us-east-1", "ĉe ni", "a"][below(4)] }
  mutating func key() -> Key { Key(bytes(20)) }
  mutating func instant() -> Instant { Instant(nanoseconds: Int64(bitPattern: number())) }
  mutating func span() -> TimeSpan { TimeSpan(nanoseconds: Int64(bitPattern: number())) }
  mutating func count() -> Int { Int(number() & UInt64(Int.max)) }
  mutating func term() -> Term { Term(number()) }
  mutating func index() -> LogIndex { LogIndex(number()) }
  mutating func round() -> Round { Round(number()) }
  mutating func position() -> LogPosition { LogPosition(index: index(), term: term()) }
  /// A node that is not the number that stands for nobody.
  mutating func node() -> NodeID { NodeID(UInt32(truncatingIfNeeded: number()) & 0x7FFF_FFFF) }
  mutating func optionalNode() -> NodeID? { isTrue() ? node() : nil }

  mutating func nodes() -> [NodeID] {
    let nodes = (0..<below(5)).map { _ in node() }
    return isPlausible ? Set(nodes).sorted() : nodes
  }

  mutating func configuration() -> Configuration {
    Configuration(
      voters: nodes(), outgoing: nodes(), learners: nodes(), learnersNext: nodes(), leavesAutomatically: isTrue())
  }

  mutating func change() -> ConfigurationChange {
    let steps = nodes().map { node -> ConfigurationChange.Step in
      [.addVoter(node), .addLearner(node), .remove(node)][below(3)]
    }
    return ConfigurationChange(steps, transition: [.automatic, .jointThenLeave, .jointUntilTold][below(3)])
  }

  mutating func entries() -> [Entry] {
    (0..<below(6)).map { _ in
      switch below(4) {
      case 0: Entry(term: term(), payload: .empty)
      case 1: Entry(term: term(), payload: .configuration(change()))
      default: Entry(term: term(), payload: .command(bytes(200)))
      }
    }
  }

  mutating func snapshot() -> SnapshotDescription {
    SnapshotDescription(last: position(), configuration: configuration())
  }

  mutating func append() -> AppendEntries {
    AppendEntries(term: term(), round: round(), previous: position(), commit: index(), entries: entries())
  }

  mutating func envelope(_ message: Message) -> Envelope {
    Envelope(from: node(), to: node(), message: message, via: optionalNode())
  }

  // MARK: Messages

  mutating func message(_ kind: FrameKind) -> Message? {
    switch kind {
    case .preVoteRequest: .preVoteRequest(PreVoteRequest(term: term(), last: position()))
    case .preVoteResponse:
      .preVoteResponse(PreVoteResponse(term: term(), isGranted: isTrue(), committed: position()))
    case .voteRequest: .voteRequest(VoteRequest(term: term(), last: position(), isTransfer: isTrue()))
    case .voteResponse: .voteResponse(VoteResponse(term: term(), isGranted: isTrue(), committed: position()))
    case .appendEntries: .appendEntries(append())
    case .appendAccepted: .appendAccepted(AppendAccepted(term: term(), round: round(), match: index()))
    case .appendRejected:
      .appendRejected(AppendRejected(term: term(), round: round(), previous: index(), hint: position()))
    case .heartbeat: .heartbeat(Heartbeat(term: term(), round: round(), commit: index()))
    case .heartbeatResponse: .heartbeatResponse(HeartbeatResponse(term: term(), round: round()))
    case .installSnapshot:
      .installSnapshot(
        InstallSnapshot(
          term: term(), round: round(), snapshot: snapshot(), offset: count(), bytes: bytes(), isLast: isTrue()))
    case .snapshotReceived:
      .snapshotReceived(
        SnapshotReceived(
          term: term(), round: round(), last: index(), progress: isTrue() ? .installed : .wanted(offset: count())))
    case .timeoutNow: .timeoutNow(TimeoutNow(term: term(), last: position()))
    case .readIndexRequest: .readIndexRequest(ReadIndexRequest(term: term(), id: ReadID(number())))
    case .readIndexResponse:
      .readIndexResponse(ReadIndexResponse(term: term(), id: ReadID(number()), index: isTrue() ? index() : nil))
    case .relayAppend:
      .relayAppend(
        RelayAppend(
          append: append(), incarnation: Incarnation(number()), assignment: UInt32(truncatingIfNeeded: number()),
          targets: nodes().map { RelayTarget(node: $0, next: index()) }))
    case .relayNotice:
      .relayNotice(
        RelayNotice(
          term: term(), incarnation: Incarnation(number()), reason: isTrue() ? .gap(node()) : .overloaded))
    case .carriedResponses: .carriedResponses(CarriedResponses(envelopes: responses()))
    case .enlistment:
      .enlistment(
        Enlistment(
          incarnation: Incarnation(number()), locality: Locality(UInt16(truncatingIfNeeded: number())),
          capacity: UInt16(truncatingIfNeeded: number()), isRetiring: isTrue(),
          feed: isTrue() ? Enlistment.Holdings(term: term(), end: index(), commit: index()) : nil))
    case .enlistmentAnswer: .enlistmentAnswer(EnlistmentAnswer(term: term(), leader: optionalNode()))
    case .feedRequest:
      .feedRequest(
        FeedRequest(
          stream: FeedStream(number()),
          want: isTrue()
            ? .entries(after: position(), window: UInt32(truncatingIfNeeded: number()))
            : .snapshot(last: index(), offset: count())))
    case .feedEntries:
      .feedEntries(
        FeedEntries(
          stream: FeedStream(number()), term: term(), previous: position(), entries: entries(),
          leader: optionalNode()))
    case .feedSnapshot:
      .feedSnapshot(
        FeedSnapshot(
          stream: FeedStream(number()), snapshot: snapshot(), offset: count(), bytes: bytes(), isLast: isTrue()))
    case .feedRefusal: .feedRefusal(FeedRefusal(stream: FeedStream(number())))
    case .quorumReadRequest: .quorumReadRequest(QuorumReadRequest(id: ReadID(number())))
    case .quorumReadResponse:
      .quorumReadResponse(
        QuorumReadResponse(
          id: ReadID(number()), term: term(), last: index(), configuration: isTrue() ? configuration() : nil))
    case .hello, .helloReply, .ping, .pong, .clientRequest, .shardRequest, .clientReply, .adminRequest, .adminReply:
      nil
    }
  }

  private mutating func responses() -> [Envelope] {
    (0..<below(5)).map { _ in envelope(message(isTrue() ? .appendAccepted : .appendRejected)!) }
  }
}
