import Raft

/// A message and the fields at its end that this version does not know, for whoever passes it on as it came.
public struct ForwardableEnvelope: Hashable, Sendable {
  /// What this version understands.
  public var envelope: Envelope
  /// The bytes after that, which are passed on unread.
  public var unknownFields: [UInt8]

  /// Makes a message to pass on.
  public init(envelope: Envelope, unknownFields: [UInt8] = []) {
    self.envelope = envelope
    self.unknownFields = unknownFields
  }
}

extension FrameEncoder {
  /// The bytes of the frame that passes a message on, header included.
  public static func size(of message: ForwardableEnvelope) -> Int {
    size(of: message.envelope) + message.unknownFields.count
  }

  /// Writes the frame that passes a message on, and returns its size.
  @discardableResult
  public static func write(
    _ message: ForwardableEnvelope, group: GroupID, to buffer: UnsafeMutableRawBufferPointer
  ) -> Int {
    let known = write(message.envelope, group: group, to: buffer)
    var writer = WireWriter(UnsafeMutableRawBufferPointer(rebasing: buffer[known...]))
    writer.raw(message.unknownFields)
    // The header that was written knows nothing of the bytes behind the known fields.
    let size = known + message.unknownFields.count
    var header = WireWriter(buffer)
    FrameHeader(bodySize: size - FrameHeader.size, kind: message.envelope.message.kind, group: group).write(to: &header)
    return size
  }
}
