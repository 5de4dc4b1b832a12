import Cloud
import Emulation
import Experiment
import Policies
import Raft
import Simulation
import Traces

/// The end of an epoch: what was seen is told to the policy, and what it wants is held against what may happen.
extension ExperimentRun {
  /// Ends the epoch that is under way; `isLast` when nothing more is to be decided.
  mutating func endEpoch(isLast: Bool = false) {
    guard epochs != nil, simulation.now > epochs!.start else { return }
    // What happens between the simulated parts of two epochs belongs to the one that ends.
    advanceMarkets()
    let cost = standingCost(of: epochs!.length)
    epochs!.spent += cost
    var row = EpochRow(
      epoch: epochs!.number, start: .zero + epochs!.length * Int64(epochs!.number),
      end: .zero + epochs!.length * Int64(epochs!.number + 1), sampledStart: epochs!.start, sampledEnd: simulation.now,
      operations: epochs!.statistics.operations, counts: memberCounts, revocations: fleet.lostInEpoch, cost: cost,
      actions: .init())
    if !isLast { row.actions = decide() }
    traces.recorder.rows.epochs.append(row)
    for node in observedNodes { epochs!.counters[node] = simulation.counters(node) }
    epochs!.statistics.removeAll()
    epochs!.number += 1
    epochs!.start = simulation.now
    fleet.lostInEpoch = 0
  }

  /// When the epoch that is under way ends, by the world's clock.
  var epochEnd: Instant { epochs?.end ?? .distantFuture }

  /// All machines that there are, members first.
  var observedNodes: [NodeID] { (0..<simulation.machineCount).map { NodeID(UInt32($0)) } + simulation.fleet }

  /// Asks the policy, and carries out what may happen.
  private mutating func decide() -> EpochRow.Actions {
    var actions = EpochRow.Actions()
    guard epochs!.policy != nil else { return actions }
    let observation = observation()
    let proposals = epochs!.policy!.decide(observation)
    for fault in epochs!.policy!.takeFaults() {
      actions.note = actions.note ?? "\(fault)"
      report(nil, nil, "\(fault)", .fault, nil)
    }
    for decision in Legality().decide(proposals, in: observation) {
      let proposal = decision.proposal
      switch decision.verdict {
      case .allowed:
        let refusal = carryOut(proposal)
        if refusal == nil { actions.done += 1 } else { actions.skipped += 1 }
        actions.note = actions.note ?? refusal
        report(
          proposal.action.kind.rawValue, target(of: proposal.action), proposal.reason,
          refusal == nil ? .done : .skipped, refusal)
      case .skipped(let reason):
        actions.skipped += 1
        actions.note = actions.note ?? "\(proposal.action.kind.rawValue): \(reason.rawValue)"
        report(proposal.action.kind.rawValue, target(of: proposal.action), proposal.reason, .skipped, reason.rawValue)
      }
    }
    return actions
  }

  private func report(
    _ action: String?, _ target: String?, _ reason: String, _ outcome: ActionRow.Outcome, _ refusal: String?
  ) {
    traces.recorder.rows.actions.append(
      ActionRow(
        epoch: epochs!.number, at: simulation.now, policy: epochs!.name, action: action, target: target, reason: reason,
        outcome: outcome, refusal: refusal))
  }

  private func target(of action: Action) -> String? {
    func place(_ placement: Placement) -> String {
      "\(placement.market.rawValue) \(placement.instance.name)@\(plan.spec.sites[placement.site.slot])"
    }
    switch action {
    case .hire(let role, _, let at): return "\(role.rawValue) on \(place(at))"
    case .addVoter(_, let at): return place(at)
    case .dismiss(let node), .removeVoter(let node), .transferLeadership(_, let node): return name([node])
    case .addGroup(let type): return type.name
    case .removeGroup(let group): return traces.recorder.names.group(Int(group.rawValue))
    }
  }

  /// Begins an action; why it could not be, or nil.
  private mutating func carryOut(_ proposal: ProposedAction) -> String? {
    let policy = epochs!.name
    switch proposal.action {
    case .hire(let role, _, let at):
      do {
        try fleet.request(
          role == .secretary ? .secretary : .observer, at: at.site, Purchase(at.market), by: policy,
          proposal.reason)
        advanceMarkets()
      } catch { return "\(error)" }
    case .dismiss(let node):
      if let post = StartingPost.place(node) {
        withdraw(post)
      } else {
        dismiss(node, by: policy, proposal.reason)
      }
    case .addVoter(_, let at):
      guard let node = addMember(at: at.site) else { return "no machine could be added" }
      attempt(
        MembershipTask(
          node: node, step: .addLearner, becomesVoter: true, deadline: simulation.now + Self.patience,
          reason: proposal.reason))
    case .removeVoter(let node):
      attempt(
        MembershipTask(
          node: node, step: .remove, becomesVoter: false, deadline: simulation.now + Self.patience,
          reason: proposal.reason))
    case .transferLeadership(_, let node):
      guard let leader = simulation.leader else { return "nobody leads" }
      do throws(TransferRefusal) {
        try simulation.transferLeadership(from: leader, to: node)
      } catch { return "\(error)" }
    case .addGroup: return addGroup(because: proposal.reason)
    case .removeGroup(let group):
      guard let site = simulation.leader(of: group).map({ simulation.site(of: $0) }) else { return "nobody leads" }
      if (try? simulation.scaleIn(group, from: site)) != true { return SkipReason.changePending.rawValue }
    }
    return nil
  }

  /// Adds a group with a voter on a machine of its own wherever the first one has them.
  private mutating func addGroup(because reason: String) -> String? {
    let home = plan.homes[memberships.count % plan.homes.count]
    guard let group = try? simulation.scaleOut(plan.groupNodes, ledFrom: home) else {
      return SkipReason.changePending.rawValue
    }
    traces.recorder.groupBegan(group.place, at: simulation.now)
    for node in simulation.members(of: group) {
      memberSince[node] = simulation.now
      traces.recorder.names.addNext(node, in: simulation)
    }
    memberships.append(
      MembershipWatch(simulation.configuration(of: group), group: group.place, decidedBy: epochs!.name))
    memberships[group.place].reportAdded(at: simulation.now, reason: reason, into: traces)
    return nil
  }
}

/// Instances that have no node yet have numbers beyond those of nodes, by the place of their post.
enum StartingPost {
  static func node(_ place: Int) -> NodeID { NodeID(NodeID.largest.rawValue + 1 + UInt32(place)) }

  static func place(_ node: NodeID) -> Int? {
    node > NodeID.largest ? Int(node.rawValue - NodeID.largest.rawValue) - 1 : nil
  }
}
