import Cloud
import Emulation
import Experiment
import Policies
import Raft
import Simulation
import Traces

/// Does what a policy asked for and may have.
extension ExperimentRun {
  /// What became of an action when it was tried.
  enum Attempt {
    /// It is carried out, or with whom it was asked of.
    case done
    /// It goes on, and this will be seen when it is done.
    case begun(ActionLog.Effect)
    /// It could not be, and why.
    case refused(String)
  }

  /// Begins an action.
  mutating func carryOut(_ proposal: ProposedAction) -> Attempt {
    switch proposal.action {
    case .hire(let role, _, let at): return hire(role, at, proposal.reason)
    case .dismiss(let node):
      if let post = StartingPost.place(node) {
        withdraw(post)
      } else {
        dismiss(node, by: epochs!.name, proposal.reason)
      }
      return .done
    case .addVoter(let group, let at):
      let type = InstanceTypeName(at.instance.name)
      guard let node = addMember(to: group, on: type, at: at.site) else { return .refused("no machine could be added") }
      return begin(
        MembershipTask(
          node: node, group: group, step: .addLearner, becomesVoter: true, deadline: simulation.now + Self.patience))
    case .removeVoter(let node):
      return begin(
        MembershipTask(
          node: node, group: simulation.group(of: node), step: .remove, becomesVoter: false,
          deadline: simulation.now + Self.patience))
    case .transferLeadership(let group, let node): return transfer(group, to: node)
    case .addGroup(let type): return addGroup(on: InstanceTypeName(type.name), because: proposal.reason)
    case .removeGroup(let group):
      guard let site = simulation.leader(of: group).map({ simulation.site(of: $0) }) else {
        return .refused("nobody leads")
      }
      let begins = (try? simulation.scaleIn(group, from: site)) == true
      return begins ? .begun(.isRemoved(group)) : .refused(SkipReason.changePending.rawValue)
    }
  }

  private mutating func hire(_ role: Policies.FleetRole, _ at: Placement, _ reason: String) -> Attempt {
    do {
      try fleet.request(
        role == .secretary ? .secretary : .observer, on: InstanceTypeName(at.instance.name), at: at.site,
        Purchase(at.market), by: epochs!.name, reason)
      advanceMarkets()
      return .done
    } catch { return .refused("\(error)") }
  }

  private mutating func begin(_ task: MembershipTask) -> Attempt {
    attempt(task)
    return .begun(task.effect)
  }

  private mutating func transfer(_ group: GroupID, to node: NodeID) -> Attempt {
    guard let leader = simulation.leader(of: group) else { return .refused("nobody leads") }
    do throws(TransferRefusal) {
      try simulation.transferLeadership(from: leader, to: node)
      settle(group, at: simulation.site(of: node))
      // A leader gives up a transfer within an election timeout, and the new one needs another at most.
      let patience = plan.spec.group.raft.electionTimeout.upperBound * 2
      return .begun(.leads(node, by: simulation.now + patience))
    } catch { return .refused("\(error)") }
  }

  /// Adds a group with as many voters as the first one has, and where that has them, on machines of their own.
  private mutating func addGroup(on type: InstanceTypeName, because reason: String) -> Attempt {
    let home = plan.homes[memberships.count % plan.homes.count]
    guard let group = try? simulation.scaleOut(plan.groupNodes(on: type), ledFrom: home) else {
      return .refused(SkipReason.changePending.rawValue)
    }
    traces.recorder.groupBegan(group.place, at: simulation.now)
    homes.append(home)
    for node in simulation.members(of: group) {
      machines.append(MemberMachine(type: type, since: simulation.now))
      traces.recorder.names.addNext(node, in: simulation)
    }
    memberships.append(
      MembershipWatch(simulation.configuration(of: group), group: group.place, decidedBy: epochs!.name))
    memberships[group.place].reportAdded(at: simulation.now, reason: reason, into: traces)
    return .begun(.hasKeys(group))
  }
}
