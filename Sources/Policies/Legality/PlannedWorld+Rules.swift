import Raft

extension PlannedWorld {
  /// Why an action may not happen now; nil when it may.
  func refusal(of action: Action) -> SkipReason? {
    switch action {
    case .hire(let role, let group, let placement):
      if !observation.limits.fleetRoles.contains(role) { return .notInThisSystem }
      if groupIndex(group) == nil { return .noSuchGroup }
      return refusalToBook([placement], forVoters: false)
    case .dismiss(let id):
      if fleet.contains(where: { $0.id == id }) { return nil }
      let isMember = groups.contains { $0.voters.contains { $0.id == id } } || observation.node(id)?.role == .learner
      return isMember ? .notInFleet : .noSuchNode
    case .addVoter(let group, let placement): return refusalToAddVoter(to: group, at: placement)
    case .removeVoter(let id): return refusalToRemoveVoter(id)
    case .transferLeadership(let group, let id): return refusalToTransfer(group, to: id)
    case .addGroup(let instance):
      if observation.system != .multiRaft { return .notInThisSystem }
      if isGroupChangePending { return .changePending }
      if groups.count + newGroups >= observation.limits.groups { return .groupLimit }
      return refusalToBook(placementsOfNewGroup(instance), forVoters: true)
    case .removeGroup(let id):
      if observation.system != .multiRaft { return .notInThisSystem }
      guard let index = groupIndex(id) else { return .noSuchGroup }
      if isGroupChangePending || groups[index].isChangePending { return .changePending }
      return groups.count + newGroups <= 1 ? .groupLimit : nil
    }
  }

  private func refusalToTransfer(_ id: GroupID, to target: NodeID) -> SkipReason? {
    guard let index = groupIndex(id) else { return .noSuchGroup }
    let group = groups[index]
    guard let voter = group.voters.first(where: { $0.id == target }) else {
      return observation.node(target) == nil ? .noSuchNode : .notAVoter
    }
    if group.isChangePending { return .changePending }
    guard let leader = group.leader else { return .noLeader }
    if leader == target { return .alreadyLeader }
    return voter.isAlive && !voter.isLeaving ? nil : .notReady
  }

  /// Carries out an action that may happen.
  mutating func apply(_ action: Action) {
    switch action {
    case .hire(_, _, let placement): book(placement)
    case .dismiss(let id):
      fleet.removeAll { $0.id == id }
      giveBack(id)
    case .addVoter(let id, let placement):
      book(placement)
      guard let index = groupIndex(id) else { return }
      groups[index].voters.append(Voter(id: nil, placement: placement, isAlive: true, isLeaving: false))
      groups[index].isChangePending = true
    case .removeVoter(let id):
      guard let index = groups.firstIndex(where: { $0.voters.contains { $0.id == id } }) else { return }
      groups[index].voters.removeAll { $0.id == id }
      groups[index].isChangePending = true
      giveBack(id)
    case .transferLeadership(let id, let target):
      guard let index = groupIndex(id) else { return }
      groups[index].leader = target
      groups[index].isChangePending = true
    case .addGroup(let instance):
      for placement in placementsOfNewGroup(instance) { book(placement) }
      newGroups += 1
      isGroupChangePending = true
    case .removeGroup(let id):
      // Its instances stay until its keys have moved, so neither money nor room is free yet.
      groups.removeAll { $0.id == id }
      fleet.removeAll { $0.group == id }
      isGroupChangePending = true
    }
  }
}
