import Raft
import Server
import Storage
import Testing
import Verification

@testable import Simulation

/// For each wrong way to treat a disk a schedule on which the checker finds it, and which is clean without it.
@Suite("Hosts that treat their disks wrongly are found out") struct DiskDefectTests {
  /// What a schedule showed.
  struct Finding {
    var violation: String?
    var failure: MachineFailure?
  }

  static func run(
    _ defect: DiskDefect?, seed: UInt64 = 1, _ schedule: (inout Simulation, NodeID) throws -> Void
  ) throws -> Finding {
    var simulation = try makeBusyGroup(seed: seed, stop: .seconds(4))
    simulation.diskDefect = defect
    let node = simulation.follower
    try schedule(&simulation, node)
    simulation.run(until: simulation.now + .seconds(2))
    simulation.drain()
    return Finding(violation: simulation.violation?.description, failure: simulation.failure(node))
  }

  static func restartDamaged(_ record: StoredRecord) -> (inout Simulation, NodeID) -> Void {
    { simulation, node in
      simulation.crash(node)
      simulation.damage(record, of: node)
      simulation.restart(node)
    }
  }

  @Test(arguments: [StoredRecord.entry(LogIndex(2)), .entry(LogIndex(5)), .entry(LogIndex(9))])
  func checksumsThatAreIgnored(record: StoredRecord) throws {
    let schedule = Self.restartDamaged(record)
    let found = try Self.run(.ignoresChecksums, schedule)
    #expect(found.violation?.contains("log matching") == true, "\(found)")
    let clean = try Self.run(nil, schedule)
    #expect(clean.violation == nil && clean.failure != nil, "\(clean)")
  }

  @Test(arguments: [StoredRecord.entry(LogIndex(3)), .entry(LogIndex(8)), .hardState])
  func damageThatIsDroppedWithoutAWord(record: StoredRecord) throws {
    let schedule = Self.restartDamaged(record)
    let found = try Self.run(.dropsDamage, schedule)
    let broken = record == .hardState ? "one vote per term" : "durable acknowledgement"
    #expect(found.violation?.contains(broken) == true, "\(found)")
    let clean = try Self.run(nil, schedule)
    #expect(clean.violation == nil && clean.failure != nil, "\(clean)")
  }

  @Test func failedWritesThatAreTakenForCompletedOnes() throws {
    var found = 0
    for seed in 1...4 as ClosedRange<UInt64> {
      func schedule(_ simulation: inout Simulation, _ node: NodeID) {
        simulation.failNextWrite(node)
        simulation.run(until: simulation.now + .seconds(1))
        simulation.crash(node)
        simulation.restart(node)
      }
      let bad = try Self.run(.ignoresWriteFailures, seed: seed, schedule)
      if bad.violation != nil { found += 1 }
      let clean = try Self.run(nil, seed: seed, schedule)
      #expect(clean.violation == nil && clean.failure == .durableWriteFailed, "\(clean)")
    }
    // A write that failed may be on the medium after all: then nothing is lost.
    #expect(found >= 2, "\(found)")
  }

  @Test func aWipedDiskUnderTheOldIdentity() throws {
    func schedule(_ simulation: inout Simulation, _ node: NodeID) {
      simulation.crash(node)
      simulation.wipeDisk(node)
      simulation.restart(node)
    }
    let found = try Self.run(.reusesIdentity, schedule)
    #expect(found.violation != nil, "\(found)")
    let clean = try Self.run(nil, schedule)
    #expect(clean.violation == nil && clean.failure != nil, "\(clean)")
  }
}
