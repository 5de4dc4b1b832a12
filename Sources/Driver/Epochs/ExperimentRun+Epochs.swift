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
    let start = Instant.zero + epochs!.length * Int64(epochs!.number)
    let cost = standingCost(of: marketNow - start)
    epochs!.spent += cost
    var row = EpochRow(
      epoch: epochs!.number, start: start, end: marketNow, sampledStart: epochs!.start, sampledEnd: simulation.now,
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
    var counts = EpochRow.Actions()
    guard epochs!.policy != nil else { return counts }
    let observation = observation()
    let proposals = epochs!.policy!.decide(observation)
    for fault in epochs!.policy!.takeFaults() {
      counts.note = counts.note ?? "\(fault)"
      report(nil, "\(fault)", .fault)
    }
    for decision in Legality().decide(proposals, in: observation) {
      let proposal = decision.proposal
      switch decision.verdict {
      case .allowed:
        switch carryOut(proposal) {
        case .done:
          counts.done += 1
          report(proposal.action, proposal.reason, .done)
        case .begun(let effect):
          counts.done += 1
          report(proposal.action, proposal.reason, .unknown, awaiting: effect)
        case .refused(let why):
          counts.skipped += 1
          counts.note = counts.note ?? why
          report(proposal.action, proposal.reason, .skipped, refusal: why)
        }
      case .skipped(let reason):
        counts.skipped += 1
        counts.note = counts.note ?? "\(proposal.action.kind.rawValue): \(reason.rawValue)"
        report(proposal.action, proposal.reason, .skipped, refusal: reason.rawValue)
      }
    }
    return counts
  }

  private mutating func report(
    _ action: Action?, _ reason: String, _ outcome: ActionRow.Outcome, refusal: String? = nil,
    awaiting effect: ActionLog.Effect? = nil
  ) {
    let row = ActionRow(
      epoch: epochs!.number, at: simulation.now, policy: epochs!.name, action: action?.kind.rawValue,
      target: action.flatMap { target(of: $0) }, reason: reason, outcome: outcome, refusal: refusal)
    actions.add(row, awaiting: effect)
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
}

/// Instances that have no node yet have numbers beyond those of nodes, by the place of their post.
enum StartingPost {
  static func node(_ place: Int) -> NodeID { NodeID(NodeID.largest.rawValue + 1 + UInt32(place)) }

  static func place(_ node: NodeID) -> Int? {
    node > NodeID.largest ? Int(node.rawValue - NodeID.largest.rawValue) - 1 : nil
  }
}
