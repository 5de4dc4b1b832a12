import Raft

/// Sender, receiver, and the secretary by whose hands the message goes.
struct EnvelopeHead {
  var from: NodeID
  var to: NodeID
  var via: NodeID?

  /// Reads a head whose bytes were asked for before.
  @inline(__always)
  init(from reader: inout WireReader) {
    from = reader.node()
    to = reader.node()
    via = reader.optionalNode()
  }

  @inline(__always)
  func envelope(_ message: Message) -> Envelope { Envelope(from: from, to: to, message: message, via: via) }
}

extension Envelope {
  static let headSize = 12

  @inline(__always)
  func writeHead(to writer: inout WireWriter) {
    writer.node(from)
    writer.node(to)
    writer.optionalNode(via)
  }
}

extension Message {
  /// The kind of frame that carries the message.
  var kind: FrameKind {
    switch self {
    case .preVoteRequest: .preVoteRequest
    case .preVoteResponse: .preVoteResponse
    case .voteRequest: .voteRequest
    case .voteResponse: .voteResponse
    case .appendEntries: .appendEntries
    case .appendAccepted: .appendAccepted
    case .appendRejected: .appendRejected
    case .heartbeat: .heartbeat
    case .heartbeatResponse: .heartbeatResponse
    case .installSnapshot: .installSnapshot
    case .snapshotReceived: .snapshotReceived
    case .timeoutNow: .timeoutNow
    case .readIndexRequest: .readIndexRequest
    case .readIndexResponse: .readIndexResponse
    case .relayAppend: .relayAppend
    case .relayNotice: .relayNotice
    case .carriedResponses: .carriedResponses
    case .enlistment: .enlistment
    case .enlistmentAnswer: .enlistmentAnswer
    case .feedRequest: .feedRequest
    case .feedEntries: .feedEntries
    case .feedSnapshot: .feedSnapshot
    case .feedRefusal: .feedRefusal
    case .quorumReadRequest: .quorumReadRequest
    case .quorumReadResponse: .quorumReadResponse
    }
  }

  /// The bytes of the fields, without those of the section of entries.
  @inline(__always)
  var fieldsSize: Int {
    switch self {
    case .heartbeat: Heartbeat.encodedSize
    case .heartbeatResponse: HeartbeatResponse.encodedSize
    case .appendEntries: AppendEntries.headSize
    case .appendAccepted: AppendAccepted.encodedSize
    case .appendRejected: AppendRejected.encodedSize
    case .preVoteRequest: PreVoteRequest.encodedSize
    case .preVoteResponse: PreVoteResponse.encodedSize
    case .voteRequest: VoteRequest.encodedSize
    case .voteResponse: VoteResponse.encodedSize
    case .installSnapshot(let message): message.encodedSize
    case .snapshotReceived: SnapshotReceived.encodedSize
    case .timeoutNow: TimeoutNow.encodedSize
    case .readIndexRequest: ReadIndexRequest.encodedSize
    case .readIndexResponse: ReadIndexResponse.encodedSize
    case .relayAppend(let message): message.headSize
    case .relayNotice: RelayNotice.encodedSize
    case .carriedResponses(let message): message.encodedSize
    case .enlistment(let message): message.encodedSize
    case .enlistmentAnswer: EnlistmentAnswer.encodedSize
    case .feedRequest: FeedRequest.encodedSize
    case .feedEntries: FeedEntries.headSize
    case .feedSnapshot(let message): message.encodedSize
    case .feedRefusal: FeedRefusal.encodedSize
    case .quorumReadRequest: QuorumReadRequest.encodedSize
    case .quorumReadResponse(let message): message.encodedSize
    }
  }

  /// The entries that end the fields; nil for messages that have no such section.
  @inline(__always)
  var entries: [Entry]? {
    switch self {
    case .appendEntries(let message): message.entries
    case .relayAppend(let message): message.append.entries
    case .feedEntries(let message): message.entries
    default: nil
    }
  }

