import Emulation
import Raft
import Server
import Storage
import Testing

@testable import Simulation

@Suite("Disks that are damaged") struct DiskDamageTests {
  /// A group that has taken snapshots, so that each kind of record is there to be damaged.
  func makeGroupWithSnapshots(stop: TimeSpan = .seconds(4)) throws -> Simulation {
    var server = ServerSettings()
    server.snapshotEvery = 20
    server.keepEntries = 5
    var simulation = try makeBusyGroup(stop: stop, server: server)
    simulation.run(until: simulation.now + .seconds(1))
    while simulation.contents(simulation.follower).entries.count < 3 {
      simulation.run(until: simulation.now + .milliseconds(10))
    }
    return simulation
  }

  enum Kind: CaseIterable {
    case hardState, description, snapshot, firstEntry, lastEntry

    func record(in contents: DiskContents) -> StoredRecord {
      switch self {
      case .hardState: .hardState
      case .description: .snapshotDescription
      case .snapshot: .snapshot
      case .firstEntry: .entry(contents.base.next)
      case .lastEntry: .entry(contents.base + contents.entries.count)
      }
    }
  }

  @Test(arguments: Kind.allCases) func trap34_damageToWhatWasCompleteIsRefusedAndNamed(kind: Kind) throws {
    var simulation = try makeGroupWithSnapshots()
    let node = simulation.follower
    simulation.crash(node)
    let record = kind.record(in: simulation.contents(node))
    let intact = simulation.contents(node).checksum(of: record)
    simulation.damage(record, of: node)
    let damaged = simulation.contents(node).checksum(of: record)
    let (restarted, status, failure) = (
      simulation.restart(node), simulation.status(node), simulation.failure(node)
    )
    #expect(!restarted && status == .failed)
    #expect(failure == .storage(.recordDamaged(record, checksum: intact, computed: damaged)))
    #expect(failure?.description.hasPrefix("\(record) is damaged: its checksum is 0x") == true)
    let total = simulation.diskFaultCounts
    #expect(total.corruptionsDetected == 1)
    // It stays down for good, and the others do without it.
    let again = simulation.restart(node)
    simulation.drain()
    let (violation, agree) = (simulation.violation, simulation.replicasAgree())
    #expect(!again && violation == nil && agree)
  }

