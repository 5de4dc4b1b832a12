import Raft
import Testing

@testable import Storage

@Suite("The log: what was written is what is read") struct LogTests {
  private func write(
    _ sequence: UInt64, first: UInt64, _ entries: [Entry], hardState: HardState? = nil
  ) -> Write {
    Write(
      sequence: WriteSequence(sequence), hardState: hardState, firstIndex: LogIndex(first), entries: entries[...])
  }

  private func command(_ term: UInt64, _ bytes: Int) -> Entry {
    Entry(term: Term(term), payload: .command((0..<bytes).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ 1) }))
  }

  /// Writes, starts again, and what that finds.
  private func roundTrip(_ writes: [Write]) throws -> RecoveredStorage {
    let log = try Member.open(try Member.setUp(TestFiles())).log
    for write in writes { try log.append(write) }
    _ = try log.flush()
    return try Member.open(log.files).recovered
  }

  @Test func payloadsOfEveryLengthAroundASector() throws {
    for length in [0, 1, 440, 441] + Array(450...500) + [991, 992, 993, 5000, 40_000] {
      let entries = [command(1, length), command(1, 3), Entry(term: Term(1), payload: .empty)]
      #expect(try roundTrip([write(1, first: 1, entries)]).state.entries == entries)
    }
  }

  @Test func everyKindOfEntryAndHardState() throws {
    let changes = [
      ConfigurationChange([.addVoter(NodeID(4)), .addLearner(NodeID(70)), .remove(NodeID(0))]),
      ConfigurationChange([.remove(NodeID(1))], transition: .jointThenLeave),
      ConfigurationChange([.addVoter(NodeID(1))], transition: .jointUntilTold), .leaveJoint,
    ]
    let entries = changes.map { Entry(term: Term(2), payload: .configuration($0)) }
    for vote in [nil, NodeID(0), NodeID.largest] {
      let state = HardState(term: Term(9), vote: vote, commit: LogIndex(3))
      let recovered = try roundTrip([write(1, first: 1, entries, hardState: state)])
      #expect(recovered.state.entries == entries && recovered.state.hardState == state)
      #expect(recovered.snapshot == nil && recovered.discarded == nil)
      #expect(recovered.state.snapshot == SnapshotDescription(last: .zero, configuration: Model.bootstrap))
    }
  }

  @Test func aWriteCutsTheStoredLogWhereItBegins() throws {
    let first = (0..<5).map { command(1, $0) }
    let recovered = try roundTrip([write(1, first: 1, first), write(2, first: 3, [command(2, 9)])])
    #expect(recovered.state.entries == [first[0], first[1], command(2, 9)])
    let cut = try roundTrip([write(1, first: 1, first), write(2, first: 4, [])])
    #expect(cut.state.entries == Array(first[..<3]))
  }

  /// Entries of one term, overwritten in another, and written again: a flush reports writes, not indices.
  @Test func trap30_aCompletionNamesTheWriteAndNotTheIndex() throws {
    let log = try Member.open(try Member.setUp(TestFiles())).log
    try log.append(write(1, first: 1, [command(1, 10)]))
    #expect(try log.flush().through == WriteSequence(1))
    try log.append(write(2, first: 1, [command(2, 10)]))
    try log.append(write(3, first: 1, [command(1, 10)]))
    // Nothing of the second and the third is durable, though index 1 is.
    var random = RandomSource(seed: 1)
    let lost = log.files.base.afterPowerLoss(.drawn, &random)
    #expect(try Member.open(TestFiles(lost)).recovered.state.entries == [command(1, 10)])
    #expect(try log.flush().through == WriteSequence(3))
  }

  @Test func trap31_aGapInTheLogIsRefused() throws {
    let log = try Member.open(try Member.setUp(TestFiles())).log
    try log.append(write(1, first: 1, [command(1, 10)]))
    #expect(throws: StorageError.outOfOrder(end: 1, first: 3)) {
      try log.append(write(2, first: 3, [command(1, 10)]))
    }
    #expect(throws: StorageError.failedBefore) { try log.flush() }
  }

  @Test func segmentsThatASnapshotCoversGoAndComeBack() throws {
    let log = try Member.open(try Member.setUp(TestFiles())).log
    for index in 1...60 as ClosedRange<UInt64> {
      try log.append(write(index, first: index, [command(1, 900)], hardState: HardState(term: Term(1))))
      _ = try log.flush()
      _ = try log.maintain()
    }
    let before = log.segments.count
    let description = SnapshotDescription(
      last: LogPosition(index: LogIndex(50), term: Term(1)), configuration: Configuration(voters: [NodeID(5)]))
    try log.append(SnapshotSave(description: description, bytes: [1, 2, 3], replacesLog: false))
    var saved: SnapshotSave?
    while log.isStaging { saved = try log.flush().snapshot }
    #expect(saved?.bytes == [1, 2, 3])
    #expect(before > 7 && log.segments.count < 4)
    // What is gone is used again: stale batches must not be taken for new ones.
    for index in 61...90 as ClosedRange<UInt64> {
      try log.append(write(index, first: index, [command(1, 300)]))
      _ = try log.flush()
    }
    let recovered = try Member.open(log.files).recovered
    #expect(recovered.state.snapshot == description && recovered.snapshot == [1, 2, 3])
    #expect(recovered.state.entries.count == 40 && recovered.state.hardState.term == Term(1))
  }

  @Test func aLargeSnapshotLetsWritesPass() throws {
    let log = try Member.open(try Member.setUp(TestFiles())).log
    let bytes = (0..<200_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    let description = SnapshotDescription(
      last: LogPosition(index: LogIndex(7), term: Term(1)), configuration: Model.bootstrap)
    try log.append(SnapshotSave(description: description, bytes: bytes, replacesLog: true))
    var flushes: UInt64 = 0
    while log.isStaging {
      flushes += 1
      try log.append(write(flushes, first: 1, [], hardState: HardState(term: Term(flushes))))
      #expect(try log.flush().through == WriteSequence(flushes))
    }
    #expect(flushes == 4)
    let recovered = try Member.open(log.files).recovered
    #expect(recovered.snapshot == bytes && recovered.state.hardState.term == Term(4))
  }

  @Test func aJointConfigurationSurvives() throws {
    let joint = try Model.bootstrap.applying(
      ConfigurationChange([.addVoter(NodeID(8)), .addLearner(NodeID(1))], transition: .jointThenLeave))
    let log = try Member.open(try Member.setUp(TestFiles())).log
    let description = SnapshotDescription(last: LogPosition(index: LogIndex(7), term: Term(1)), configuration: joint)
    try log.append(SnapshotSave(description: description, bytes: [], replacesLog: true))
    while log.isStaging { _ = try log.flush() }
    let recovered = try Member.open(log.files).recovered
    #expect(recovered.state.snapshot.configuration == joint && joint.isJoint && recovered.snapshot == [])
  }
}
