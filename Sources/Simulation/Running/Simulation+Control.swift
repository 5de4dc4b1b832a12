import Emulation
import Raft
import Server
import Workload

/// What breaks, changes and is repaired from outside. Whatever cannot be done now is refused and changes nothing.
extension Simulation {
  /// The machine loses its memory and what its disk had not made durable; false when it is down already.
  @discardableResult
  public mutating func crash(_ node: NodeID) -> Bool {
    let slot = node.slot
    guard exists(node), machines[slot].isUp else { return false }
    switch machines[slot].disk.crash(&random) {
    case .lost: diskFaultCounts.lostTails += 1
    case .torn: diskFaultCounts.tornTails += 1
    case nil: break
    }
    machines[slot].status = .down
    machines[slot].incarnation += 1
    clearMachine(slot)
    report(groups[machines[slot].group.slot].tracker.lost(node, cause: .crash, at: now))
    reviewLeader(of: machines[slot].group, after: .crash)
    return true
  }

  /// Forgets what waits on a machine that goes down.
  private mutating func clearMachine(_ slot: Int) {
    machines[slot].inbox.removeAll()
    machines[slot].isTurnScheduled = false
    machines[slot].turnSize = 0
    machines[slot].timerArmed = .distantFuture
    machines[slot].durable = WriteSequence(0)
    machines[slot].reported = WriteSequence(0)
    machines[slot].saved.removeAll()
    machines[slot].isDoomed = false
    network.resetConnections(of: machines[slot].endpoint)
  }

  /// Starts a machine that is down from its disk; false when it is up, or when its disk is not fit to
  /// start from: then ``failure(_:)`` says why, and the machine never runs again. The machines of a group that was
  /// removed stay down.
  @discardableResult
  public mutating func restart(_ node: NodeID) -> Bool {
    let slot = node.slot
    guard slot < machineCount, machines[slot].status == .down, !groups[machines[slot].group.slot].isRemoved else {
      return false
    }
    // What was sent to a machine that was down does not reach it when it is up again.
    machines[slot].incarnation += 1
    let counted = machines[slot].process.server.node.counters
    do throws(MachineFailure) {
      machines[slot].process.server = try recover(slot, at: machines[slot].clock.local(now))
    } catch {
      machines[slot].status = .failed
      machines[slot].failure = error
      return false
    }
    retiredCounters = retiredCounters + counted
    machines[slot].status = .running
    if fleetCount > 0 { placeMembers() }
    machines[slot].cpuFree = now
    machines[slot].egressFree = now
    machines[slot].lastHeld = Instant(nanoseconds: -1)
    checkers[slot] = Invariants()
    checkedConfigurations[slot] = machines[slot].process.server.node.configuration
    endTurn(slot)
    reviewLeader(of: machines[slot].group, after: .crash)
    return true
  }

  /// The machine stands still until ``resume(_:)``; what arrives waits.
  @discardableResult
  public mutating func pause(_ node: NodeID) -> Bool {
    guard exists(node), machines[node.slot].status == .running else { return false }
    machines[node.slot].status = .paused
    let group = machines[node.slot].group
    report(groups[group.slot].tracker.lost(node, cause: .pause, at: now))
    reviewLeader(of: group, after: .pause)
    return true
  }

  /// A machine that stood still goes on with what waits.
  @discardableResult
  public mutating func resume(_ node: NodeID) -> Bool {
    let slot = node.slot
    guard exists(node), machines[slot].status == .paused else { return false }
    machines[slot].status = .running
    // A turn that would have ended while the machine stood still begins anew, with all that came since.
    if machines[slot].turnEnd <= now { machines[slot].isTurnScheduled = false }
    if isFleet(node) { takeNotice(slot) }
    reviewLeader(of: machines[slot].group, after: .pause)
    serve(slot)
    return true
  }

  /// Cuts the network.
  public mutating func begin(_ partition: Partition) throws(NetworkError) -> PartitionID {
    let id = try network.begin(partition)
    reviewNetwork()
    return id
  }

  /// Ends one partition; false when it is not in force.
  @discardableResult
  public mutating func heal(_ partition: PartitionID) -> Bool {
    let healed = network.heal(partition)
    reviewNetwork()
    return healed
  }

  /// Ends all partitions.
  public mutating func healAll() {
    network.healAll()
    reviewNetwork()
  }

  /// Changes links; how many directions changed.
  @discardableResult
  public mutating func apply(_ change: LinkChange) throws(NetworkError) -> Int {
    try network.apply(change, at: now)
  }

  private mutating func reviewNetwork() {
    isPartitioned = !network.partitionsInForce.isEmpty
    for group in groupIDs { reviewLeader(of: group, after: .partition) }
  }

  /// Makes the machine's clock run faster (positive) or slower by parts per million, at most by half.
  public mutating func setClockError(_ node: NodeID, partsPerMillion: Int64) {
    guard exists(node) else { return }
    let rate = max(-500_000, min(500_000, partsPerMillion)) * 1_000
    machines[node.slot].clock.setRate(rate, at: now)
    machines[node.slot].timerArmed = .distantFuture
    if machines[node.slot].isUp { armTimer(node.slot) }
  }

  // MARK: Administration

  /// Asks a node to append a change of the configuration.
  public mutating func propose(
    _ change: ConfigurationChange, to node: NodeID
  ) throws(ConfigurationRefusal) -> LogPosition {
    guard machines[node.slot].status == .running else { throw .proposal(.notLeader(hint: nil)) }
    let position = try machines[node.slot].process.server.propose(change)
    endTurn(node.slot)
    return position
  }

  /// Asks a node to hand over leadership.
  public mutating func transferLeadership(from node: NodeID, to target: NodeID) throws(TransferRefusal) {
    guard machines[node.slot].status == .running else { throw .notLeader(hint: nil) }
    try machines[node.slot].process.server.transferLeadership(to: target, at: machines[node.slot].clock.local(now))
    endTurn(node.slot)
  }

  /// Hands a request to a server that runs, without a network between; clients ignore the answer, since none of them asked.
  public mutating func submit(_ request: ClientRequest, to node: NodeID) {
    guard machines[node.slot].status == .running else { return }
    machines[node.slot].process.server.receive(
      request, from: ClientAddress(0), at: machines[node.slot].clock.local(now))
    endTurn(node.slot)
  }

  /// Tells all clients of a new list of a group's servers, nearest first for each site.
  public mutating func setServers(of group: GroupID = .first, _ nodes: (SiteID) -> [NodeID]) {
    for slot in clients.indices {
      clients[slot].setServers(nodes(clients[slot].site), of: group)
      drainClients(slot)
    }
  }
}
