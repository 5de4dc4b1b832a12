import Raft

/// Bytes 0 to 3: the size of the body. Byte 4: the kind. Byte 5: the version of the format. Bytes 6 and 7: the group.
extension FrameHeader {
  /// Reads the eight bytes of a header, and refuses a body that is larger than `limits` allow before any of it is there.
  init(reading bytes: UnsafeRawBufferPointer, limits: FrameLimits) throws(WireError) {
    var reader = WireReader(bytes, origin: 0, limits: limits)
    try reader.need(FrameHeader.size, .body)
    let size = reader.number(UInt32.self)
    let tag = reader.byte()
    let version = reader.byte()
    // The version first: in another one the rest may mean something else.
    guard version == FrameHeader.formatVersion else {
      throw WireError(offset: 5, problem: .otherFormat(found: version, expected: FrameHeader.formatVersion))
    }
    guard let kind = FrameKind(rawValue: tag) else {
      throw WireError(offset: 4, problem: .unknownValue(.kind, found: UInt64(tag)))
    }
    guard size <= limits.bodyBytes else {
      throw WireError(
        offset: 0, problem: .tooLarge(.body, found: UInt64(size), limit: UInt64(limits.bodyBytes)))
    }
    self.init(bodySize: Int(size), kind: kind, group: GroupID(reader.number(UInt16.self)))
  }

  @inline(__always)
  func write(to writer: inout WireWriter) {
    writer.number(UInt32(bodySize))
    writer.byte(kind.rawValue)
    writer.byte(FrameHeader.formatVersion)
    writer.number(group.rawValue)
  }
}
