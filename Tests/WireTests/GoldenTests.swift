import Raft
import Testing

@testable import KeyValue
@testable import Server
@testable import Wire

/// One frame of each kind, byte by byte as the documentation has it: a change of the format must be meant.
@Suite("The format") struct GoldenTests {
  @Test("Each kind of frame is these bytes", arguments: FrameKind.allCases)
  func bytes(kind: FrameKind) throws {
    let frame = GoldenFrames.frame(kind)
    #expect(frame.kind == kind)
    let expected = try #require(GoldenFrames.bytes[kind], "no bytes are written down for \(kind)")
    let encoded = FrameEncoder.bytes(of: frame, group: GroupID(3))
    #expect(encoded == [UInt8](hexadecimal: expected), "\(kind): \(encoded.hexadecimal)")
    #expect(try decode([UInt8](hexadecimal: expected)) == frame)
  }
}
