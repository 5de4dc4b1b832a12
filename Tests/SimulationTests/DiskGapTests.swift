import Raft
import Storage
import Testing

@testable import Server
@testable import Simulation

/// A server's writes follow on each other; one that does not has left a hole, and the disk says where.
@Suite("Disks: a write that does not follow on the stored log leaves a gap") struct DiskGapTests {
  static func write(first: UInt64, count: Int, term: UInt64 = 2) -> SimulatedDisk.Request {
    let entries = (0..<count).map { _ in Entry(term: Term(term), payload: .empty) }
    return .write(
      Write(
        sequence: WriteSequence(1), hardState: HardState(term: Term(term)), firstIndex: LogIndex(first),
        entries: entries[...]))
  }

  /// The log 1 ... 30, of which a leader's snapshot up to 20 takes the place.
  static func replaced() -> DiskContents {
    let configuration = Configuration(voters: [NodeID(0)])
    var contents = DiskContents(
      DurableState(bootstrap: configuration),
      identity: StorageIdentity(cluster: ClusterID(high: 0, low: 0), node: NodeID(0), incarnation: 1))
    contents.store(write(first: 1, count: 30, term: 1))
    contents.store(
      .snapshot(
        SnapshotSave(
          description: SnapshotDescription(
            last: LogPosition(index: LogIndex(20), term: Term(2)), configuration: configuration),
          bytes: [9], replacesLog: true)))
    return contents
  }

  @Test func aHardStateAloneBeyondALogThatASnapshotReplacedLeavesNone() {
    var contents = Self.replaced()
    contents.store(Self.write(first: 31, count: 0, term: 3))
    #expect(contents.gap == nil)
    #expect(contents.hardState.term == Term(3) && contents.entries.isEmpty)
    // What follows on the snapshot is stored as if the other write had not been.
    contents.store(Self.write(first: 21, count: 2, term: 3))
    #expect(contents.gap == nil && contents.entries.count == 2)
  }

  @Test func entriesThereAreOne() {
    var contents = Self.replaced()
    contents.store(Self.write(first: 31, count: 1, term: 3))
    #expect(contents.gap?.end == LogIndex(20) && contents.gap?.write == LogIndex(31))
    #expect(contents.entries.isEmpty && contents.hardState.term == Term(3))
  }

  @Test func theFirstGapIsTheOneReported() {
    var contents = Self.replaced()
    contents.store(Self.write(first: 21, count: 2))
    for first in [24, 40] as [UInt64] { contents.store(Self.write(first: first, count: 1)) }
    #expect(contents.gap?.end == LogIndex(22) && contents.gap?.write == LogIndex(24))
    #expect(contents.entries.count == 2)
  }

  @Test(arguments: [(21, 3), (20, 0), (1, 0)] as [(UInt64, Int)])
  func whatFollowsOnTheSnapshotOrLiesBelowItLeavesNone(first: UInt64, stored: Int) {
    var contents = Self.replaced()
    contents.store(Self.write(first: first, count: 3))
    #expect(contents.gap == nil && contents.entries.count == stored)
  }

  @Test func damageThatIsBelievedExcusesGaps() {
    var contents = Self.replaced()
    var random = RandomSource(seed: 1)
    contents.damage(.hardState, &random)
    contents.believeDamage()
    contents.store(Self.write(first: 31, count: 1))
    #expect(contents.gap == nil && contents.entries.isEmpty)
  }
}
