/// What the body of a frame is; the number is the kind's byte on the wire, and is never given to anything else.
public enum FrameKind: UInt8, Hashable, Sendable, CaseIterable {
  /// The first frame of whoever opened the connection: ``Hello``.
  case hello = 0x01
  /// The first frame of the other end: ``HelloReply``.
  case helloReply = 0x02
  /// Asks for a sign of life: ``Ping``.
  case ping = 0x03
  /// Gives it: ``Pong``.
  case pong = 0x04

  /// A client's request.
  case clientRequest = 0x10
  /// A request of whoever moves keys between groups.
  case shardRequest = 0x11
  /// The answer to either.
  case clientReply = 0x12

  /// An administrator's request: ``AdminRequest``.
  case adminRequest = 0x18
  /// The answer: ``AdminReply``.
  case adminReply = 0x19

  // What members of a group and their fleet say, one kind for each case of `Message`.
  case preVoteRequest = 0x20
  case preVoteResponse = 0x21
  case voteRequest = 0x22
  case voteResponse = 0x23
  case appendEntries = 0x24
  case appendAccepted = 0x25
  case appendRejected = 0x26
  case heartbeat = 0x27
  case heartbeatResponse = 0x28
  case installSnapshot = 0x29
  case snapshotReceived = 0x2A
  case timeoutNow = 0x2B
  case readIndexRequest = 0x2C
  case readIndexResponse = 0x2D
  case relayAppend = 0x2E
  case relayNotice = 0x2F
  case carriedResponses = 0x30
  case enlistment = 0x31
  case enlistmentAnswer = 0x32
  case feedRequest = 0x33
  case feedEntries = 0x34
  case feedSnapshot = 0x35
  case feedRefusal = 0x36
  case quorumReadRequest = 0x37
  case quorumReadResponse = 0x38

  /// Whether the body is an `Envelope` with a message of the protocol.
  public var isMessage: Bool { rawValue >= FrameKind.preVoteRequest.rawValue }
}
