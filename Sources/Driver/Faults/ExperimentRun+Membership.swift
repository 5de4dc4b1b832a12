import Emulation
import Experiment
import Raft
import Simulation
import Traces

/// Changes of the group that a spec asks for: proposed to the leader, again and again until they are taken.
extension ExperimentRun {
  /// How often a change that cannot be made now is tried again.
  static let retryInterval = TimeSpan.milliseconds(100)
  /// How long a change is tried.
  static let patience = TimeSpan.seconds(30)

  mutating func transfer(to target: Target, _ fault: Fault) {
    guard let leader = simulation.leader else { return note(fault, "\(target)", nil, .skipped, "nobody leads") }
    let configuration = group
    let nodes = resolve(target, where: { $1 == .running && $0 != leader && configuration.isVoter($0) })
    guard let node = nodes.first else { return note(fault, "\(target)", nil, .skipped, "no voter to hand over to") }
    do throws(TransferRefusal) {
      try simulation.transferLeadership(from: leader, to: node)
      faults.injected += 1
      note(fault, "\(target)", name([node]), .injected, "from \(name([leader]))")
    } catch {
      note(fault, "\(target)", name([node]), .failed, "\(error)")
    }
  }

  mutating func add(_ site: String, _ membership: Fault.Membership, _ fault: Fault, _ place: Int) {
    guard let siteID = plan.spec.siteID(of: site), let node = addMember(at: siteID) else {
      return note(fault, site, nil, .failed, "no machine could be added")
    }
    machineOfFault[place] = node
    if let planned = plan.nodes.first(where: { $0.origin == .added(byFault: place) }) {
      traces.recorder.names.add(node, name: planned.name, site: siteID)
    }
    faults.injected += 1
    note(fault, site, name([node]), .injected, "as \(membership.rawValue)")
    attempt(
      MembershipTask(
        node: node, step: .addLearner, becomesVoter: membership == .voter, deadline: simulation.now + Self.patience,
        reason: "add"))
  }

  /// A machine for a new member, which nobody knows yet.
  mutating func addMember(at site: SiteID) -> NodeID? {
    guard
      let node = try? simulation.addMachine(SimulationSetup.Node(site: site, machine: plan.spec.resources))
    else { return nil }
    memberSince[node] = simulation.now
    traces.recorder.names.addNext(node, in: simulation)
    return node
  }

  /// Removes or promotes the nodes that a target stands for.
  mutating func enroll(_ target: Target, _ fault: Fault, _ step: MembershipTask.Step) {
    let configuration = group
    let nodes = resolve(
      target,
      where: { node, _ in step == .promote ? configuration.isLearner(node) : configuration.members.contains(node) })
    guard !nodes.isEmpty else { return note(fault, "\(target)", nil, .skipped, "nothing to do it to") }
    faults.injected += 1
    for node in nodes {
      note(fault, "\(target)", name([node]), .injected, nil)
      attempt(
        MembershipTask(
          node: node, step: step, becomesVoter: false, deadline: simulation.now + Self.patience, reason: "\(step)"))
    }
  }

  /// Proposes a change; whatever stands in its way now, it is tried again until it is taken or time is up.
  mutating func attempt(_ task: MembershipTask) {
    guard simulation.now < task.deadline else { return }
    var refused = true
    if let leader = simulation.leader {
      let change: ConfigurationChange
      switch task.step {
      case .addLearner: change = ConfigurationChange([.addLearner(task.node)])
      case .promote: change = ConfigurationChange([.addVoter(task.node)])
      case .remove: change = ConfigurationChange([.remove(task.node)])
      }
      refused = (try? simulation.propose(change, to: leader)) == nil
    }
    if refused {
      timeline.add(.retry(task), at: simulation.now + Self.retryInterval)
      return
    }
    if task.step == .addLearner {
      let nodes = serving(with: task.node)
      let plan = plan
      let sites = nodes.map { simulation.site(of: $0) }
      simulation.setServers { site in
        plan.servers(nearest: site, among: nodes, at: { node in sites[nodes.firstIndex(of: node) ?? 0] })
      }
      guard task.becomesVoter else { return }
      var next = task
      next.step = .promote
      timeline.add(.retry(next), at: simulation.now + Self.retryInterval)
    }
  }

  private func serving(with added: NodeID) -> [NodeID] {
    var nodes = group.members
    if !nodes.contains(added) { nodes.append(added) }
    return nodes
  }
}
