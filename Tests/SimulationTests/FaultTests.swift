import Emulation
import Raft
import Server
import Testing
import Workload

@testable import Simulation

@Suite("Faults") struct FaultTests {
  static let machine = MachineModel(
    name: "small", cpuPerMessage: .microseconds(5), cpuPerKibibyte: .microseconds(1), cpuPerOperation: .microseconds(3),
    egress: Bandwidth(bitsPerSecond: 1_000_000_000), diskSync: .microseconds(400),
    diskThroughput: Bandwidth(bitsPerSecond: 1_000_000_000))

  @Test(arguments: [DiskTail.lost, .torn], [UInt64(1), 2, 3])
  func acknowledgedWritesSurviveTheCrashOfEveryone(tail: DiskTail, seed: UInt64) throws {
    var simulation = try makeGroup(machine: Self.machine, seed: seed)
    let elected = simulation.electLeader()
    _ = try #require(elected)
    try simulation.addClients(
      makeClients(servers: (0..<3).map { NodeID($0) }, arrival: .closed(clients: 1, think: .zero), stop: .seconds(20)))
    var random = RandomSource(seed: seed)
    for _ in 0..<3 {
      simulation.run(until: simulation.now + random.next(in: .milliseconds(500)...(.milliseconds(1_500))))
      for node in 0..<3 as Range<UInt32> {
        simulation.setDiskTail(NodeID(node), tail)
        simulation.crash(NodeID(node))
      }
      simulation.run(until: simulation.now + .milliseconds(50))
      for node in 0..<3 as Range<UInt32> { simulation.restart(NodeID(node)) }
      let again = simulation.electLeader()
      _ = try #require(again)
    }
    simulation.run(until: simulation.now + .seconds(2))
    simulation.drain()
    let (violation, agree, ok) = (simulation.violation, simulation.replicasAgree(), simulation.outcomes().ok)
    #expect(violation == nil)
    #expect(agree)
    #expect(ok > 50)
    for node in 0..<3 as Range<UInt32> {
      let holds = simulation.holdsLastAcknowledged(NodeID(node))
      #expect(holds)
    }
  }

