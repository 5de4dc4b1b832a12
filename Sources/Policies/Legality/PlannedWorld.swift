import Emulation
import Raft

/// The observed world with the allowed actions carried out.
struct PlannedWorld {
  /// A voter of a configuration, with its pool while its instance exists.
  struct Voter {
    /// Unknown for a voter that is only just allowed.
    var id: NodeID?
    /// Nil when its instance is gone.
    var placement: Placement?
    /// Whether it runs, or will once it is started.
    var isAlive: Bool
    /// Whether its instance is about to be taken away.
    var isLeaving: Bool
  }

  /// A group's voters and what goes on with it.
  struct Group {
    var id: GroupID
    var voters: [Voter]
    var leader: NodeID?
    var isChangePending: Bool
  }

  let observation: Observation
  var groups: [Group]
  var fleet: [NodeObservation]
  /// Groups that are only just allowed; they have no numbers yet.
  var newGroups = 0
  var isGroupChangePending: Bool
  var cost: Money
  var instancesBySite: [SiteID: Int] = [:]
  var instances = 0

  init(_ observation: Observation) {
    self.observation = observation
    groups = observation.groups.map { group in
      Group(
        id: group.id,
        voters: group.voters.map { id in
          let node = observation.node(id)
          return Voter(
            id: id, placement: node?.placement, isAlive: node?.state == .running, isLeaving: node?.isLeaving ?? false)
        }, leader: group.leader, isChangePending: group.isChangePending)
    }
    fleet = observation.nodes.filter { $0.fleetRole != nil }
    isGroupChangePending = observation.isGroupChangePending
    cost = observation.standingCost
    for node in observation.nodes where !node.isLeaving {
      instancesBySite[node.site, default: 0] += 1
      instances += 1
    }
  }

  func groupIndex(_ id: GroupID) -> Int? { groups.firstIndex { $0.id == id } }

  /// Why no more instances of these pools may be booked, for voters or for the fleet; nil when they may.
  func refusalToBook(_ placements: [Placement], forVoters: Bool) -> SkipReason? {
    var total = cost
    var bySite = instancesBySite
    for placement in placements {
      guard let offer = observation.offer(for: placement) else { return .notOffered }
      if forVoters, !offer.takesVoters { return .notForVoters }
      total = total + offer.price.cost(of: observation.epochLength)
      bySite[placement.site, default: 0] += 1
      if bySite[placement.site, default: 0] > observation.limits.instancesPerSite { return .instanceLimit }
    }
    if instances + placements.count > observation.limits.instances { return .instanceLimit }
    if let cap = observation.budget.nextEpoch, total > cap { return .overBudget }
    return nil
  }

  mutating func book(_ placement: Placement) {
    guard let offer = observation.offer(for: placement) else { return }
    cost = cost + offer.price.cost(of: observation.epochLength)
    instancesBySite[placement.site, default: 0] += 1
    instances += 1
  }

  mutating func giveBack(_ id: NodeID) {
    guard let node = observation.node(id), !node.isLeaving else { return }
    cost = cost - node.price.cost(of: observation.epochLength)
    instancesBySite[node.site, default: 0] -= 1
    instances -= 1
  }

  /// One instance for every voter, on demand.
  func placementsOfNewGroup(_ instance: InstanceType) -> [Placement] {
    observation.limits.newGroupSites.map { Placement(site: $0, instance: instance, market: .onDemand) }
  }
}
