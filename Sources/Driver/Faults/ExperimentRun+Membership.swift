import Cloud
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
      settle(.first, at: simulation.site(of: node))
      faults.counts.injected += 1
      note(fault, "\(target)", name([node]), .injected, "from \(name([leader]))")
    } catch {
      note(fault, "\(target)", name([node]), .failed, "\(error)")
    }
  }

  mutating func add(_ site: String, _ membership: Fault.Membership, _ fault: Fault, _ place: Int) {
    guard let siteID = plan.spec.siteID(of: site), let node = addMember(to: .first, on: plan.memberType, at: siteID)
    else {
      return note(fault, site, nil, .failed, "no machine could be added")
    }
    machineOfFault[place] = node
    if let planned = plan.nodes.first(where: { $0.origin == .added(byFault: place) }) {
      traces.recorder.names.add(node, name: planned.name, site: siteID)
    }
    faults.counts.injected += 1
    note(fault, site, name([node]), .injected, "as \(membership.rawValue)")
    attempt(
      MembershipTask(
        node: node, group: .first, step: .addLearner, becomesVoter: membership == .voter,
        deadline: simulation.now + Self.patience))
  }

  /// A machine of a type for a new member of a group, which nobody knows yet.
  mutating func addMember(to group: GroupID, on type: InstanceTypeName, at site: SiteID) -> NodeID? {
    let machine = SimulationSetup.Node(site: site, machine: plan.machine(of: type))
    guard let node = try? simulation.addMachine(machine, to: group) else { return nil }
    machines.append(MemberMachine(type: type, since: simulation.now, role: .learner))
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
    faults.counts.injected += 1
    for node in nodes {
      note(fault, "\(target)", name([node]), .injected, nil)
      attempt(
        MembershipTask(
          node: node, group: .first, step: step, becomesVoter: false, deadline: simulation.now + Self.patience))
    }
  }

  /// Proposes a change; whatever stands in its way now, it is tried again until it is taken or time is up.
  mutating func attempt(_ task: MembershipTask) {
    guard simulation.now < task.deadline else {
      return actions.failed(task.effect, "it was refused for \(DurationText.format(Self.patience))")
    }
    var refused = true
    if let leader = simulation.leader(of: task.group) {
      refused = (try? simulation.propose(task.change, to: leader)) == nil
    }
    if refused {
      timeline.add(.retry(task), at: simulation.now + Self.retryInterval)
      return
    }
    if task.step == .addLearner {
      var nodes = simulation.configuration(of: task.group).members
      if !nodes.contains(task.node) { nodes.append(task.node) }
      tellClients(of: task.group, nodes)
      guard task.becomesVoter else { return }
      var next = task
      next.step = .promote
      timeline.add(.retry(next), at: simulation.now + Self.retryInterval)
    }
  }

  /// Tells all clients who serves a group from now on.
  private mutating func tellClients(of group: GroupID, _ nodes: [NodeID]) {
    let plan = plan
    let sites = nodes.map { simulation.site(of: $0) }
    simulation.setServers(of: group) { site in
      plan.servers(nearest: site, among: nodes, at: { node in sites[nodes.firstIndex(of: node) ?? 0] })
    }
  }

  /// A configuration took effect for the first time anywhere.
  mutating func took(_ configuration: Configuration, of group: GroupID, removing removed: [NodeID]) {
    for node in configuration.voters {
      machines[node.slot].role = .voter
      actions.seen(.isVoter(node), at: simulation.now)
    }
    for node in configuration.learners { machines[node.slot].role = .learner }
    guard !removed.isEmpty else { return }
    tellClients(of: group, configuration.members)
    for node in removed {
      actions.seen(.isNoVoter(node), at: simulation.now)
      // It may have to tell others that it is out.
      timeline.add(.giveBack(node), at: simulation.now + grace)
    }
  }

  /// Ends the machine of a member that has left its group, and its bill.
  mutating func giveBack(_ node: NodeID) {
    guard machines[node.slot].until == nil else { return }
    machines[node.slot].until = simulation.now
    simulation.crash(node)
  }
}

/// A member's machine: what it is, for how long it is paid, and what it was last there for.
struct MemberMachine {
  var type: InstanceTypeName
  var since = Instant.zero
  /// When it was given back.
  var until: Instant?
  /// A voter, or a learner.
  var role = NodeRole.voter
}

extension MembershipTask {
  /// What is to be seen when it is done.
  var effect: ActionLog.Effect { step == .remove ? .isNoVoter(node) : .isVoter(node) }
}
