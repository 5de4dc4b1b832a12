import Raft
import Server

/// The eight bytes before every body.
public struct FrameHeader: Hashable, Sendable {
  /// The bytes of a header.
  public static let size = 8
  /// The version of the frame format that this code writes and reads; the byte at offset 5 of every frame.
  public static let formatVersion: UInt8 = 1

  /// The bytes of the body that follows.
  public var bodySize: Int
  /// What the body is.
  public var kind: FrameKind
  /// The group that the body concerns; zero in frames that concern the connection.
  public var group: GroupID

  /// Makes a header.
  public init(bodySize: Int, kind: FrameKind, group: GroupID) {
    self.bodySize = bodySize
    self.kind = kind
    self.group = group
  }
}

/// A whole frame as it lies in memory, not decoded yet; it owns nothing.
///
/// The body is valid until the buffer that it lies in changes: for a frame of a ``FrameSplitter``, until that is asked
/// for the next one.
public struct RawFrame {
  /// What the header says.
  public var header: FrameHeader
  /// The bytes after the header, as many as that says.
  public var body: UnsafeRawBufferPointer

  /// Makes a frame of a header and a body of the size that the header names.
  public init(header: FrameHeader, body: UnsafeRawBufferPointer) {
    precondition(body.count == header.bodySize, "a body has \(body.count) bytes, its header says \(header.bodySize)")
    self.header = header
    self.body = body
  }
}

/// A decoded frame, whichever kind it is.
public enum Frame: Hashable, Sendable {
  /// The opener's first frame.
  case hello(Hello)
  /// The other end's first frame.
  case helloReply(HelloReply)
  /// A request for a sign of life.
  case ping(Ping)
  /// A sign of life.
  case pong(Pong)
  /// A message of the protocol.
  case message(Envelope)
  /// A client's request.
  case clientRequest(ClientRequest)
  /// A request of whoever moves keys.
  case shardRequest(ShardRequest)
  /// An answer to a client or to whoever moves keys.
  case clientReply(ClientReply)
  /// An administrator's request.
  case adminRequest(AdminRequest)
  /// An answer to an administrator.
  case adminReply(AdminReply)
}
