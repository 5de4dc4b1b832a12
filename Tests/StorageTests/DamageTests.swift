import Raft
import Testing

@testable import Storage

@Suite("Damage: a flipped bit is refused, or lies where nothing was written (trap 34)") struct DamageTests {
  /// A storage with some segments and a snapshot, all of it acknowledged, and what it holds.
  private func stored(_ seed: UInt64) throws -> (files: MemoryFiles, model: Model) {
    var member = try Member.start(try Member.setUp(TestFiles()), RandomSource(seed: seed))
    for _ in 0..<30 { try member.step() }
    while member.log.isStaging { try member.flush() }
    // What is left is a log that still has several segments.
    while member.log.segments.count < 3 || member.log.place < 4 {
      let write = Write(
        sequence: WriteSequence(member.sequence + 1), hardState: nil, firstIndex: member.model.end.next,
        entries: [Entry(term: member.model.hardState.term, payload: .command([UInt8](repeating: 0, count: 1200)))])
      member.sequence += 1
      try member.log.append(write)
      member.model.take(write)
      try member.flush()
    }
    return (member.log.files.base, member.model)
  }

  /// Opens what is damaged; what is wrong with that, and whether it was refused.
  private func open(_ files: TestFiles, _ model: Model) -> (violation: String?, refused: Bool) {
    do throws(StorageError) {
      let recovered = try Member.open(files).recovered
      return (Model(recovered) == model ? nil : "another state is believed", false)
    } catch {
      guard case .refused = error else { return ("\(error)", false) }
      return (nil, true)
    }
  }

  private func flipAll(_ defect: StorageDefect?, seed: UInt64) throws -> (violation: String?, refused: Int, tried: Int)
  {
    let (files, model) = try stored(seed)
    var random = RandomSource(seed: seed)
    var (refused, tried) = (0, 0)
    var names = files
    for name in try names.list() where !name.hasPrefix("spare-") {
      for offset in 0..<(files.content(of: name)?.count ?? 0) {
        // Every bit of a sector's prefix and of the start of a record, one of any other byte, and now and then all.
        let bits: [UInt8] =
          offset % 512 < 40 && offset / 512 % 4 == 1
          ? (0..<8).map { 1 << $0 } : [random.nextBool(probability: 0.1) ? 0xFF : 1 << UInt8(random.next(below: 8))]
        for flip in bits {
          var damaged = files
          damaged.damage(name, at: offset, flipping: flip)
          let outcome = open(TestFiles(damaged, defect: defect), model)
          tried += 1
          if outcome.refused { refused += 1 }
          if let violation = outcome.violation { return ("\(name) at \(offset): \(violation)", refused, tried) }
        }
      }
    }
    return (nil, refused, tried)
  }

  @Test func everyByteOfAStorage() throws {
    let (violation, refused, tried) = try flipAll(nil, seed: 3)
    #expect(violation == nil)
    // The rest is room that no batch has reached.
    #expect(refused * 2 > tried)
  }

  @Test func withoutChecksumsAFlippedBitIsBelieved() throws {
    #expect(try flipAll(.ignoresChecksums, seed: 3).violation != nil)
  }

  @Test func theMessageNamesFileOffsetFoundAndExpected() throws {
    let (files, _) = try stored(4)
    var names = files
    let name = try #require(try names.list().first { $0.hasPrefix("wal-") })
    var damaged = files
    damaged.damage(name, at: 700, flipping: 4)
    let error = #expect(throws: StorageError.self) { try Member.open(TestFiles(damaged)) }
    guard case .refused(.fileDamaged(let damage)) = error else {
      Issue.record("no damage was reported")
      return
    }
    #expect(damage.file == name && damage.offset == 512)
    #expect(damage.description.contains("found checksum 0x") && damage.description.contains("that of the sector"))
  }

  @Test func aMissingSegmentOrSnapshotIsRefused() throws {
    let (files, _) = try stored(5)
    var names = files
    for name in try names.list() where name.hasPrefix("wal-") || name.hasPrefix("snapshot-") {
      var damaged = files
      try damaged.remove(name)
      let isLast = try name == names.list().last { $0.hasPrefix("wal-") }
      // Nothing but the last segment itself says that there was one.
      if !isLast { #expect(throws: StorageError.self) { try Member.open(TestFiles(damaged)) } }
    }
  }

  @Test func aBatchThatALaterOneFollowsIsNeverTakenForTorn() throws {
    let member = try Member.start(try Member.setUp(TestFiles()), RandomSource(seed: 6))
    for index in 1...3 as ClosedRange<UInt64> {
      try member.log.append(
        Write(
          sequence: WriteSequence(index), hardState: nil, firstIndex: LogIndex(index),
          entries: [Entry(term: Term(1), payload: .command([1]))]))
      _ = try member.log.flush()
    }
    // The second batch's only sector is lost as a whole: zeros.
    var files = member.log.files.base
    let name = SegmentHeader.name(1)
    for offset in 1024..<1536 {
      files.damage(name, at: offset, flipping: try #require(files.content(of: name))[offset])
    }
    let error = #expect(throws: StorageError.self) { try Member.open(TestFiles(files)) }
    #expect("\(try #require(error))".contains("byte 1024: found an end of the log after batch 1"))
  }
}
