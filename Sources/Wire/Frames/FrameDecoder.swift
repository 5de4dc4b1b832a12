import Raft
import Server

/// Turns frames into values, and believes no byte of them.
///
/// Whatever the bytes are, it returns or throws, and takes no more memory than ``FrameLimits`` say. What it lets pass is
/// a message of the right form; whether its numbers make sense is for the node to judge, which drops a message that does
/// not. Bytes after the fields that this version knows are fields of a later one: they are skipped.
public struct FrameDecoder: Sendable {
  /// What is taken at most.
  public let limits: FrameLimits

  /// Makes a decoder that takes what the limits allow.
  public init(limits: FrameLimits = FrameLimits()) { self.limits = limits }

  /// Decodes a message of the protocol; nil for a frame of another kind.
  ///
  /// Each payload is copied once, so that nothing decoded holds on to the memory that the frame lies in.
  public func envelope(_ frame: RawFrame) throws(WireError) -> Envelope? {
    var reader = WireReader(frame.body, limits: limits)
    return try envelope(frame.header.kind, from: &reader)
  }

  /// Decodes a message that may be passed on, with the fields that only a later version knows; nil for a frame of another
  /// kind.
  public func forwardable(_ frame: RawFrame) throws(WireError) -> ForwardableEnvelope? {
    var reader = WireReader(frame.body, limits: limits)
    guard let envelope = try envelope(frame.header.kind, from: &reader) else { return nil }
    return ForwardableEnvelope(envelope: envelope, unknownFields: reader.raw(reader.remaining))
  }

  @inline(__always)
  private func envelope(_ kind: FrameKind, from reader: inout WireReader) throws(WireError) -> Envelope? {
    guard kind.isMessage else { return nil }
    try reader.need(Envelope.headSize, .fields)
    let head = EnvelopeHead(from: &reader)
    guard let message = try Message(kind, from: &reader) else { return nil }
    return head.envelope(message)
  }

  /// Decodes a frame of any kind.
  public func frame(_ frame: RawFrame) throws(WireError) -> Frame {
    var reader = WireReader(frame.body, limits: limits)
    switch frame.header.kind {
    case .hello: return .hello(try Hello(from: &reader))
    case .helloReply: return .helloReply(try HelloReply(from: &reader))
    case .ping: return .ping(try Ping(from: &reader))
    case .pong: return .pong(try Pong(from: &reader))
    case .clientRequest: return .clientRequest(try ClientRequest(from: &reader))
    case .shardRequest: return .shardRequest(try ShardRequest(from: &reader))
    case .clientReply: return .clientReply(try ClientReply(from: &reader))
    case .adminRequest: return .adminRequest(try AdminRequest(from: &reader))
    case .adminReply: return .adminReply(try AdminReply(from: &reader))
    default:
      guard let envelope = try envelope(frame.header.kind, from: &reader) else {
        throw WireError(offset: 4, problem: .unknownValue(.kind, found: UInt64(frame.header.kind.rawValue)))
      }
      return .message(envelope)
    }
  }
}
