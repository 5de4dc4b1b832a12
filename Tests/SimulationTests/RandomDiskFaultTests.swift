import Emulation
import Raft
import Server
import Testing

@testable import Simulation

/// Everything that can go wrong with disks, at random, while at most two of five members are lost for good.
@Suite("Disks at random") struct RandomDiskFaultTests {
  struct Outcome {
    var violation: String?
    var counts: DiskFaultCounts
    var acknowledged: Int
    var agree: Bool
    var holds: Bool
  }

  static let nodes = (0..<5 as Range<UInt32>).map { NodeID($0) }

  static func run(seed: UInt64, defect: DiskDefect? = nil) throws -> Outcome {
    var server = ServerSettings()
    server.snapshotEvery = 25
    server.keepEntries = 5
    var simulation = try makeBusyGroup(voters: 5, seed: seed, stop: .seconds(20), server: server)
    simulation.diskDefect = defect
    var random = RandomSource(seed: seed, stream: 0xD15C)
    var lost: Set<NodeID> = []
    for _ in 0..<30 {
      let node = nodes[Int(random.next(below: 5))]
      if lost.contains(node) || lost.count < 2, random.nextBool(probability: 0.2) {
        lost.insert(node)
        loseForGood(node, in: &simulation, &random)
      } else {
        disturb(node, in: &simulation, &random)
      }
      simulation.run(until: simulation.now + random.next(in: .milliseconds(20)...(.milliseconds(900))))
    }
    settle(&simulation)
    let holds = simulation.leader.map { simulation.holdsLastAcknowledged($0) } ?? false
    return Outcome(
      violation: simulation.violation?.description, counts: simulation.diskFaultCounts,
      acknowledged: simulation.outcomes().ok,
      agree: simulation.replicasAgree(), holds: holds)
  }

  private static func loseForGood(_ node: NodeID, in simulation: inout Simulation, _ random: inout RandomSource) {
    switch random.next(below: 4) {
    case 0: simulation.failNextRead(node)
    case 1: simulation.corruptDisk(node)
    case 2:
      simulation.failNextWrite(node)
      simulation.run(until: simulation.now + random.next(in: .zero ... .milliseconds(400)))
    default: break
    }
    simulation.crash(node)
    if random.nextBool(probability: 0.3) { simulation.wipeDisk(node) }
    simulation.restart(node)
  }

  private static func disturb(_ node: NodeID, in simulation: inout Simulation, _ random: inout RandomSource) {
    simulation.setDiskTail(node, random.nextBool(probability: 0.5) ? .torn : .lost)
    switch random.next(below: 5) {
    case 0: simulation.crash(node)
    case 1: simulation.crashAtNextDiskWrite(node, DiskCrashPoint.allCases[Int(random.next(below: 3))])
    case 2: simulation.slowDisk(node, by: random.next(in: .zero ... .milliseconds(30)))
    default: for node in nodes { simulation.restart(node) }
    }
  }

  /// Whoever can run again does, without orders to crash; then the group has time to agree.
  private static func settle(_ simulation: inout Simulation) {
    for node in nodes {
      simulation.slowDisk(node, by: .zero)
      simulation.crash(node)
    }
    for node in nodes { simulation.restart(node) }
    _ = simulation.electLeader()
    simulation.run(until: simulation.now + .seconds(3))
    simulation.drain()
  }

  @Test func nothingThatWasAcknowledgedIsLost() throws {
    var seen: Set<String> = []
    var names: Set<String> = []
    for seed in 1...10 as ClosedRange<UInt64> {
      let outcome = try Self.run(seed: seed)
      #expect(
        outcome.violation == nil && outcome.agree && outcome.holds && outcome.acknowledged > 10, "\(seed): \(outcome)")
      for (name, count) in outcome.counts.named {
        names.insert(name)
        if count > 0 { seen.insert(name) }
      }
    }
    #expect(seen == names, "never happened: \(names.subtracting(seen))")
  }

  @Test(arguments: DiskDefect.allCases) func everyDefectIsFound(defect: DiskDefect) throws {
    for seed in 1...10 as ClosedRange<UInt64> {
      if try Self.run(seed: seed, defect: defect).violation != nil { return }
    }
    #expect(Bool(false), "\(defect) was not found")
  }
}
