import Emulation
import KeyValue
import Raft
import Server
import Simulation

/// The second phase: faults stop, and the group must recover within a bound.
extension FuzzRun {
  /// Stops all faults and waits until the group has recovered.
  mutating func recover() {
    let absent = stopFaults()
    let slice = plan.setup.raft.electionTimeout.lowerBound / 2
    while failure == nil, !hasRecovered {
      guard simulation.now < plan.deadline else { return failToRecover(FuzzFailure.Check.liveness) }
      probe()
      advance(to: simulation.now + slice)
      stopFormerMembers()
    }
    guard failure == nil else { return }
    if let absent { restart(absent) }
    simulation.stopClients()
    stopFormerMembers()
    // A member that lags far behind, over a slow link and through a small window, may take its time as long as it moves.
    var progress = slowestMember
    var deadline = plan.deadline
    while failure == nil, !simulation.clientsAreDrained || !hasConverged {
      guard simulation.now < deadline else { return failToRecover(FuzzFailure.Check.catchingUp) }
      advance(to: simulation.now + slice)
      stopFormerMembers()
      if slowestMember > progress {
        progress = slowestMember
        deadline = max(deadline, simulation.now + plan.patience)
      }
    }
    if failure == nil { coverage.count(.recoveries) }
  }

  /// Switches off the machines that the group has removed, as an operator does: without leader stickiness a removed
  /// server that does not know of its removal campaigns for ever (thesis, 4.2.3).
  private mutating func stopFormerMembers() {
    // While a change is under way somebody may be about to be added again.
    guard let leader, !simulation.hasPendingConfiguration(leader) else { return }
    // Nobody is given a place any more that it might be switched off in.
    agenda.endReplacements()
    let configuration = simulation.configuration(of: leader)
    for slot in 0..<simulation.machineCount {
      let node = NodeID(UInt32(slot))
      guard !configuration.members.contains(node), !simulation.configuration(of: node).voters.isEmpty else { continue }
      // A leader that was removed stays until those who remain know of it: without it they may need its vote for ever.
      guard simulation.role(of: node) != .leader else { continue }
      if simulation.crash(node) { timeline?.note("\(node), which was removed, is switched off", simulation) }
    }
  }

  /// The lowest index that a member of the leader's configuration which runs has applied; zero while nobody leads.
  private var slowestMember: LogIndex {
    guard let leader else { return .zero }
    let members = simulation.configuration(of: leader).members.filter {
      $0.slot < simulation.machineCount && simulation.status($0) == .running
    }
    return members.map { simulation.appliedIndex(of: $0) }.min() ?? .zero
  }

  /// Ends all faults; in every third plan but for one machine, which stays down until the others have recovered: a
  /// majority is to be enough. Returns that machine.
  private mutating func stopFaults() -> NodeID? {
    agenda.endTroubles()
    for slot in 0..<simulation.machineCount {
      let node = NodeID(UInt32(slot))
      simulation.repairDisk(node)
      simulation.resume(node)
      // A fault that was armed and did not fire never will.
      if simulation.status(node) == .running, !simulation.hasFailedWrite(node) { isDoomed[slot] = false }
    }
    for node in simulation.fleet { simulation.resume(node) }
    simulation.healAll()
    for effect in [LinkEffect.restore, .setLoss(0), .setDuplication(0)] {
      _ = try? simulation.apply(LinkChange(.all, effect))
    }
    // Retransmissions of lost segments hold connections up for long; new connections know nothing of them.
    simulation.resetConnections()
    let absent = plan.seed % 3 == 0 ? absentee() : nil
    if let absent { simulation.crash(absent) }
    for slot in 0..<simulation.machineCount where NodeID(UInt32(slot)) != absent { restart(NodeID(UInt32(slot))) }
    timeline?.note("faults stop; the group has until \(plan.deadline) to recover", simulation)
    observe()
    return absent
  }

  /// A machine that the group can do without for a while, when there is one.
  private mutating func absentee() -> NodeID? {
    var random = RandomSource(seed: plan.seed, stream: 0xAB5E17)
    let candidates = (0..<simulation.machineCount).map { NodeID(UInt32($0)) }
      .filter { simulation.status($0) != .failed && !isWiped[$0.slot] && mayLose($0) }
    guard !candidates.isEmpty else { return nil }
    coverage.count(.recoveriesWithoutOne)
    return candidates[Int(random.next(below: UInt64(candidates.count)))]
  }

  /// Who writes once the faults have stopped: nobody among the clients, whose way to the leader is not what is judged.
  static var prober: ClientID { ClientID(.max) }

  /// Hands the leader a write, on a key that no client reads.
  private mutating func probe() {
    guard let leader else { return }
    // Above every number of a client, so that no expired session stands in its way.
    probes = max(probes, 1 << 40) + 1
    simulation.submit(
      ClientRequest(
        client: FuzzRun.prober, sequence: SequenceNumber(probes),
        operation: .put(Key(Array("probe".utf8)), [1]), consistency: .linearizable),
      to: leader)
  }

  /// Whether a leader was elected and a write that began after the faults stopped was applied.
  private var hasRecovered: Bool { leader != nil && probeWasApplied }

  /// Whether every member that can be there has applied the leader's whole log, and no change is under way.
  private var hasConverged: Bool {
    guard let leader else { return false }
    let end = simulation.lastPosition(of: leader)
    let configuration = simulation.configuration(of: leader)
    if configuration.isJoint && configuration.leavesAutomatically { return false }
    return simulation.appliedIndex(of: leader) == end.index && observersHaveApplied(end.index)
      && configuration.members.allSatisfy { member in
        guard member.slot < simulation.machineCount else { return false }
        return simulation.status(member) == .failed
          || (simulation.status(member) == .running && simulation.appliedIndex(of: member) == end.index
            && simulation.configuration(of: member) == configuration)
      }
  }

  private mutating func failToRecover(_ property: String) {
    var details = [
      "the faults stopped at \(plan.calm), and by \(simulation.now) "
        + (probeWasApplied ? "not every member was up to date" : "no write that began since was applied")
    ]
    for slot in 0..<simulation.machineCount { details.append(simulation.describe(NodeID(UInt32(slot)))) }
    for node in simulation.fleet { details.append(simulation.describe(node)) }
    fail(property, details)
  }
}
