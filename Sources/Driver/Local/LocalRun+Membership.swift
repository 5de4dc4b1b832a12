import Cloud
import Emulation
import Experiment
import Raft
import Runtime
import Simulation
import Traces
import Wire
import Workload

/// Changes of a real group that a spec asks for: proposed to the leader, again and again until they are taken.
extension LocalRun {
  func transfer(to target: Target, _ fault: Fault) {
    guard let leader else { return note(fault, "\(target)", nil, .skipped, "nobody leads") }
    let voters = resolve(target, where: { $0.status == .running && $0.id != leader && configuration.isVoter($0.id) })
    guard let node = voters.first else { return note(fault, "\(target)", nil, .skipped, "no voter to hand over to") }
    ask(.transferLeadership(to: node), of: leader.slot) { run, answer in
      switch answer {
      case .success(.done):
        run.faults.counts.injected += 1
        run.note(fault, "\(target)", run.name([node]), .injected, "from \(run.name([leader]))")
      case .success(.refused(let refusal)): run.note(fault, "\(target)", run.name([node]), .failed, "\(refusal)")
      case .success(.status), .success(.proposed): break
      case .failure(let error): run.note(fault, "\(target)", run.name([node]), .failed, "\(error)")
      }
    }
  }

  func add(_ site: String, _ membership: Fault.Membership, _ fault: Fault, _ place: Int) {
    guard let planned = plan.nodes.first(where: { $0.origin == .added(byFault: place) }),
      nodes[planned.id.slot].status == .absent
    else { return note(fault, site, nil, .failed, "no machine could be added") }
    do {
      nodes[planned.id.slot].machine.since = now
      try start(planned.id)
    } catch {
      return note(fault, site, nil, .failed, "\(error)")
    }
    faults.counts.injected += 1
    note(fault, site, name([planned.id]), .injected, "as \(membership.rawValue)")
    attempt(
      MembershipTask(
        node: planned.id, group: .first, step: .addLearner, becomesVoter: membership == .voter,
        deadline: now + ExperimentRun.patience))
  }

  /// Removes or promotes the nodes that a target stands for.
  func enroll(_ target: Target, _ fault: Fault, _ step: MembershipTask.Step) {
    let targets = resolve(
      target,
      where: { step == .promote ? configuration.isLearner($0.id) : configuration.members.contains($0.id) })
    guard !targets.isEmpty else { return note(fault, "\(target)", nil, .skipped, "nothing to do it to") }
    faults.counts.injected += 1
    for node in targets {
      note(fault, "\(target)", name([node]), .injected, nil)
      attempt(
        MembershipTask(
          node: node, group: .first, step: step, becomesVoter: false, deadline: now + ExperimentRun.patience))
    }
  }

  /// Proposes a change; whatever stands in its way now, it is tried again until it is taken or time is up.
  func attempt(_ task: MembershipTask) {
    guard now < task.deadline else { return }
    // A new node listens first, so that the leader finds it.
    guard let leader, nodes[task.node.slot].status != .starting else { return retry(task) }
    ask(.change(task.change), of: leader.slot) { run, answer in
      guard case .success(.proposed) = answer else { return run.retry(task) }
      guard task.step == .addLearner, task.becomesVoter else { return }
      var next = task
      next.step = .promote
      run.retry(next)
    }
  }

  private func retry(_ task: MembershipTask) { timeline.add(.retry(task), at: now + ExperimentRun.retryInterval) }

  /// A configuration took effect for the first time anywhere.
  func took(_ new: Configuration, at index: LogIndex) {
    let before = configuration
    (configuration, configurationIndex) = (new, index)
    for node in new.voters { nodes[node.slot].machine.role = .voter }
    let removed = before.members.filter { !new.members.contains($0) }
    for load in loads {
      let servers = plan.servers(nearest: load.site, among: new.members, at: { self.nodes[$0.slot].site })
      load.child.send("servers \(servers.map { "\($0.rawValue)" }.joined(separator: " "))")
    }
    for node in removed {
      // It may have to tell others that it is out.
      timeline.add(.giveBack(node), at: now + grace)
    }
  }

  /// How long a node that is to go works on, so that others can take over.
  var grace: TimeSpan { plan.spec.group.raft.heartbeatInterval * 3 }

  /// Ends the machine of a member that has left its group, and its bill.
  func giveBack(_ node: NodeID) {
    guard nodes[node.slot].machine.until == nil else { return }
    nodes[node.slot].machine.until = now
    crash(node)
    nodes[node.slot].status = .gone
  }
}
