import Raft
import Server
import Testing

@testable import Simulation

@Suite("Disks that fail") struct DiskFaultTests {
  enum Victim: CaseIterable { case leader, follower }

  @Test(arguments: Victim.allCases, [UInt64(1), 2, 3]) func trap33_aFailedWriteEndsTheMachine(
    victim: Victim, seed: UInt64
  ) throws {
    var simulation = try makeBusyGroup(seed: seed)
    let elected = simulation.leader
    let leader = try #require(elected)
    let node = victim == .leader ? leader : simulation.follower
    simulation.failNextWrite(node)
    simulation.run(until: simulation.now + .milliseconds(500))
    let (status, failure) = (simulation.status(node), simulation.failure(node))
    #expect(status == .failed && failure == .durableWriteFailed)
    guard case .durableWriteFailed? = simulation.node(node).fault else { return #expect(Bool(false), "no fault") }
    // Not a word after it.
    let (sent, ended) = (simulation.counters(node).messagesOut, simulation.node(node))
    simulation.run(until: simulation.now + .seconds(6))
    let (restarted, resumed) = (simulation.restart(node), simulation.resume(node))
    #expect(!restarted && !resumed)
    simulation.drain()
    let (later, after) = (simulation.counters(node).messagesOut, simulation.node(node))
    #expect(later == sent && after.lastPosition == ended.lastPosition && after.commitIndex == ended.commitIndex)
    // The others go on, and nothing that was acknowledged is lost.
    let (violation, agree, count) = (
      simulation.violation, simulation.replicasAgree(), simulation.diskFaultCounts.writesFailed
    )
    let next = simulation.leader
    let successor = try #require(next)
    let holds = simulation.holdsLastAcknowledged(successor)
    #expect(violation == nil && agree && holds && count == 1)
    #expect(victim == .leader ? successor != leader : successor == leader)
  }

  @Test func aFailedWriteReachesTheMediumInPart() {
    var reached: Set<Int> = []
    for seed in 0..<60 as Range<UInt64> {
      var disk = DiskTests().empty()
      var random = RandomSource(seed: seed)
      disk.failsNextWrite = true
      for number in 1...3 as ClosedRange<UInt64> { disk.submit(DiskTests().write(number, first: number)) }
      _ = disk.start(DiskTests().times)
      disk.submit(DiskTests().write(4, first: 4))
      disk.fail(&random)
      reached.insert(disk.state.entries.count)
      // What waited behind it is never written, not even in part by a crash.
      disk.nextTail = .torn
      #expect(disk.hasFailed && !disk.hasWork && disk.isIdle && !disk.isArmed)
      #expect(disk.crash(&random) == nil)
    }
    #expect(reached == [0, 1, 2, 3])
  }

  @Test func aMachineThatCrashesBeforeItHearsOfTheFailureDoesNotStartAgain() throws {
    var simulation = try makeBusyGroup()
    let node = simulation.follower
    simulation.stallDisk(node, true)
    simulation.run(until: simulation.now + .milliseconds(200))
    simulation.pause(node)
    simulation.failNextWrite(node)
    simulation.stallDisk(node, false)
    simulation.run(until: simulation.now + .milliseconds(200))
    let (failed, status) = (simulation.diskFaultCounts.writesFailed, simulation.status(node))
    #expect(failed == 1 && status == .paused)
    simulation.crash(node)
    let (restarted, failure) = (simulation.restart(node), simulation.failure(node))
    #expect(!restarted && failure == .durableWriteFailed)
  }

  @Test func anUnreadableDiskIsNamed() throws {
    var simulation = try makeBusyGroup()
    let node = simulation.follower
    let before = simulation.failure(node)
    simulation.crash(node)
    simulation.failNextRead(node)
    let (restarted, failure) = (simulation.restart(node), simulation.failure(node))
    #expect(before == nil && !restarted && failure == .diskUnreadable)
    #expect(failure?.description == "the disk is unreadable")
    let total = simulation.diskFaultCounts
    #expect(total.unreadableStarts == 1)
  }

  @Test func onlyBrokenPromisesAreViolations() {
    let promised = NodeFault.acknowledgedEntriesLost(commit: LogIndex(4), last: LogIndex(2))
    let refusal = ServerRefusal.recovery(.commitBeyondLog(commit: LogIndex(4), last: LogIndex(2)))
    #expect(MachineFailure(promised).breaksPromise && MachineFailure.server(refusal).breaksPromise)
    #expect(!MachineFailure(.durableWriteFailed(after: WriteSequence(3))).breaksPromise)
    #expect(
      MachineFailure.server(refusal).description == "it does not start: the log ends at 2, though 4 was committed")
  }
}
