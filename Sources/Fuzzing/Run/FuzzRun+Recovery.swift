import Emulation
import Raft
import Simulation

/// The second phase: faults stop, and the group must recover within a bound.
extension FuzzRun {
  /// Stops all faults and waits until the group has recovered.
  mutating func recover() {
    stopFaults()
    let slice = plan.setup.raft.electionTimeout.lowerBound / 2
    while failure == nil, !hasRecovered {
      guard simulation.now < plan.deadline else { return failToRecover() }
      advance(to: simulation.now + slice)
    }
    guard failure == nil else { return }
    simulation.stopClients()
    // What clients still wait for ends at their deadline; every member has as long again to catch up.
    while failure == nil, !simulation.clientsAreDrained || !hasConverged {
      guard simulation.now < plan.deadline else { return failToRecover() }
      advance(to: simulation.now + slice)
    }
    if failure == nil { coverage.count(.recoveries) }
  }

  private mutating func stopFaults() {
    let repairs = agenda.endTroubles()
    for slot in 0..<simulation.machineCount {
      let node = NodeID(UInt32(slot))
      simulation.repairDisk(node)
      simulation.resume(node)
      // A fault that was armed and did not fire never will.
      if simulation.status(node) == .running { isDoomed[slot] = false }
    }
    simulation.healAll()
    for effect in [LinkEffect.restore, .setLoss(0), .setDuplication(0)] {
      _ = try? simulation.apply(LinkChange(.all, effect))
    }
    // Retransmissions of lost segments hold connections up for long; new connections know nothing of them.
    simulation.resetConnections()
    for slot in 0..<simulation.machineCount { restart(NodeID(UInt32(slot))) }
    for case .replace(let old, let new) in repairs { agenda.add(.replace(old, by: new), at: simulation.now) }
    timeline?.note("faults stop; the group has until \(plan.deadline) to recover", simulation)
    observe()
  }

  /// Whether a leader was elected and a write that began after the faults stopped was answered.
  private var hasRecovered: Bool { leader != nil && firstWriteAfterCalm != nil }

  /// Whether every member that can be there has applied the leader's whole log, and no change is under way.
  private var hasConverged: Bool {
    guard let leader, let end = Optional(simulation.lastPosition(of: leader)) else { return false }
    let configuration = simulation.configuration(of: leader)
    if configuration.isJoint && configuration.leavesAutomatically { return false }
    return simulation.appliedIndex(of: leader) == end.index
      && configuration.members.allSatisfy { member in
        simulation.status(member) == .failed
          || (simulation.status(member) == .running && simulation.appliedIndex(of: member) == end.index
            && simulation.configuration(of: member) == configuration)
      }
  }

  private mutating func failToRecover() {
    var details = [
      "the faults stopped at \(plan.calm), and by \(plan.deadline) "
        + (firstWriteAfterCalm == nil
          ? "no write that began since was answered" : "not every member was up to date")
    ]
    for slot in 0..<simulation.machineCount { details.append(simulation.describe(NodeID(UInt32(slot)))) }
    fail(FuzzFailure.Check.liveness, details)
  }
}
