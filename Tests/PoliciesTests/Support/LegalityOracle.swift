import Policies
import Raft

/// What the legality layer should say, told the other way round: carry the action out on a plain roster, then look
/// whether the roster that results is one that may be.
struct LegalityOracle {
  struct Roster: Hashable {
    struct Member: Hashable {
      var id: NodeID?
      var placement: Placement?
      var isAlive: Bool
    }
    var members: [Member]
    var instances: [Placement]
    var cost: Int64
  }

  let observation: Observation

  /// The one group's voters, and all staying instances.
  var before: Roster {
    let staying = observation.nodes.filter { $0.revokedAt == nil }
    return Roster(
      members: observation.groups[0].voters.map { id in
        let node = observation.nodes.first { $0.id == id }
        return Roster.Member(id: id, placement: node?.placement, isAlive: node?.state == .running)
      }, instances: staying.map(\.placement), cost: staying.reduce(0) { $0 + $1.price.microUSDPerHour })
  }

  /// The roster after an action; nil when the action means nothing.
  func after(_ action: Action) -> Roster? {
    var roster = before
    func leave(_ id: NodeID) {
      guard let node = observation.nodes.first(where: { $0.id == id }), node.revokedAt == nil else { return }
      roster.instances.remove(at: roster.instances.firstIndex(of: node.placement)!)
      roster.cost -= node.price.microUSDPerHour
    }
    func enter(_ placement: Placement) -> Bool {
      guard let offer = observation.offers.first(where: { $0.placement == placement }) else { return false }
      roster.instances.append(placement)
      roster.cost += offer.price.microUSDPerHour
      return true
    }
    switch action {
    case .hire(_, let group, let placement):
      guard group == GroupID(0), enter(placement) else { return nil }
    case .dismiss(let id):
      guard let node = observation.nodes.first(where: { $0.id == id }), [.secretary, .observer].contains(node.role)
      else { return nil }
      leave(id)
    case .addVoter(let group, let placement):
      guard group == GroupID(0), enter(placement) else { return nil }
      roster.members.append(.init(id: nil, placement: placement, isAlive: true))
    case .removeVoter(let id):
      guard let place = roster.members.firstIndex(where: { $0.id == id }) else { return nil }
      roster.members.remove(at: place)
      leave(id)
    case .transferLeadership(let group, let id):
      guard group == GroupID(0), roster.members.contains(where: { $0.id == id && $0.isAlive }),
        observation.groups[0].leader != nil, observation.groups[0].leader != id,
        observation.nodes.contains(where: { $0.id == id && $0.revokedAt == nil })
      else { return nil }
    case .addGroup, .removeGroup: return nil
    }
    return roster
  }

  func isConcentrated(_ roster: Roster) -> Bool {
    roster.members.count > 1
      && roster.members.contains { member in
        member.placement != nil
          && roster.members.filter { $0.placement == member.placement }.count * 2 > roster.members.count
      }
  }

  func hasQuorum(_ roster: Roster) -> Bool { roster.members.filter(\.isAlive).count * 2 > roster.members.count }

  /// Whether new instances are within the limits.
  func fits(_ roster: Roster) -> Bool {
    let limits = observation.limits
    guard roster.instances.count > before.instances.count else { return true }
    let added = roster.instances.last!
    let cap = observation.budget.nextEpoch?.microUSD ?? .max
    return roster.instances.count <= limits.instances && roster.cost <= cap
      && roster.instances.filter { $0.site == added.site }.count <= limits.instancesPerSite
  }

  /// Whether one action may happen now.
  func allows(_ action: Action) -> Bool {
    guard let after = after(action), fits(after) else { return false }
    let limits = observation.limits
    switch action {
    case .hire(let role, _, _): return limits.fleetRoles.contains(role)
    case .dismiss: return true
    case .transferLeadership: return !observation.groups[0].isChangePending
    case .addGroup, .removeGroup: return false
    case .addVoter, .removeVoter: break
    }
    guard !observation.groups[0].isChangePending, hasQuorum(before), hasQuorum(after) else { return false }
    guard isConcentrated(after) else { return isAllowedSize(after, action) }
    var others: [Roster] = []
    switch action {
    case .addVoter:
      others = observation.offers.compactMap { self.after(.addVoter(group: GroupID(0), at: $0.placement)) }.filter(fits)
    case .removeVoter(let id):
      if !observation.nodes.contains(where: { $0.id == id }) { return isAllowedSize(after, action) }
      others = observation.groups[0].voters.compactMap { self.after(.removeVoter($0)) } + [before]
    default: break
    }
    return others.allSatisfy(isConcentrated) && isAllowedSize(after, action)
  }

  private func isAllowedSize(_ roster: Roster, _ action: Action) -> Bool {
    if case .addVoter = action { return roster.members.count <= observation.limits.mostVotersPerGroup }
    return roster.members.count >= observation.limits.votersPerGroup && !roster.members.isEmpty
  }
}
