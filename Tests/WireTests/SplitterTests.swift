import Raft
import Testing

@testable import Wire

@Suite("Frames in a stream") struct SplitterTests {
  /// Every frame that comes out of chunks, and where its body lies.
  private func split(
    _ chunks: [[UInt8]], with splitter: inout FrameSplitter
  ) throws -> [(frame: Frame, isInPlace: Bool)] {
    var frames: [(frame: Frame, isInPlace: Bool)] = []
    for chunk in chunks {
      var cursor = 0
      try chunk.withUnsafeBytes { source in
        while let raw = try splitter.next(in: source, from: &cursor) {
          let start = UInt(bitPattern: source.baseAddress)
          let place = UInt(bitPattern: raw.body.baseAddress)
          let isInPlace = place >= start && place <= start + UInt(source.count)
          frames.append((try FrameDecoder().frame(raw), isInPlace))
        }
      }
      #expect(cursor == chunk.count)
    }
    return frames
  }

  @Test("Chunks of any size give the same frames")
  func anyChunks() throws {
    for seed in 0..<60 as Range<UInt64> {
      var frames = RandomFrames(seed: seed)
      let sent = FrameKind.allCases.map { frames.frame($0) }
      let stream = sent.flatMap { FrameEncoder.bytes(of: $0, group: .first) }
      var chunks: [[UInt8]] = []
      var place = 0
      let longest = [1, 3, 20, 400, 5_000][Int(seed % 5)]
      while place < stream.count {
        let end = min(stream.count, place + 1 + frames.below(longest))
        chunks.append(Array(stream[place..<end]))
        place = end
      }
      var splitter = FrameSplitter(limits: FrameLimits())
      let received = try split(chunks, with: &splitter)
      #expect(received.map(\.frame) == sent)
      #expect(splitter.heldBytes == 0)
    }
  }

  @Test("A frame within one chunk is given back where it lies")
  func inPlace() throws {
    let bytes = FrameEncoder.bytes(of: .ping(Ping(sentAt: .zero)), group: .first)
    var splitter = FrameSplitter(limits: FrameLimits())
    let received = try split([bytes + bytes + bytes.prefix(5), bytes.suffix(11) + bytes], with: &splitter)
    #expect(received.map(\.isInPlace) == [true, true, false, true])
    #expect(received.allSatisfy { $0.frame == .ping(Ping(sentAt: .zero)) })
  }

  @Test("A body beyond the limit is refused when its header is seen, and nothing is taken ever after")
  func oversized() throws {
    let limits = FrameLimits(bodyBytes: 100)
    for size in [101, UInt32(Int32.max), .max] as [UInt32] {
      var header = FrameEncoder.bytes(of: .ping(Ping(sentAt: .zero)), group: .first)
      withUnsafeBytes(of: size.littleEndian) { header.replaceSubrange(0..<4, with: $0) }
      let expected = WireError(offset: 0, problem: .tooLarge(.body, found: UInt64(size), limit: 100))
      for cut in [0, 3, 7] {
        var splitter = FrameSplitter(limits: limits)
        #expect(throws: expected) {
          try split([Array(header[..<cut]), Array(header[cut..<8])], with: &splitter)
        }
        let good = FrameEncoder.bytes(of: .ping(Ping(sentAt: .zero)), group: .first)
        #expect(throws: expected) { try split([good], with: &splitter) }
        #expect(splitter.capacity <= 256)
      }
    }
  }

  @Test("What is held grows with the bytes that came, not with what a header claims")
  func memory() throws {
    var header = FrameEncoder.bytes(of: .ping(Ping(sentAt: .zero)), group: .first)
    withUnsafeBytes(of: UInt32(32 << 20).littleEndian) { header.replaceSubrange(0..<4, with: $0) }
    var splitter = FrameSplitter(limits: FrameLimits())
    var sent = 0
    for chunk in [Array(header)] + (0..<200).map({ _ in [UInt8](repeating: 0, count: 1_000) }) {
      #expect(try split([chunk], with: &splitter).isEmpty)
      sent += chunk.count
      #expect(splitter.heldBytes == sent)
      #expect(splitter.capacity <= max(256, 2 * sent))
    }
  }

  @Test("The memory of a large frame is given back")
  func largeFrame() throws {
    let message = Envelope(
      from: NodeID(1), to: NodeID(2),
      message: .feedSnapshot(
        FeedSnapshot(
          stream: FeedStream(1),
          snapshot: SnapshotDescription(last: .zero, configuration: Configuration(voters: [NodeID(1)])), offset: 0,
          bytes: [UInt8](repeating: 7, count: 3 << 20), isLast: true)))
    let bytes = FrameEncoder.bytes(of: .message(message), group: .first)
    var splitter = FrameSplitter(limits: FrameLimits())
    let received = try split([Array(bytes[..<1_000]), Array(bytes[1_000...])], with: &splitter)
    #expect(received.map(\.frame) == [.message(message)])
    #expect(try split([[]], with: &splitter).isEmpty)
    #expect(splitter.capacity == 0)
  }

  @Test("Headers that no peer sends are refused, and say what was found")
  func strangeHeaders() {
    let ping = FrameEncoder.bytes(of: .ping(Ping(sentAt: .zero)), group: .first)
    var other = ping
    other[5] = 2
    #expect(throws: WireError(offset: 5, problem: .otherFormat(found: 2, expected: 1))) { try decode(other) }
    other = ping
    other[4] = 0xEE
    #expect(throws: WireError(offset: 4, problem: .unknownValue(.kind, found: 0xEE))) { try decode(other) }
    // A web browser that came to the wrong port.
    var splitter = FrameSplitter(limits: .greeting)
    let error = #expect(throws: WireError.self) { try split([Array("GET / HTTP/1.1\r\n".utf8)], with: &splitter) }
    #expect(error?.description == "byte 5 of a frame: the frame has format 32, this program reads 1")
  }
}