  /// Writes the fields without the section of entries.
  @inline(__always)
  func writeFields(to writer: inout WireWriter) {
    switch self {
    case .heartbeat(let message): message.write(to: &writer)
    case .heartbeatResponse(let message): message.write(to: &writer)
    case .appendEntries(let message): message.writeHead(to: &writer)
    case .appendAccepted(let message): message.write(to: &writer)
    case .appendRejected(let message): message.write(to: &writer)
    case .preVoteRequest(let message): message.write(to: &writer)
    case .preVoteResponse(let message): message.write(to: &writer)
    case .voteRequest(let message): message.write(to: &writer)
    case .voteResponse(let message): message.write(to: &writer)
    case .installSnapshot(let message): message.write(to: &writer)
    case .snapshotReceived(let message): message.write(to: &writer)
    case .timeoutNow(let message): message.write(to: &writer)
    case .readIndexRequest(let message): message.write(to: &writer)
    case .readIndexResponse(let message): message.write(to: &writer)
    case .relayAppend(let message): message.writeHead(to: &writer)
    case .relayNotice(let message): message.write(to: &writer)
    case .carriedResponses(let message): message.write(to: &writer)
    case .enlistment(let message): message.write(to: &writer)
    case .enlistmentAnswer(let message): message.write(to: &writer)
    case .feedRequest(let message): message.write(to: &writer)
    case .feedEntries(let message): message.writeHead(to: &writer)
    case .feedSnapshot(let message): message.write(to: &writer)
    case .feedRefusal(let message): message.write(to: &writer)
    case .quorumReadRequest(let message): message.write(to: &writer)
    case .quorumReadResponse(let message): message.write(to: &writer)
    }
  }

  /// Reads the fields of a message; nil for kinds of frame that carry none.
  @inline(__always)
  init?(_ kind: FrameKind, from reader: inout WireReader) throws(WireError) {
    switch kind {
    case .heartbeat: self = .heartbeat(try Heartbeat(from: &reader))
    case .heartbeatResponse: self = .heartbeatResponse(try HeartbeatResponse(from: &reader))
    case .appendEntries: self = .appendEntries(try AppendEntries(from: &reader))
    case .appendAccepted: self = .appendAccepted(try AppendAccepted(from: &reader))
    case .appendRejected: self = .appendRejected(try AppendRejected(from: &reader))
    case .preVoteRequest: self = .preVoteRequest(try PreVoteRequest(from: &reader))
    case .preVoteResponse: self = .preVoteResponse(try PreVoteResponse(from: &reader))
    case .voteRequest: self = .voteRequest(try VoteRequest(from: &reader))
    case .voteResponse: self = .voteResponse(try VoteResponse(from: &reader))
    case .installSnapshot: self = .installSnapshot(try InstallSnapshot(from: &reader))
    case .snapshotReceived: self = .snapshotReceived(try SnapshotReceived(from: &reader))
    case .timeoutNow: self = .timeoutNow(try TimeoutNow(from: &reader))
    case .readIndexRequest: self = .readIndexRequest(try ReadIndexRequest(from: &reader))
    case .readIndexResponse: self = .readIndexResponse(try ReadIndexResponse(from: &reader))
    case .relayAppend: self = .relayAppend(try RelayAppend(from: &reader))
    case .relayNotice: self = .relayNotice(try RelayNotice(from: &reader))
    case .carriedResponses: self = .carriedResponses(try CarriedResponses(from: &reader))
    case .enlistment: self = .enlistment(try Enlistment(from: &reader))
    case .enlistmentAnswer: self = .enlistmentAnswer(try EnlistmentAnswer(from: &reader))
    case .feedRequest: self = .feedRequest(try FeedRequest(from: &reader))
    case .feedEntries: self = .feedEntries(try FeedEntries(from: &reader))
    case .feedSnapshot: self = .feedSnapshot(try FeedSnapshot(from: &reader))
    case .feedRefusal: self = .feedRefusal(try FeedRefusal(from: &reader))
    case .quorumReadRequest: self = .quorumReadRequest(try QuorumReadRequest(from: &reader))
    case .quorumReadResponse: self = .quorumReadResponse(try QuorumReadResponse(from: &reader))
    case .hello, .helloReply, .ping, .pong, .clientRequest, .shardRequest, .clientReply, .adminRequest, .adminReply:
      return nil
    }
  }
}
