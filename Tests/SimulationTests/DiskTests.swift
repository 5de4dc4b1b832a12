import Emulation
import Raft
import Storage
import Testing

@testable import Server
@testable import Simulation

@Suite("Disks: only completed writes survive a crash") struct DiskTests {
  let times = ServiceTimes(
    MachineModel(
      name: "disk", cpuPerMessage: .zero, cpuPerKibibyte: .zero, cpuPerOperation: .zero, egress: nil,
      diskSync: .microseconds(200), diskThroughput: Bandwidth(bitsPerSecond: 8_000_000_000)))

  func write(_ sequence: UInt64, first: UInt64, count: Int = 1, term: UInt64 = 1) -> SimulatedDisk.Request {
    let entries = (0..<count).map { _ in Entry(term: Term(term), payload: .command([1, 2, 3, 4])) }
    return .write(
      Write(
        sequence: WriteSequence(sequence), hardState: HardState(term: Term(term)), firstIndex: LogIndex(first),
        entries: entries[...]))
  }

  func empty() -> SimulatedDisk {
    SimulatedDisk(
      DurableState(bootstrap: Configuration(voters: [NodeID(0)])),
      identity: StorageIdentity(cluster: ClusterID(high: 0, low: 0), node: NodeID(0), incarnation: 1))
  }

  @Test func whatWaitsDuringASyncSharesTheNextOne() {
    var disk = empty()
    var durable = WriteSequence(0)
    var saves: ContiguousArray<SnapshotSave> = []
    disk.submit(write(1, first: 1))
    // 32 bytes of the record and 20 of the entry at one byte per nanosecond.
    #expect(disk.start(times) == .nanoseconds(200_052))
    disk.submit(write(2, first: 2))
    disk.submit(write(3, first: 3))
    #expect(!disk.isIdle && disk.hasWork)
    disk.complete(&durable, &saves)
    #expect(durable == WriteSequence(1) && disk.state.entries.count == 1)
    #expect(disk.start(times) == .nanoseconds(200_104))
    disk.complete(&durable, &saves)
    #expect(durable == WriteSequence(3) && disk.state.entries.count == 3 && disk.isIdle && !disk.hasWork)
    #expect(disk.busy == .nanoseconds(400_156))
  }

  @Test func aWriteCutsTheStoredLogWhereItBegins() {
    var disk = empty()
    var durable = WriteSequence(0)
    var saves: ContiguousArray<SnapshotSave> = []
    disk.submit(write(1, first: 1, count: 5))
    disk.submit(write(2, first: 3, count: 1, term: 2))
    _ = disk.start(times)
    disk.complete(&durable, &saves)
    #expect(disk.state.entries.map(\.term.rawValue) == [1, 1, 2])
    #expect(disk.state.hardState.term == Term(2))
  }

  @Test func aLostTailLeavesWhatWasCompleted() {
    var disk = empty()
    var durable = WriteSequence(0)
    var saves: ContiguousArray<SnapshotSave> = []
    var random = RandomSource(seed: 1)
    disk.submit(write(1, first: 1))
    _ = disk.start(times)
    disk.complete(&durable, &saves)
    disk.submit(write(2, first: 2))
    _ = disk.start(times)
    disk.submit(write(3, first: 3))
    #expect(disk.crash(&random) == .lost)
    #expect(disk.state.entries.count == 1 && disk.isIdle && !disk.hasWork)
  }

  @Test func aTornTailLeavesAPrefixOfWhatWasUnderWayAndNeverAllOfIt() {
    var counts: Set<Int> = []
    for seed in 0..<60 as Range<UInt64> {
      var disk = empty()
      var random = RandomSource(seed: seed)
      disk.nextTail = .torn
      for number in 1...4 as ClosedRange<UInt64> { disk.submit(write(number, first: number)) }
      _ = disk.start(times)
      disk.submit(write(5, first: 5))
      #expect(disk.crash(&random) == .torn)
      counts.insert(disk.state.entries.count)
      #expect(disk.nextTail == .lost)
    }
    #expect(counts == [0, 1, 2, 3, 4])
  }

  @Test func aSnapshotTakesThePlaceOfWhatItCovers() {
    var disk = empty()
    var durable = WriteSequence(0)
    var saves: ContiguousArray<SnapshotSave> = []
    let configuration = Configuration(voters: [NodeID(0)])
    func save(_ index: UInt64, replacesLog: Bool) -> SimulatedDisk.Request {
      .snapshot(
        SnapshotSave(
          description: SnapshotDescription(
            last: LogPosition(index: LogIndex(index), term: Term(1)), configuration: configuration),
          bytes: [9], replacesLog: replacesLog))
    }
    disk.submit(write(1, first: 1, count: 6))
    disk.submit(save(4, replacesLog: false))
    disk.submit(write(2, first: 7))
    _ = disk.start(times)
    disk.complete(&durable, &saves)
    #expect(saves.count == 1 && disk.snapshot == [9])
    #expect(disk.state.snapshot.last.index == LogIndex(4) && disk.state.entries.count == 3)
    disk.submit(save(20, replacesLog: true))
    // Issued while the snapshot was being installed: only its hard state still means something.
    disk.submit(write(3, first: 8, count: 0, term: 3))
    disk.submit(write(4, first: 21, count: 2, term: 3))
    _ = disk.start(times)
    disk.complete(&durable, &saves)
    #expect(disk.state.snapshot.last.index == LogIndex(20) && disk.state.entries.count == 2)
    #expect(disk.state.hardState.term == Term(3) && durable == WriteSequence(4))
  }
}