  @Test func everyFlippedBitIsFound() throws {
    let simulation = try makeGroupWithSnapshots()
    let contents = simulation.contents(simulation.follower)
    var found: Set<StoredRecord> = []
    for seed in 0..<2_000 as Range<UInt64> {
      var (damaged, random) = (contents, RandomSource(seed: seed))
      let picked = damaged.damageAnything(&random)
      let record = try #require(picked)
      found.insert(record)
      do throws(StorageRefusal) {
        _ = try damaged.recover()
        #expect(Bool(false), "damage to \(record) went unnoticed")
      } catch {
        guard case .recordDamaged(record, _, _) = error else { return #expect(Bool(false), "\(error)") }
      }
      // A suspect whose content is as it was written is no damage.
      (damaged.hardState, damaged.description) = (contents.hardState, contents.description)
      (damaged.snapshot, damaged.entries) = (contents.snapshot, contents.entries)
      _ = try damaged.recover()
    }
    #expect(found.count > 3 && found.contains(.hardState) && found.contains(.snapshot))
  }

  @Test func damageShowsAtTheNextStartAndNotBefore() throws {
    var simulation = try makeBusyGroup()
    let node = simulation.follower
    simulation.damage(.entry(LogIndex(2)), of: node)
    simulation.run(until: simulation.now + .seconds(2))
    let (status, violation) = (simulation.status(node), simulation.violation)
    #expect(status == .running && violation == nil)
    simulation.crash(node)
    let (restarted, failure) = (simulation.restart(node), simulation.failure(node))
    #expect(!restarted)
    guard case .storage(.recordDamaged(.entry(LogIndex(2)), _, _)) = failure else {
      return #expect(Bool(false), "refused for \(String(describing: failure))")
    }
  }

  @Test func damageToWhatIsOverwrittenIsGone() throws {
    var server = ServerSettings()
    server.snapshotEvery = 20
    server.keepEntries = 5
    var simulation = try makeBusyGroup(server: server)
    let node = simulation.follower
    let first = simulation.contents(node).base.next
    for record in [.entry(first), .snapshot, .snapshotDescription] as [StoredRecord] {
      simulation.damage(record, of: node)
    }
    simulation.run(until: simulation.now + .seconds(3))
    let left = simulation.contents(node).suspects
    #expect(left.isEmpty)
    simulation.crash(node)
    let restarted = simulation.restart(node)
    #expect(restarted)
  }

  @Test func damageToACutTailOrAnOldHardStateIsGone() throws {
    func disk() -> DiskContents {
      var disk = DiskTests().empty().contents
      disk.store(DiskTests().write(1, first: 1, count: 5))
      var random = RandomSource(seed: 3)
      for record in [.entry(LogIndex(2)), .entry(LogIndex(4)), .hardState] as [StoredRecord] {
        disk.damage(record, &random)
      }
      return disk
    }
    var longer = disk()
    longer.store(DiskTests().write(2, first: 6))
    #expect(longer.suspects.map(\.record) == [.entry(LogIndex(2)), .entry(LogIndex(4))])
    var cut = disk()
    cut.store(DiskTests().write(2, first: 3))
    #expect(cut.suspects.map(\.record) == [.entry(LogIndex(2))])
    var new = disk()
    new.store(DiskTests().write(2, first: 1))
    #expect(new.suspects.isEmpty)
    let isTorn = try new.recover()
    #expect(!isTorn)
  }

  @Test func corruptionAtRandomIsRefusedAndNothingElse() throws {
    for seed in 1...6 as ClosedRange<UInt64> {
      var simulation = try makeBusyGroup(seed: seed, stop: .seconds(3))
      let node = simulation.follower
      simulation.crash(node)
      let corrupted = simulation.corruptDisk(node)
      let restarted = simulation.restart(node)
      let counts = simulation.diskFaultCounts
      #expect(corrupted && !restarted && counts.corruptions == 1 && counts.corruptionsDetected == 1)
    }
  }

  @Test func aTornRecordAtTheEndIsDiscarded() throws {
    for seed in 1...5 as ClosedRange<UInt64> {
      var simulation = try makeBusyGroup(seed: seed, stop: .seconds(5))
      let node = simulation.follower
      simulation.stallDisk(node, true)
      simulation.run(until: simulation.now + .milliseconds(200))
      simulation.setDiskTail(node, .torn)
      simulation.crash(node)
      let cut = simulation.contents(node).torn
      let torn = try #require(cut)
      #expect(torn.present > 0 && torn.present < torn.length)
      simulation.stallDisk(node, false)
      let (restarted, rest) = (simulation.restart(node), simulation.contents(node).torn)
      #expect(restarted && rest == nil)
      simulation.drain()
      let (violation, agree, counts) = (
        simulation.violation, simulation.replicasAgree(), simulation.diskFaultCounts
      )
      #expect(violation == nil && agree && counts.tornTails == 1 && counts.tornRecordsDiscarded == 1)
      #expect(counts.lostTails == 0)
    }
  }

  @Test(arguments: [
    (present: 8, isLast: true, computed: UInt64(7), RecordCondition.intact),
    (8, false, 7, .intact), (8, true, 6, .damaged), (8, false, 6, .damaged),
    (3, true, 6, .torn), (0, true, 7, .torn), (3, false, 6, .damaged),
  ])
  func trap34_onlyAShortRecordAtTheVeryEndIsTorn(
    present: Int, isLast: Bool, computed: UInt64, expected: RecordCondition
  ) {
    #expect(
      RecordCondition(length: 8, present: present, isLast: isLast, checksum: 7, computed: computed) == expected)
  }
}