  @Test func aCrashedLeaderIsReplacedAndSaysWhy() throws {
    var simulation = try makeGroup()
    let elected = simulation.electLeader()
    let leader = try #require(elected)
    simulation.observations.removeAll()
    let crashed = simulation.now
    simulation.crash(leader)
    let again = simulation.electLeader()
    let successor = try #require(again)
    let changes = Array(simulation.observations.leadership)
    #expect(changes.first == .lost(leader, cause: .crash, at: crashed))
    guard case .elected(let winner, _, let at)? = changes.last else { return #expect(Bool(false), "nobody won") }
    #expect(winner == successor)
    // At the earliest when the first timer can fire, at the latest one timeout and a campaign after it may fire last.
    #expect(at - crashed >= .milliseconds(1_000 - 170))
    #expect(at - crashed <= .milliseconds(4_200))
  }

  @Test func aPausedMachineKeepsWhatArrives() throws {
    var simulation = try makeGroup()
    let elected = simulation.electLeader()
    let leader = try #require(elected)
    let follower = NodeID(leader.rawValue == 0 ? 1 : 0)
    let before = simulation.node(follower).lastPosition.index
    simulation.pause(follower)
    try simulation.addClients(
      makeClients(servers: [leader], arrival: .closed(clients: 1, think: .zero), stop: .milliseconds(600)))
    simulation.run(until: simulation.now + .milliseconds(800))
    let (during, ok) = (simulation.node(follower).lastPosition.index, simulation.outcomes().ok)
    #expect(during == before)
    #expect(ok > 5)
    simulation.resume(follower)
    // All of it is there at once, without a message more.
    let after = simulation.node(follower).lastPosition.index
    let target = simulation.node(leader).lastPosition.index
    #expect(after == target)
    simulation.run(until: simulation.now + .seconds(1))
    let (violation, still) = (simulation.violation, simulation.leader)
    #expect(violation == nil)
    #expect(still == leader)
  }

  @Test func aPausedLeaderIsLostAndReplaced() throws {
    var simulation = try makeGroup(machine: Self.machine)
    let elected = simulation.electLeader()
    let leader = try #require(elected)
    simulation.observations.removeAll()
    let paused = simulation.now
    simulation.pause(leader)
    simulation.run(until: paused + .seconds(6))
    simulation.resume(leader)
    simulation.run(until: paused + .seconds(8))
    let changes = Array(simulation.observations.leadership)
    #expect(changes.first == .lost(leader, cause: .pause, at: paused))
    #expect(changes.count == 2)
    let (current, violation, role) = (simulation.leader, simulation.violation, simulation.node(leader).role)
    #expect(current != nil && current != leader)
    #expect(role == .follower)
    #expect(violation == nil)
  }

  @Test func aLeaderWithoutAQuorumIsLostUntilTheNetworkHeals() throws {
    var simulation = try makeGroup()
    let elected = simulation.electLeader()
    let leader = try #require(elected)
    simulation.observations.removeAll()
    let cut = simulation.now
    let id = try simulation.begin(.isolated(simulation.endpoint(of: leader)))
    simulation.run(until: cut + .milliseconds(100))
    simulation.heal(id)
    let changes = Array(simulation.observations.leadership)
    #expect(changes == [.lost(leader, cause: .partition, at: cut), .resumed(leader, at: cut + .milliseconds(100))])
  }

  @Test func aStalledDiskAcknowledgesNothingUntilItGoesOn() throws {
    var simulation = try makeGroup()
    let elected = simulation.electLeader()
    let leader = try #require(elected)
    for node in 0..<3 as Range<UInt32> where NodeID(node) != leader { simulation.stallDisk(NodeID(node), true) }
    try simulation.addClients(
      makeClients(servers: [leader], arrival: .constant(rate: 10), stop: .milliseconds(300)))
    simulation.run(until: simulation.now + .milliseconds(600))
    let during = simulation.outcomes().ok
    #expect(during == 0)
    for node in 0..<3 as Range<UInt32> { simulation.stallDisk(NodeID(node), false) }
    simulation.drain()
    let (after, violation) = (simulation.outcomes().ok, simulation.violation)
    #expect(after >= 2)
    #expect(violation == nil)
  }

  @Test func aSlowDiskAddsItsDelayToEveryCommit() throws {
    func latency(_ delay: TimeSpan) throws -> TimeSpan? {
      var simulation = try makeGroup()
      let elected = simulation.electLeader()
      let leader = try #require(elected)
      for node in 0..<3 as Range<UInt32> { simulation.slowDisk(NodeID(node), by: delay) }
      try simulation.addClients(
        makeClients(
          at: simulation.site(of: leader).slot, servers: [leader], arrival: .closed(clients: 1, think: .seconds(1)),
          stop: .seconds(3)))
      simulation.run(until: simulation.now + .seconds(5))
      return simulation.observations.records.last.map { $0.ended - $0.started }
    }
    let fast = try #require(try latency(.zero))
    // The leader's own disk works while the followers' do.
    #expect(try latency(.milliseconds(7)) == fast + .milliseconds(7))
  }

  @Test func anUnreadableDiskKeepsAServerFromStarting() throws {
    var simulation = try makeGroup()
    let elected = simulation.electLeader()
    let leader = try #require(elected)
    simulation.crash(leader)
    simulation.failNextRead(leader)
    let started = simulation.restart(leader)
    let status = simulation.status(leader)
    #expect(!started)
    #expect(status == .failed)
    simulation.run(until: simulation.now + .seconds(5))
    let (others, violation) = (simulation.leader, simulation.violation)
    #expect(others != nil && others != leader)
    #expect(violation == nil)
  }

  @Test func clocksThatRunApartKeepTheGroupSafe() throws {
    var simulation = try makeGroup(machine: Self.machine)
    simulation.setClockError(NodeID(0), partsPerMillion: 200_000)
    simulation.setClockError(NodeID(1), partsPerMillion: -200_000)
    let elected = simulation.electLeader()
    _ = try #require(elected)
    try simulation.addClients(
      makeClients(
        servers: (0..<3).map { NodeID($0) }, arrival: .poisson(rate: 50), mix: [(.update, 1), (.read, 1)],
        stop: .seconds(8)))
    simulation.run(until: simulation.now + .seconds(2))
    simulation.setClockError(NodeID(1), partsPerMillion: 300_000)
    simulation.run(until: simulation.now + .seconds(6))
    simulation.drain()
    let (violation, agree, outcomes) = (simulation.violation, simulation.replicasAgree(), simulation.outcomes())
    #expect(violation == nil)
    #expect(agree)
    #expect(outcomes.ok > 300 && outcomes.unknown == 0)
  }
}
