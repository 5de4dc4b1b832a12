import Raft

@testable import KeyValue
@testable import Server
@testable import Wire

/// The frames whose bytes are written down.
enum GoldenFrames {
  private static let position = LogPosition(index: LogIndex(0x21), term: Term(0x12))
  private static let configuration = Configuration(
    voters: [NodeID(1), NodeID(2)], outgoing: [NodeID(1)], learners: [NodeID(7)], learnersNext: [],
    leavesAutomatically: true)
  private static let snapshot = SnapshotDescription(last: position, configuration: configuration)
  private static let entries = [
    Entry(term: Term(0x12), payload: .empty),
    Entry(term: Term(0x13), payload: .command([0xC0, 0xC1, 0xC2])),
    Entry(
      term: Term(0x13),
      payload: .configuration(
        ConfigurationChange([.addVoter(NodeID(5)), .remove(NodeID(6))], transition: .jointThenLeave))),
  ]
  private static let append = AppendEntries(
    term: Term(0x13), round: Round(0x44), previous: position, commit: LogIndex(0x20), entries: entries)
  private static let node = NodeIntroduction(
    node: NodeID(4), incarnation: 0x99, role: .voter, locality: Locality(2), site: "eu")
  private static let accepted = Envelope(
    from: NodeID(3), to: NodeID(1),
    message: .appendAccepted(AppendAccepted(term: Term(0x13), round: Round(0x44), match: LogIndex(0x24))),
    via: NodeID(9))

  static func frame(_ kind: FrameKind) -> Frame {
    switch kind {
    case .hello:
      .hello(
        Hello(
          versions: ProtocolVersion(1)...ProtocolVersion(2), cluster: ClusterID(high: 0xAABB, low: 0xCCDD),
          receiver: NodeID(1), sender: .node(node), groupCount: 6))
    case .helloReply: .helloReply(.accepted(Welcome(version: ProtocolVersion(2), node: node, groupCount: 6)))
    case .ping: .ping(Ping(sentAt: Instant(nanoseconds: 0x1122)))
    case .pong: .pong(Pong(pingSentAt: Instant(nanoseconds: 0x1122), sentAt: Instant(nanoseconds: -2)))
    case .clientRequest:
      .clientRequest(
        ClientRequest(
          client: ClientID(0x51), sequence: SequenceNumber(0x52),
          operation: .compareAndSwap(Key("k"), expected: [1, 2], new: [3]), consistency: .linearizable))
    case .shardRequest:
      .shardRequest(
        ShardRequest(
          mover: ClientID(0x51), sequence: SequenceNumber(0x52),
          order: .collect(part: 8, for: GroupID(7), by: RoutingVersion(6))))
    case .clientReply:
      .clientReply(
        ClientReply(
          client: ClientID(0x51), sequence: SequenceNumber(0x52), outcome: .done(.swapped(false, found: [9])),
          role: .leader))
    case .adminRequest:
      .adminRequest(
        AdminRequest(
          id: 0x61,
          order: .setLink(
            LinkUpdate(
              peer: NodeID(2), delay: .milliseconds(1), jitter: .lognormal(median: .milliseconds(2), sigma: 0.5),
              lossPerMillion: 0x70, bitsPerSecond: 0x71, isPartitioned: true))))
    case .adminReply: .adminReply(AdminReply(id: 0x61, answer: .status(status)))
    default: .message(Envelope(from: NodeID(1), to: NodeID(2), message: message(kind)))
    }
  }

  private static var status: NodeStatus {
    var status = NodeStatus(node: node, part: .leader)
    status.term = Term(0x13)
    status.leader = NodeID(4)
    status.firstIndex = LogIndex(0x31)
    status.lastIndex = LogIndex(0x32)
    status.commitIndex = LogIndex(0x33)
    status.appliedIndex = LogIndex(0x34)
    status.snapshotIndex = LogIndex(0x35)
    status.configuration = Configuration(voters: [NodeID(4)])
    status.members = [NodeStatus.Member(node: NodeID(4), match: LogIndex(1), next: LogIndex(2), isActive: true)]
    status.fleet = [NodeStatus.FleetNode(node: NodeID(8), role: .secretary, serves: 3, isRetiring: true)]
    status.fault = "x"
    return status
  }

