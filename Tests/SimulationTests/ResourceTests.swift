import Emulation
import Raft
import Server
import Testing
import Workload

@testable import Simulation

@Suite("Resources are queues: they saturate") struct ResourceTests {
  func machine(
    cpu: TimeSpan = .zero, operation: TimeSpan = .zero, egress: UInt64? = nil, sync: TimeSpan = .zero
  ) -> MachineModel {
    MachineModel(
      name: "test", cpuPerMessage: cpu, cpuPerKibibyte: .zero, cpuPerOperation: operation,
      egress: egress.map { Bandwidth(bitsPerSecond: $0) }, diskSync: sync, diskThroughput: nil)
  }

  /// A single write's latency beyond that of ideal machines, for a client at the leader's site.
  func extra(_ machine: MachineModel) throws -> TimeSpan {
    func latency(_ machine: MachineModel) throws -> TimeSpan {
      var simulation = try makeGroup(at: [0, 1, 2], machine: machine)
      let elected = simulation.electLeader()
      let leader = try #require(elected)
      try simulation.addClients(
        makeClients(
          at: simulation.site(of: leader).slot, servers: [leader], arrival: .closed(clients: 1, think: .seconds(1)),
          stop: .seconds(3)))
      simulation.run(until: simulation.now + .seconds(5))
      let record = try #require(simulation.observations.records.last)
      let violation = simulation.violation
      #expect(violation == nil)
      return record.ended - record.started
    }
    return try latency(machine) - latency(.ideal)
  }

  @Test func oneDurableWriteStandsInTheWayOfACommit() throws {
    #expect(try extra(machine(sync: .microseconds(900))) == .microseconds(900))
  }

  @Test func everyMessageCostsTheProcessorWhenItComesAndWhenItGoes() throws {
    // Request in; two appends out, of which the slower one to leave decides nothing: the nearer quorum is equally far,
    // so the first append counts; append in, acceptance out; acceptance in; then appends that carry the commit index
    // leave before or after the reply, which is counted by the bound.
    let extra = try extra(machine(cpu: .microseconds(10)))
    #expect(extra >= .microseconds(60))
    #expect(extra <= .microseconds(90))
  }

  @Test func throughputEndsWhereTheProcessorIsBusy() throws {
    var simulation = try makeGroup(machine: machine(operation: .milliseconds(1)))
    let elected = simulation.electLeader()
    let leader = try #require(elected)
    let start = simulation.now
    let before = simulation.counters(leader).cpuBusy
    try simulation.addClients(
      makeClients(
        at: simulation.site(of: leader).slot, servers: [leader], arrival: .poisson(rate: 2_500), mix: [(.read, 1)],
        stop: .seconds(4), consistency: .local
      ) {
        $0.attemptTimeout = .seconds(30); $0.operationDeadline = .seconds(30); $0.openLoopSessions = 20_000
      })
    simulation.run(until: start + .seconds(4))
    let (ok, busy) = (simulation.outcomes().ok, simulation.counters(leader).cpuBusy - before)
    // One operation takes a millisecond: a thousand a second and no more.
    #expect(ok >= 3_800 && ok <= 4_000)
    #expect(busy > .milliseconds(3_900))
  }

  @Test func theLeadersEgressIsABottleneck() throws {
    // Two followers get 16 KiB each at 8 Mbit/s: about 33 ms of the line for every write.
    var simulation = try makeGroup(roundTrip: .milliseconds(10), machine: machine(egress: 8_000_000))
    let elected = simulation.electLeader()
    let leader = try #require(elected)
    let start = simulation.now
    let before = simulation.counters(leader)
    try simulation.addClients(
      makeClients(
        at: simulation.site(of: leader).slot, servers: [leader], arrival: .closed(clients: 8, think: .zero),
        value: 16_384, stop: .seconds(6)))
    simulation.run(until: start + .seconds(6))
    let (ok, counters) = (simulation.outcomes().ok, simulation.counters(leader))
    #expect(ok >= 150 && ok <= 183)
    #expect(counters.egressBusy - before.egressBusy > .milliseconds(5_700))
    #expect(counters.wanBytesOut - before.wanBytesOut > 2 * 16_384 * ok)
    let violation = simulation.violation
    #expect(violation == nil)
  }

  @Test func aBusyServerTakesInMoreThanOneMessageAtOnce() throws {
    // A durable write takes 20 ms; open arrivals of 1000 a second can only keep up in batches.
    var simulation = try makeGroup(roundTrip: .milliseconds(4), machine: machine(sync: .milliseconds(20)))
    let elected = simulation.electLeader()
    let leader = try #require(elected)
    try simulation.addClients(
      makeClients(
        at: simulation.site(of: leader).slot, servers: [leader], arrival: .poisson(rate: 1_000), stop: .seconds(2)))
    simulation.run(until: simulation.now + .seconds(2))
    simulation.drain()
    let (outcomes, disk) = (simulation.outcomes(), simulation.counters(leader).diskBusy)
    #expect(outcomes.ok > 1_800 && outcomes.unknown == 0)
    #expect(disk < .seconds(10))
  }

  @Test func nothingOvertakesWhatWaitsForTheNetworkInterface() throws {
    // A write occupies the interface for longer than what is sent at once may wait, and gaps between writes differ.
    var simulation = try makeGroup(
      at: Array(repeating: 0, count: 17), machine: machine(cpu: .microseconds(5), egress: 1_000_000_000))
    let elected = simulation.electLeader()
    let leader = try #require(elected)
    try simulation.addClients(
      makeClients(servers: [leader], arrival: .poisson(rate: 300), value: 16_384, stop: .seconds(1)))
    simulation.run(until: simulation.now + .seconds(2))
    let (ok, rejected, violation) = (
      simulation.outcomes().ok, simulation.nodeCounters.appendsRejected, simulation.violation
    )
    #expect(violation == nil)
    #expect(ok > 200)
    #expect(rejected == 0)
  }
}
