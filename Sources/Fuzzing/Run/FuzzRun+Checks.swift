import Raft
import Simulation
import Verification

/// What is checked once a run has ended well.
extension FuzzRun {
  mutating func checkEnd() {
    if let breach = simulation.auditLogs() { return fail(breach.property, [breach.text]) }
    var replicas: [ReplicaDigest] = []
    for slot in 0..<simulation.machineCount {
      let node = NodeID(UInt32(slot))
      guard simulation.status(node) == .running else { continue }
      replicas.append(
        ReplicaDigest(node: node, applied: simulation.appliedIndex(of: node), digest: simulation.digest(node)))
    }
    for node in simulation.fleet where simulation.fleetStatus(node) == .working {
      guard let state = simulation.observerState(node) else { continue }
      replicas.append(ReplicaDigest(node: node, applied: state.applied, digest: state.digest))
    }
    let disagreements = ReplicaDigest.disagreements(among: replicas)
    if !disagreements.isEmpty { return fail(FuzzFailure.Check.digests, disagreements.map(\.description)) }
    let durability = audit.result()
    if durability.verdict != .pass { return fail(FuzzFailure.Check.durability, durability.details) }
    switch LinearizabilityChecker(limits: FuzzRun.searchLimits).check(history).verdict {
    case .linearizable: break
    case .violation(let violation): fail(FuzzFailure.Check.linearizability, violation.lines)
    case .unknown: coverage.count(.historiesUndecided)
    }
  }

  /// A history with many writes of unknown outcome can take for ever; it then decides nothing, which is counted.
  private static var searchLimits: LinearizabilityChecker.Limits {
    var limits = LinearizabilityChecker.Limits()
    limits.stepsPerKey = 200_000
    limits.steps = 400_000
    limits.configurations = 100_000
    return limits
  }
}