  private static func message(_ kind: FrameKind) -> Message {
    switch kind {
    case .preVoteRequest: .preVoteRequest(PreVoteRequest(term: Term(0x13), last: position))
    case .preVoteResponse:
      .preVoteResponse(PreVoteResponse(term: Term(0x13), isGranted: true, committed: position))
    case .voteRequest: .voteRequest(VoteRequest(term: Term(0x13), last: position, isTransfer: true))
    case .voteResponse: .voteResponse(VoteResponse(term: Term(0x13), isGranted: true, committed: position))
    case .appendEntries: .appendEntries(append)
    case .appendAccepted: accepted.message
    case .appendRejected:
      .appendRejected(
        AppendRejected(term: Term(0x13), round: Round(0x44), previous: LogIndex(0x22), hint: position))
    case .heartbeat: .heartbeat(Heartbeat(term: Term(0x13), round: Round(0x44), commit: LogIndex(0x20)))
    case .heartbeatResponse: .heartbeatResponse(HeartbeatResponse(term: Term(0x13), round: Round(0x44)))
    case .installSnapshot:
      .installSnapshot(
        InstallSnapshot(
          term: Term(0x13), round: Round(0x44), snapshot: snapshot, offset: 0x100, bytes: [0xD0, 0xD1],
          isLast: true))
    case .snapshotReceived:
      .snapshotReceived(
        SnapshotReceived(
          term: Term(0x13), round: Round(0x44), last: LogIndex(0x21), progress: .wanted(offset: 0x102)))
    case .timeoutNow: .timeoutNow(TimeoutNow(term: Term(0x13), last: position))
    case .readIndexRequest: .readIndexRequest(ReadIndexRequest(term: Term(0x13), id: ReadID(0x81)))
    case .readIndexResponse:
      .readIndexResponse(ReadIndexResponse(term: Term(0x13), id: ReadID(0x81), index: LogIndex(0x21)))
    case .relayAppend:
      .relayAppend(
        RelayAppend(
          append: append, incarnation: Incarnation(0x91), assignment: 0x92,
          targets: [RelayTarget(node: NodeID(3), next: LogIndex(0x22))]))
    case .relayNotice:
      .relayNotice(RelayNotice(term: Term(0x13), incarnation: Incarnation(0x91), reason: .gap(NodeID(3))))
    case .carriedResponses: .carriedResponses(CarriedResponses(envelopes: [accepted]))
    case .enlistment:
      .enlistment(
        Enlistment(
          incarnation: Incarnation(0x91), locality: Locality(2), capacity: 64, isRetiring: false,
          feed: Enlistment.Holdings(term: Term(0x13), end: LogIndex(0x24), commit: LogIndex(0x20))))
    case .enlistmentAnswer: .enlistmentAnswer(EnlistmentAnswer(term: Term(0x13), leader: NodeID(1)))
    case .feedRequest:
      .feedRequest(FeedRequest(stream: FeedStream(0xA1), want: .entries(after: position, window: 0x1000)))
    case .feedEntries:
      .feedEntries(
        FeedEntries(
          stream: FeedStream(0xA1), term: Term(0x13), previous: position, entries: [entries[1]], leader: nil))
    case .feedSnapshot:
      .feedSnapshot(
        FeedSnapshot(stream: FeedStream(0xA1), snapshot: snapshot, offset: 0, bytes: [0xD0], isLast: false))
    case .feedRefusal: .feedRefusal(FeedRefusal(stream: FeedStream(0xA1)))
    case .quorumReadRequest: .quorumReadRequest(QuorumReadRequest(id: ReadID(0x81)))
    case .quorumReadResponse:
      .quorumReadResponse(
        QuorumReadResponse(
          id: ReadID(0x81), term: Term(0x13), last: LogIndex(0x24), configuration: configuration))
    default: preconditionFailure("\(kind) carries no message")
    }
  }

