import Emulation
import KeyValue
import Raft
import Server
import Verification

/// What the simulation reports of its nodes.
extension Simulation {
  @inline(__always)
  mutating func observe(_ slot: Int) {
    if machines[slot].process.isFleet { return observeFleet(slot) }
    if !machines[slot].process.server.effects.events.isEmpty { observeEvents(slot) }
    if !machines[slot].process.server.effects.applied.isEmpty {
      for command in machines[slot].process.server.effects.applied {
        observations.applied.append(AppliedObservation(node: machines[slot].id, command: command))
      }
    }
    if setup.checksEveryStep { checkInvariants(slot) }
  }

  private mutating func observeEvents(_ slot: Int) {
    let id = machines[slot].id
    let group = machines[slot].group
    for place in machines[slot].process.server.effects.events.indices {
      let event = machines[slot].process.server.effects.events[place]
      observations.happenings.append(NodeHappening(at: now, node: id, event: event))
      switch event {
      case .roleChanged(.leader, let term):
        observations.leadership.append(contentsOf: groups[group.slot].tracker.elected(id, term, at: now))
      case .campaignStarted(.transfer, let term): groups[group.slot].tracker.campaignsAsTold(in: term)
      case .roleChanged(_, let term):
        let isVoter = machines[slot].process.server.node.configuration.isVoter(id)
        let cause = isVoter ? groups[group.slot].tracker.causeOfStepDown(in: term) : .removal
        report(groups[group.slot].tracker.lost(id, cause: cause, at: now))
      case .stopped(let fault):
        machines[slot].status = .failed
        machines[slot].failure = MachineFailure(fault)
        report(groups[group.slot].tracker.lost(id, cause: .crash, at: now))
        reviewLeader(of: group, after: .crash)
      default: break
      }
    }
  }

  /// The node's own invariants, and those of the group as far as this node's step can have broken them.
  private mutating func checkInvariants(_ slot: Int) {
    guard violation == nil else { return }
    let id = machines[slot].id
    let group = machines[slot].group.slot
    for place in machines[slot].process.server.effects.messages.indices {
      if let found = groups[group].checker.observe(sent: machines[slot].process.server.effects.messages[place]) {
        return halt(InvariantBreach(found, at: now))
      }
    }
    var configurations = [checkedConfigurations[slot]]
    var jumps = false
    for place in machines[slot].process.server.effects.events.indices {
      switch machines[slot].process.server.effects.events[place] {
      case .snapshotInstalled:
        // The configuration that follows may be many changes away.
        jumps = true
      case .configurationApplied(let configuration, _):
        if !jumps, let found = ConfigurationOverlap.check(id, from: checkedConfigurations[slot], to: configuration) {
          return halt(InvariantBreach(found, at: now))
        }
        jumps = false
        configurations.append(configuration)
        checkedConfigurations[slot] = configuration
      default: break
      }
    }
    let (machines, count) = (machines, machineCount)
    let incarnation = Int(machines[slot].incarnation)
    let found = machines[slot].process.server.withNode { node in
      groups[group].checker.observe(node, incarnation: incarnation, configurations: configurations) { voter, position in
        voter.slot < count && machines[voter.slot].disk.holds(position)
      }
    }
    if let found { return halt(InvariantBreach(found, at: now)) }
    if fleetCount > 0,
      let found = machines[slot].process.server.withNode({ groups[group].checker.observeCounting($0) })
    {
      return halt(InvariantBreach(found, at: now))
    }
    if let found = machines[slot].process.server.check(with: &checkers[slot]) {
      halt(InvariantBreach(property: "node invariants", text: "\(id): \(found)", at: now))
    }
  }

  /// A server issued a write that does not follow on what it had stored.
  @inline(never)
  mutating func reportGap(_ slot: Int) {
    guard violation == nil, let gap = machines[slot].disk.contents.gap else { return }
    halt(
      InvariantBreach(
        property: "writes follow on each other",
        text: "the stored log of \(machines[slot].id) ends at \(gap.end), and the next write begins at \(gap.write)",
        at: now))
  }

  mutating func halt(_ breach: InvariantBreach) {
    violation = breach
    isHalted = true
  }

  mutating func report(_ change: LeadershipChange?) {
    if let change { observations.leadership.append(change) }
  }

  /// Looks anew whether a group's leader reaches a quorum, after something happened to a machine or to the network.
  mutating func reviewLeader(of group: GroupID, after cause: LeaderLoss) {
    guard let leader = groups[group.slot].tracker.leader, machines[leader.slot].status == .running,
      machines[leader.slot].process.server.node.role == .leader,
      machines[leader.slot].process.server.node.term == groups[group.slot].tracker.term
    else { return }
    if reachesQuorum(leader) {
      report(groups[group.slot].tracker.resumed(leader, at: now))
    } else {
      report(groups[group.slot].tracker.lost(leader, cause: cause, at: now))
    }
  }

  /// Whether messages pass both ways between the node and a quorum of the voters it knows, all of which run.
  public func reachesQuorum(_ node: NodeID) -> Bool {
    let configuration = machines[node.slot].process.server.node.configuration
    func reached(_ voters: [NodeID]) -> Bool {
      let count = voters.filter { voter in
        voter == node
          || (voter.slot < machineCount && machines[voter.slot].status == .running
            && !network.isBlocked(from: machines[node.slot].endpoint, to: machines[voter.slot].endpoint)
            && !network.isBlocked(from: machines[voter.slot].endpoint, to: machines[node.slot].endpoint))
      }.count
      return count >= voters.count / 2 + 1
    }
    return reached(configuration.voters) && (configuration.outgoing.isEmpty || reached(configuration.outgoing))
  }

  // MARK: Looking at nodes

  /// The first group's leader that works, or the last one elected.
  public var leader: NodeID? { leader(of: .first) }

  /// A group's leader that works, or the last one elected.
  public func leader(of group: GroupID) -> NodeID? {
    guard let leader = groups[group.slot].tracker.leader, machines[leader.slot].isUp,
      machines[leader.slot].process.server.node.role == .leader
    else { return nil }
    return leader
  }

  /// Whether a machine runs.
  public func status(_ node: NodeID) -> MachineStatus { machines[node.slot].status }

  /// A node's consensus as it is now, or was when it stopped.
  public func node(_ node: NodeID) -> RaftNode { machines[node.slot].process.server.node }

  /// The digest of a node's replicated state.
  public func digest(_ node: NodeID) -> UInt64 { machines[node.slot].process.server.store.digest }

  /// What a machine has done since the start.
  public func counters(_ node: NodeID) -> MachineCounters { machines[node.slot].counters }
}

extension Simulation {
  /// Where on the network a node is.
  public func endpoint(of node: NodeID) -> EndpointID { machines[node.slot].endpoint }

  /// The site of a node's machine.
  public func site(of node: NodeID) -> SiteID { machines[node.slot].site }
}

extension Simulation {
  /// How often the nodes took the rarer paths of the protocol, all incarnations together.
  public var nodeCounters: NodeCounters {
    (0..<machineCount).reduce(retiredCounters) { $0 + machines[$1].process.server.node.counters }
  }

  /// Reads the logs of all nodes from end to end; the first violation found there.
  public mutating func auditLogs() -> InvariantBreach? {
    for slot in 0..<machineCount where machines[slot].isUp {
      let group = machines[slot].group.slot
      if let found = groups[group].checker.audit(machines[slot].process.server.node) {
        return InvariantBreach(found, at: now)
      }
    }
    return nil
  }
}
