import Raft
import Testing

@testable import Wire

/// Decodes bytes that are one whole frame, header included.
func decode(_ bytes: [UInt8], limits: FrameLimits = FrameLimits()) throws(WireError) -> Frame {
  let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: max(1, bytes.count), alignment: 1)
  defer { copy.deallocate() }
  copy.copyBytes(from: bytes)
  // Memory of exactly the frame's size, so that a sanitizer sees a read beyond it.
  let source = UnsafeRawBufferPointer(rebasing: copy[..<bytes.count])
  let header = try FrameHeader(reading: source, limits: limits)
  guard bytes.count == FrameHeader.size + header.bodySize else {
    throw WireError(
      offset: 0,
      problem: .sizeMismatch(.body, found: UInt64(header.bodySize), expected: UInt64(bytes.count - FrameHeader.size)))
  }
  let frame = RawFrame(header: header, body: UnsafeRawBufferPointer(rebasing: source[FrameHeader.size...]))
  return try FrameDecoder(limits: limits).frame(frame)
}

extension [UInt8] {
  /// The frame with the size in its header made that of its body.
  var resized: [UInt8] {
    var result = self
    Swift.withUnsafeBytes(of: UInt32(count - FrameHeader.size).littleEndian) { result.replaceSubrange(0..<4, with: $0) }
    return result
  }

  /// Two hexadecimal digits for each byte.
  var hexadecimal: String {
    map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }

  /// The bytes that hexadecimal digits stand for; blanks are left out.
  init(hexadecimal text: String) {
    let digits = text.filter { !$0.isWhitespace }
    self = stride(from: 0, to: digits.count, by: 2).map { place in
      let start = digits.index(digits.startIndex, offsetBy: place)
      return UInt8(digits[start..<digits.index(start, offsetBy: 2)], radix: 16)!
    }
  }
}