  /// Hexadecimal digits, made by hand from the documentation of the format; a line break stands where a line is full.
  static let bytes: [FrameKind: String] = [
    .hello: """
    3800000001010300 6572616674000000 01000200ddcc0000 00000000bbaa0000 0000000001000000 0600010400000099
    0000000000000001 0200020000006575
    """,
    .helloReply: "1a00000002010300 0002000600040000 0099000000000000 0001020002000000 6575",
    .ping: "0800000003010300 2211000000000000",
    .pong: "1000000004010300 2211000000000000 feffffffffffffff",
    .clientRequest: "2300000010010300 5100000000000000 5200000000000000 0104010000006b01 0200000001020100 000003",
    .shardRequest: "2300000011010300 5100000000000000 5200000000000000 0208000000000000 0007000600000000 000000",
    .clientReply: "1a00000012010300 5100000000000000 5200000000000000 0401040001010000 0009",
    .adminRequest: """
    3400000018010300 6100000000000000 090200000040420f 0000000000028084 1e00000000000000 00000000e03f7000
    0000017100000000 00000001
    """,
    .adminReply: """
    9500000019010300 6100000000000000 0204000000990000 0000000000010200 0200000065750413 0000000000000004
    0000003100000000 0000003200000000 0000003300000000 0000003400000000 0000003500000000 0000000001010001
    0000000400000000 0000000000000000 0000000100000004 0000000100000000 0000000200000000 0000000101000000
    0800000003030001 0100000078
    """,
    .preVoteRequest: "2400000020010300 0100000002000000 ffffffff13000000 0000000021000000 0000000012000000 00000000",
    .preVoteResponse: "2500000021010300 0100000002000000 ffffffff13000000 0000000021000000 0000000012000000 0000000001",
    .voteRequest: "2500000022010300 0100000002000000 ffffffff13000000 0000000021000000 0000000012000000 0000000001",
    .voteResponse: "2500000023010300 0100000002000000 ffffffff13000000 0000000021000000 0000000012000000 0000000001",
    .appendEntries: """
    8700000024010300 0100000002000000 ffffffff13000000 0000000044000000 0000000021000000 0000000012000000
    0000000020000000 0000000003000000 4b00000012000000 0000000000000000 0000000013000000 0000000003000000
    01000000c0c1c213 0000000000000018 0000000200000001 0000000200000005 0000000100000006 00000003000000
    """,
    .appendAccepted: "2400000025010300 0100000002000000 ffffffff13000000 0000000044000000 0000000024000000 00000000",
    .appendRejected: """
    3400000026010300 0100000002000000 ffffffff13000000 0000000044000000 0000000022000000 0000000021000000
    0000000012000000 00000000
    """,
    .heartbeat: "2400000027010300 0100000002000000 ffffffff13000000 0000000044000000 0000000020000000 00000000",
    .heartbeatResponse: "1c00000028010300 0100000002000000 ffffffff13000000 0000000044000000 00000000",
    .installSnapshot: """
    5c00000029010300 0100000002000000 ffffffff13000000 0000000044000000 0000000000010000 0000000001210000
    0000000000120000 0000000000010200 0000010000000200 0000010000000100 0000010000000700 0000000000000200
    0000d0d1
    """,
    .snapshotReceived: """
    2d0000002a010300 0100000002000000 ffffffff13000000 0000000044000000 0000000021000000 0000000001020100
    0000000000
    """,
    .timeoutNow: "240000002b010300 0100000002000000 ffffffff13000000 0000000021000000 0000000012000000 00000000",
    .readIndexRequest: "1c0000002c010300 0100000002000000 ffffffff13000000 0000000081000000 00000000",
    .readIndexResponse:
      "250000002d010300 0100000002000000 ffffffff13000000 0000000081000000 0000000001210000 0000000000",
    .relayAppend: """
    a30000002e010300 0100000002000000 ffffffff13000000 0000000044000000 0000000021000000 0000000012000000
    0000000020000000 0000000091000000 0000000092000000 0100000003000000 2200000000000000 030000004b000000
    1200000000000000 0000000000000000 1300000000000000 0300000001000000 c0c1c21300000000 0000001800000002
    0000000100000002 0000000500000001 0000000600000003 000000
    """,
    .relayNotice: "210000002f010300 0100000002000000 ffffffff13000000 0000000091000000 0000000001030000 00",
    .carriedResponses: """
    3900000030010300 0100000002000000 ffffffff01000000 2500000025030000 0001000000090000 0013000000000000
    0044000000000000 0024000000000000 00
    """,
    .enlistment: """
    3200000031010300 0100000002000000 ffffffff91000000 0000000002004000 0001130000000000 0000240000000000
    0000200000000000 0000
    """,
    .enlistmentAnswer: "1800000032010300 0100000002000000 ffffffff13000000 0000000001000000",
    .feedRequest: """
    2900000033010300 0100000002000000 ffffffffa1000000 0000000001210000 0000000000120000 0000000000001000
    00
    """,
    .feedEntries: """
    4b00000034010300 0100000002000000 ffffffffa1000000 0000000013000000 0000000021000000 0000000012000000
    00000000ffffffff 0100000013000000 1300000000000000 0300000001000000 c0c1c2
    """,
    .feedSnapshot: """
    5300000035010300 0100000002000000 ffffffffa1000000 0000000000000000 0000000000210000 0000000000120000
    0000000000010200 0000010000000200 0000010000000100 0000010000000700 0000000000000100 0000d0
    """,
    .feedRefusal: "1400000036010300 0100000002000000 ffffffffa1000000 00000000",
    .quorumReadRequest: "1400000037010300 0100000002000000 ffffffff81000000 00000000",
    .quorumReadResponse: """
    4600000038010300 0100000002000000 ffffffff81000000 0000000013000000 0000000024000000 0000000001010200
    0000010000000200 0000010000000100 0000010000000700 000000000000
    """,
  ]
}
