import Raft
import Testing

@testable import KeyValue

@Suite("Snapshots")
struct SnapshotTests {
  func restore(_ chunks: some Sequence<[UInt8]>, limits: StoreLimits = StoreLimits()) throws -> Store {
    var restorer = SnapshotRestorer(limits: limits)
    for chunk in chunks { try restorer.consume(chunk) }
    return try restorer.finish()
  }

  func chunks(_ bytes: [UInt8], of size: Int) -> [[UInt8]] {
    stride(from: 0, to: bytes.count, by: size).map { Array(bytes[$0..<min($0 + size, bytes.count)]) }
  }

  @Test("A store comes back whole, wherever the chunks are cut", arguments: [1, 2, 7, 64, 1 << 20])
  func roundTrip(chunkBytes: Int) throws {
    let test = randomStore(seed: 1, commands: 300)
    let made = Array(test.store.snapshot(chunkBytes: chunkBytes))
    #expect(made.dropLast().allSatisfy { $0.count == chunkBytes })
    #expect((1...chunkBytes).contains(made.last?.count ?? 0))
    let restored = try restore(made)
    #expect(restored.digest == test.store.digest)
    #expect(restored.appliedIndex == test.store.appliedIndex)
    #expect(restored.sortedContents.map(\.key) == test.store.sortedContents.map(\.key))
    #expect(restored.sortedContents.map(\.value) == test.store.sortedContents.map(\.value))
    #expect(Array(restored.snapshot(chunkBytes: chunkBytes)) == made)
  }

  @Test("An empty store and a value longer than a chunk")
  func extremes() throws {
    #expect(try restore(Store().snapshot()).digest == Store().digest)
    var test = TestStore()
    test.apply(1, 1, .put(Key("long"), [UInt8](repeating: 7, count: 10_000)))
    test.apply(1, 2, .get(Key("long")))
    let restored = try restore(test.store.snapshot(chunkBytes: 333))
    #expect(restored.digest == test.store.digest)
    #expect(restored.recall(ClientID(1), SequenceNumber(2)) == test.store.recall(ClientID(1), SequenceNumber(2)))
  }

  @Test("A snapshot is of one moment while the store moves on")
  func pointInTime() throws {
    var test = randomStore(seed: 2, commands: 100)
    let digest = test.store.digest
    var writer = test.store.snapshot(chunkBytes: 50)
    var made: [[UInt8]] = []
    while let chunk = writer.next() {
      made.append(chunk)
      test.apply(77, test.index + 1, .append(Key("k1"), [1]))
    }
    #expect(test.store.digest != digest)
    #expect(try restore(made).digest == digest)
  }

  @Test("Every flipped bit and every cut is refused, and the state at hand stays as it was")
  func corruptionIsRefused() {
    let source = randomStore(seed: 4, commands: 60, keys: 8).store
    let good = Array(source.snapshot().joined())
    let mine = randomStore(seed: 9, commands: 20).store
    let digest = mine.digest
    var accepted: [Int] = []
    for position in good.indices {
      var bad = good
      bad[position] ^= 1 << UInt8(position % 8)
      if (try? restore([bad])) != nil { accepted.append(position) }
      if (try? restore([Array(good[..<position])])) != nil { accepted.append(position) }
    }
    #expect(accepted.isEmpty)
    #expect(mine.digest == digest)
  }

  @Test("Each kind of damage has its name, and an error stays")
  func typedErrors() throws {
    let good = Array(randomStore(seed: 4, commands: 60, keys: 8).store.snapshot().joined())
    #expect(throws: SnapshotError.notASnapshot) { try restore([bytes("hello world")]) }
    #expect(throws: SnapshotError.unknownVersion(9)) { try restore([bytes("eRKV") + [9]]) }
    #expect(throws: SnapshotError.incomplete(bytes: 0)) { try restore([]) }
    #expect(throws: SnapshotError.incomplete(bytes: good.count - 1)) { try restore([Array(good.dropLast())]) }
    #expect(throws: SnapshotError.trailingBytes(offset: good.count)) { try restore([good + [0]]) }
    #expect(throws: SnapshotError.otherLimits(StoreLimits())) { try restore([good], limits: StoreLimits(sessions: 2)) }
    var bad = good
    bad[good.count - 1] ^= 1
    #expect(throws: SnapshotError.checksumMismatch) { try restore([bad]) }
    let endless = bytes("eRKV") + [1, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F]
    #expect(throws: SnapshotError.frameTooLong(0x7_FFFF_FFFF, offset: 5)) { try restore([endless]) }

    var restorer = SnapshotRestorer()
    #expect(throws: SnapshotError.notASnapshot) { try restorer.consume([0]) }
    #expect(throws: SnapshotError.notASnapshot) { try restorer.consume(good) }
    #expect(throws: SnapshotError.notASnapshot) { try restorer.finish() }
  }
}
