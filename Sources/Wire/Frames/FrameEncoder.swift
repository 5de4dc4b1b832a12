import Raft
import Server

/// Writes frames into memory that the caller provides, of a size that is asked for first.
///
/// ```swift
/// buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: FrameEncoder.size(of: envelope)) {
///   FrameEncoder.write(envelope, group: group, to: $0)
/// }
/// ```
///
/// Nothing is allocated for messages and for clients' requests and replies, and payloads are copied once, to where they
/// leave from. Memory that is too small stops the program.
public enum FrameEncoder {
  /// The bytes of the frame that carries a message, header included.
  public static func size(of envelope: Envelope) -> Int {
    FrameHeader.size + bodySize(of: envelope)
  }

  /// Writes the frame that carries a message, and returns its size.
  @discardableResult
  public static func write(_ envelope: Envelope, group: GroupID, to buffer: UnsafeMutableRawBufferPointer) -> Int {
    var writer = WireWriter(buffer)
    let fieldsSize = envelope.message.fieldsSize
    let entries = envelope.message.entries
    let entriesSize = entries.map(EntriesSection.size(of:)) ?? 0
    writeHead(of: envelope, fieldsSize: fieldsSize + entriesSize, group: group, to: &writer)
    if let entries { EntriesSection.write(entries, size: entriesSize, to: &writer) }
    return writer.offset
  }

  /// Everything of a message's frame that comes before the section of entries.
  @inline(__always)
  static func writeHead(of envelope: Envelope, fieldsSize: Int, group: GroupID, to writer: inout WireWriter) {
    writeHeader(envelope.message.kind, bodySize: Envelope.headSize + fieldsSize, group: group, to: &writer)
    envelope.writeHead(to: &writer)
    envelope.message.writeFields(to: &writer)
  }

  @inline(__always)
  private static func bodySize(of envelope: Envelope) -> Int {
    Envelope.headSize + envelope.message.fieldsSize + (envelope.message.entries.map(EntriesSection.size(of:)) ?? 0)
  }

  @inline(__always)
  private static func writeHeader(_ kind: FrameKind, bodySize: Int, group: GroupID, to writer: inout WireWriter) {
    FrameHeader(bodySize: bodySize, kind: kind, group: group).write(to: &writer)
  }

  /// The bytes of a frame of any kind, header included.
  public static func size(of frame: Frame) -> Int { FrameHeader.size + bodySize(of: frame) }

  /// Writes a frame of any kind, and returns its size.
  @discardableResult
  public static func write(_ frame: Frame, group: GroupID, to buffer: UnsafeMutableRawBufferPointer) -> Int {
    if case .message(let envelope) = frame { return write(envelope, group: group, to: buffer) }
    var writer = WireWriter(buffer)
    writeHeader(frame.kind, bodySize: bodySize(of: frame), group: group, to: &writer)
    switch frame {
    case .hello(let body): body.write(to: &writer)
    case .helloReply(let body): body.write(to: &writer)
    case .ping(let body): body.write(to: &writer)
    case .pong(let body): body.write(to: &writer)
    case .message: break
    case .clientRequest(let body): body.write(to: &writer)
    case .shardRequest(let body): body.write(to: &writer)
    case .clientReply(let body): body.write(to: &writer)
    case .adminRequest(let body): body.write(to: &writer)
    case .adminReply(let body): body.write(to: &writer)
    }
    return writer.offset
  }

  /// A frame of any kind as an array of its own; for tools and tests.
  public static func bytes(of frame: Frame, group: GroupID) -> [UInt8] {
    let size = size(of: frame)
    return Array(unsafeUninitializedCapacity: size) { buffer, count in
      count = write(frame, group: group, to: UnsafeMutableRawBufferPointer(buffer))
    }
  }

  private static func bodySize(of frame: Frame) -> Int {
    switch frame {
    case .hello(let body): body.encodedSize
    case .helloReply(let body): body.encodedSize
    case .ping: Ping.encodedSize
    case .pong: Pong.encodedSize
    case .message(let envelope): bodySize(of: envelope)
    case .clientRequest(let body): body.encodedSize
    case .shardRequest(let body): body.encodedSize
    case .clientReply(let body): body.encodedSize
    case .adminRequest(let body): body.encodedSize
    case .adminReply(let body): body.encodedSize
    }
  }
}

extension Frame {
  /// The kind of frame.
  public var kind: FrameKind {
    switch self {
    case .hello: .hello
    case .helloReply: .helloReply
    case .ping: .ping
    case .pong: .pong
    case .message(let envelope): envelope.message.kind
    case .clientRequest: .clientRequest
    case .shardRequest: .shardRequest
    case .clientReply: .clientReply
    case .adminRequest: .adminRequest
    case .adminReply: .adminReply
    }
  }
}
