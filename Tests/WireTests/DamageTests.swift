import Raft
import Testing

@testable import KeyValue
@testable import Wire

@Suite("Bytes that are no frames") struct DamageTests {
  @Test("A frame cut off anywhere is refused", arguments: FrameKind.allCases)
  func truncated(kind: FrameKind) {
    var frames = RandomFrames(seed: 100 + UInt64(kind.rawValue))
    for _ in 0..<20 {
      let bytes = FrameEncoder.bytes(of: frames.frame(kind), group: .first)
      for count in FrameHeader.size..<bytes.count {
        #expect(throws: WireError.self, "\(kind) of \(count) bytes") { try decode(Array(bytes[..<count]).resized) }
      }
    }
  }

  @Test(
    "A flipped bit gives a refusal or another frame, and takes no memory beyond the bound",
    arguments: FrameKind.allCases)
  func flipped(kind: FrameKind) throws {
    var frames = RandomFrames(seed: 200 + UInt64(kind.rawValue))
    for _ in 0..<6 {
      let bytes = FrameEncoder.bytes(of: frames.frame(kind), group: .first)
      for place in bytes.indices {
        for bit in 0..<8 {
          var broken = bytes
          broken[place] ^= 1 << bit
          check(broken)
        }
      }
    }
  }

  @Test("Every four bytes may be an absurd number", arguments: FrameKind.allCases)
  func hostileLengths(kind: FrameKind) {
    var frames = RandomFrames(seed: 300 + UInt64(kind.rawValue))
    for _ in 0..<6 {
      let bytes = FrameEncoder.bytes(of: frames.frame(kind), group: .first)
      for place in FrameHeader.size..<max(FrameHeader.size, bytes.count - 3) {
        for hostile in [UInt32.max, UInt32(Int32.max), 1 << 24, 65_536, 0xFFFF] {
          var broken = bytes
          withUnsafeBytes(of: hostile.littleEndian) { broken.replaceSubrange(place..<place + 4, with: $0) }
          check(broken)
        }
      }
    }
  }

  @Test("Random bytes and spliced frames are refused or decoded, and never more")
  func randomAndSpliced() {
    var frames = RandomFrames(seed: 4)
    let kinds = FrameKind.allCases
    var decoded = 0
    for _ in 0..<20_000 {
      let kind = kinds[frames.below(kinds.count)]
      var bytes = Array(FrameEncoder.bytes(of: .ping(Ping(sentAt: .zero)), group: .first)[..<FrameHeader.size])
      bytes[4] = kind.rawValue
      if frames.isTrue() {
        bytes += frames.bytes(200)
      } else {
        let first = FrameEncoder.bytes(of: frames.frame(kind), group: .first)
        let second = FrameEncoder.bytes(of: frames.frame(kinds[frames.below(kinds.count)]), group: .first)
        bytes += first[FrameHeader.size..<FrameHeader.size + frames.below(first.count - FrameHeader.size + 1)]
        bytes += second[(FrameHeader.size + frames.below(second.count - FrameHeader.size + 1))...]
      }
      if check(bytes.resized) { decoded += 1 }
    }
    #expect(decoded > 1_000)
  }

  /// Whether the bytes are a frame; then it is within the bound of memory, and comes back from its own encoding.
  @discardableResult
  private func check(_ bytes: [UInt8]) -> Bool {
    guard let frame = try? decode(bytes) else { return false }
    let bound = FrameLimits.memoryPerByte * (bytes.count - FrameHeader.size) + FrameLimits.memoryPerFrame
    let footprint = Footprint(of: frame)
    #expect(footprint.bytes <= bound, "\(frame.kind) of \(bytes.count) bytes took \(footprint.bytes)")
    #expect(footprint.routedGroups <= KeyRouter.mostGroups * 2)
    let again = FrameEncoder.bytes(of: frame, group: .first)
    // By its bytes, since "not a number" is not equal to itself.
    #expect((try? decode(again)).map { FrameEncoder.bytes(of: $0, group: .first) } == again)
    return true
  }

  @Test("Counts are checked against what is there before anything is reserved")
  func counts() {
    func message(_ message: Message) -> [UInt8] {
      FrameEncoder.bytes(
        of: .message(Envelope(from: NodeID(1), to: NodeID(2), message: message)), group: .first)
    }
    var bytes = message(
      .appendEntries(AppendEntries(term: Term(1), round: Round(1), previous: .zero, commit: .zero, entries: [])))
    let place = FrameHeader.size + 12 + AppendEntries.headSize
    bytes[place + 1] = 0x01
    #expect(
      throws: WireError(offset: place + 4, problem: .truncated(.entries, needed: 256 * 16, present: 4))
    ) { try decode(bytes) }
    bytes[place + 3] = 0x01
    #expect(
      throws: WireError(offset: place, problem: .tooLarge(.entries, found: 0x0100_0100, limit: 65_536))
    ) { try decode(bytes) }
    let entry = Entry(term: Term(1), payload: .empty)
    let limits = FrameLimits(entries: 2)
    let three = message(
      .appendEntries(
        AppendEntries(term: Term(1), round: Round(1), previous: .zero, commit: .zero, entries: [entry, entry, entry])))
    let error = #expect(throws: WireError.self) { try decode(three, limits: limits) }
    #expect(error?.description == "byte \(place) of a frame: the number of entries is 3, at most 2 is taken")
  }

  @Test("The size of the entries is that of the entries")
  func sectionSize() {
    let entry = Entry(term: Term(1), payload: .command([1, 2, 3]))
    var bytes = FrameEncoder.bytes(
      of: .message(
        Envelope(
          from: NodeID(1), to: NodeID(2),
          message: .appendEntries(
            AppendEntries(term: Term(1), round: Round(1), previous: .zero, commit: .zero, entries: [entry])))),
      group: .first)
    let place = FrameHeader.size + 12 + AppendEntries.headSize
    bytes[place + 4] = 15
    #expect(
      throws: WireError(offset: place + 4, problem: .sizeMismatch(.entriesSize, found: 15, expected: 16))
    ) { try decode(bytes) }
    bytes[place + 4] = 21
    #expect(
      throws: WireError(offset: place + 8 + 19, problem: .sizeMismatch(.entriesSize, found: 21, expected: 19))
    ) { try decode((bytes + [0, 0]).resized) }
  }

  @Test("Keys, values, chunks, texts and routings beyond the limits are refused")
  func limits() {
    let limits = FrameLimits(keyBytes: 4, valueBytes: 4, snapshotChunkBytes: 4, textBytes: 4, listLength: 2, groups: 2)
    var frames = RandomFrames(seed: 5)
    var refused: Set<WireField> = []
    for _ in 0..<16_000 {
      let frame = frames.frame(FrameKind.allCases[frames.below(FrameKind.allCases.count)])
      do {
        _ = try decode(FrameEncoder.bytes(of: frame, group: .first), limits: limits)
      } catch {
        guard case .tooLarge(let field, _, let limit) = error.problem else {
          Issue.record("\(error)")
          continue
        }
        #expect(limit == (field == .configuration || limit == 2 ? 2 : 4))
        refused.insert(field)
      }
    }
    #expect(
      refused == [
        .key, .value, .chunk, .text, .configuration, .groups, .targets, .responses, .steps, .peers, .members, .fleet,
        .keys, .values,
      ])
  }
}
