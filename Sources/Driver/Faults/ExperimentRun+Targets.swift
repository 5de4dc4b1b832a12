import Emulation
import Experiment
import Raft
import Simulation
import Traces

/// Who a target is when a fault strikes.
extension ExperimentRun {
  /// The nodes that a target stands for now; random choices are among nodes for which `isFit` holds.
  mutating func resolve(_ target: Target, where isFit: (NodeID, MachineStatus) -> Bool) -> [NodeID] {
    var fit: [NodeID] = []
    for slot in 0..<simulation.machineCount {
      let node = NodeID(UInt32(slot))
      // A machine that was given back is there no more.
      if machines[slot].until == nil, isFit(node, simulation.status(node)) { fit.append(node) }
    }
    switch target {
    case .node(let site, let number):
      let name = "\(site).\(number)"
      guard let planned = plan.nodes.first(where: { $0.name == name }), let node = machine(of: planned) else {
        return []
      }
      return fit.contains(node) ? [node] : []
    case .site(let name):
      guard let site = plan.spec.siteID(of: name) else { return [] }
      return fit.filter { simulation.site(of: $0) == site }
    case .leader:
      return simulation.leader.map { fit.contains($0) ? [$0] : [] } ?? []
    case .follower(let site):
      let configuration = group
      return draw(fit.filter { $0 != simulation.leader && configuration.isVoter($0) }, at: site)
    case .learner(let site):
      let configuration = group
      return draw(fit.filter { configuration.isLearner($0) }, at: site)
    case .any(let site):
      let configuration = group
      return draw(fit.filter { configuration.members.contains($0) }, at: site)
    case .secretary(let site): return draw(fleetNodes(.secretary, where: isFit), at: site)
    case .observer(let site): return draw(fleetNodes(.observer, where: isFit), at: site)
    }
  }

  /// The nodes of a role that work and are not about to go.
  private func fleetNodes(_ role: NodeRole, where isFit: (NodeID, MachineStatus) -> Bool) -> [NodeID] {
    fleet.posts.compactMap { post in
      guard post.role == role, post.revokedAt == nil, case .working(let node) = post.state,
        isFit(node, simulation.status(node))
      else { return nil }
      return node
    }
  }

  private mutating func draw(_ nodes: [NodeID], at site: String?) -> [NodeID] {
    let eligible = nodes.filter { node in
      site.map { plan.spec.siteID(of: $0) == simulation.site(of: node) } ?? true
    }
    guard !eligible.isEmpty else { return [] }
    return [eligible[Int(random.next(below: UInt64(eligible.count)))]]
  }

  /// The configuration that the leader, or else the node that has applied most, holds.
  var group: Configuration {
    simulation.configuration(of: .first)
  }

  /// The machine of a planned node; nil while the fault that adds it has not struck.
  func machine(of planned: NodePlan) -> NodeID? {
    if case .added(let fault) = planned.origin { return machineOfFault[fault] }
    return planned.id
  }

  func name(_ nodes: [NodeID]) -> String { nodes.map { traces.recorder.names.node($0) }.joined(separator: " ") }

  /// The places on the network that a target stands for: a site with its clients, or nodes.
  mutating func places(_ target: Target) -> [Place] {
    if case .site(let name) = target { return plan.spec.siteID(of: name).map { [.site($0)] } ?? [] }
    return resolve(target, where: { _, _ in true }).map { .endpoint(simulation.endpoint(of: $0)) }
  }
}
