import Raft
import Testing

@testable import Wire

@Suite("Frames come back as they were") struct RoundTripTests {
  @Test("Whatever is in them", arguments: FrameKind.allCases)
  func roundTrip(kind: FrameKind) throws {
    var frames = RandomFrames(seed: UInt64(kind.rawValue))
    for _ in 0..<300 {
      let frame = frames.frame(kind)
      #expect(frame.kind == kind)
      let bytes = FrameEncoder.bytes(of: frame, group: GroupID(0x0102))
      #expect(bytes.count == FrameEncoder.size(of: frame))
      #expect(Array(bytes[4..<8]) == [kind.rawValue, 1, 0x02, 0x01])
      #expect(try decode(bytes) == frame)
    }
  }

  @Test("A message is written the same way with and without a frame around it")
  func envelopes() throws {
    var frames = RandomFrames(seed: 1)
    for kind in FrameKind.allCases where kind.isMessage {
      guard case .message(let envelope) = frames.frame(kind) else { continue }
      var bytes = [UInt8](repeating: 0, count: FrameEncoder.size(of: envelope))
      let size = bytes.withUnsafeMutableBytes { FrameEncoder.write(envelope, group: GroupID(5), to: $0) }
      #expect(size == bytes.count)
      #expect(bytes == FrameEncoder.bytes(of: .message(envelope), group: GroupID(5)))
    }
  }

  @Test("Entries that several messages share are written as if each had its own")
  func batches() throws {
    var frames = RandomFrames(seed: 2)
    var encoder = BatchEncoder()
    for _ in 0..<200 {
      let batches = [frames.entries(), frames.entries()]
      for _ in 0..<6 {
        let entries = batches[frames.below(10) / 9]
        let append = AppendEntries(
          term: frames.term(), round: frames.round(), previous: frames.position(), commit: frames.index(),
          entries: entries)
        let messages: [Message] = [
          .appendEntries(append), .heartbeat(Heartbeat(term: .zero, round: .zero, commit: .zero)),
          .relayAppend(
            RelayAppend(
              append: append, incarnation: Incarnation(3), assignment: 4,
              targets: [RelayTarget(node: NodeID(1), next: LogIndex(2))])),
          .feedEntries(
            FeedEntries(
              stream: FeedStream(1), term: Term(2), previous: .zero, entries: entries, leader: nil)),
        ]
        let envelope = frames.envelope(messages[frames.below(4)])
        var bytes = [UInt8](repeating: 0, count: encoder.size(of: envelope))
        let size = bytes.withUnsafeMutableBytes { encoder.write(envelope, group: GroupID(5), to: $0) }
        #expect(size == bytes.count)
        #expect(bytes == FrameEncoder.bytes(of: .message(envelope), group: GroupID(5)))
        if frames.below(20) == 0 { encoder.forget() }
      }
    }
  }

  @Test("Fields of a later version are skipped, and kept where a message is passed on", arguments: FrameKind.allCases)
  func laterFields(kind: FrameKind) throws {
    var frames = RandomFrames(seed: UInt64(kind.rawValue))
    for _ in 0..<50 {
      let frame = frames.frame(kind)
      let later: [UInt8] = [9, 8, 7, 6, 5].dropLast(frames.below(5)) + [1]
      let bytes = (FrameEncoder.bytes(of: frame, group: .first) + later).resized
      #expect(try decode(bytes) == frame)

      let header = FrameHeader(bodySize: bytes.count - FrameHeader.size, kind: kind, group: .first)
      let forwarded = try bytes.withUnsafeBytes { source -> ForwardableEnvelope? in
        let body = UnsafeRawBufferPointer(rebasing: source[FrameHeader.size...])
        return try FrameDecoder().forwardable(RawFrame(header: header, body: body))
      }
      guard case .message(let envelope) = frame else {
        #expect(forwarded == nil)
        continue
      }
      let message = try #require(forwarded)
      #expect(message == ForwardableEnvelope(envelope: envelope, unknownFields: later))
      var again = [UInt8](repeating: 0, count: FrameEncoder.size(of: message))
      let size = again.withUnsafeMutableBytes { FrameEncoder.write(message, group: .first, to: $0) }
      #expect(size == again.count)
      #expect(again == bytes)
    }
  }

  @Test("Fields of a later version within a carried response and a change are skipped")
  func laterFieldsWithin() throws {
    let response = Envelope(
      from: NodeID(1), to: NodeID(2),
      message: .appendAccepted(AppendAccepted(term: Term(3), round: Round(4), match: LogIndex(5))))
    let carried = Frame.message(
      Envelope(
        from: NodeID(7), to: NodeID(2), message: .carriedResponses(CarriedResponses(envelopes: [response, response]))))
    var bytes = FrameEncoder.bytes(of: carried, group: .first)
    // The first response begins after the envelope's head and the number of responses.
    let start = FrameHeader.size + 12 + 4
    bytes[start] += 2
    bytes.insert(contentsOf: [0xAA, 0xBB], at: start + 4 + Int(bytes[start]) - 2)
    #expect(try decode(bytes.resized) == carried)

    let change = Entry(term: Term(1), payload: .configuration(ConfigurationChange([.addVoter(NodeID(3))])))
    let append = Frame.message(
      Envelope(
        from: NodeID(7), to: NodeID(2),
        message: .appendEntries(
          AppendEntries(term: Term(1), round: Round(1), previous: .zero, commit: .zero, entries: [change]))))
    bytes = FrameEncoder.bytes(of: append, group: .first)
    let section = FrameHeader.size + 12 + AppendEntries.headSize
    bytes[section + 4] += 4
    bytes[section + 8 + 8] += 4
    #expect(try decode((bytes + [1, 2, 3, 4]).resized) == append)
  }
}
