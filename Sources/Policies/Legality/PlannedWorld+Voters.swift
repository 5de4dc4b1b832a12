import Raft

extension PlannedWorld {
  func refusalToAddVoter(to id: GroupID, at placement: Placement) -> SkipReason? {
    guard let index = groupIndex(id) else { return .noSuchGroup }
    let group = groups[index]
    if group.isChangePending { return .changePending }
    if !Self.hasLivingQuorum(group.voters) { return .noQuorum }
    if group.voters.count >= observation.limits.mostVotersPerGroup { return .aboveMostVoters }
    if let reason = refusalToBook([placement], forVoters: true) { return reason }
    func concentrates(at place: Placement) -> Bool {
      Self.isConcentrated(group.voters + [Voter(id: nil, placement: place, isAlive: true, isLeaving: false)])
    }
    guard concentrates(at: placement) else { return nil }
    let another = observation.offers.contains { offer in
      refusalToBook([offer.placement], forVoters: true) == nil && !concentrates(at: offer.placement)
    }
    return another ? .quorumInOneFaultDomain : nil
  }

  func refusalToRemoveVoter(_ id: NodeID) -> SkipReason? {
    guard let group = groups.first(where: { $0.voters.contains { $0.id == id } }),
      let voter = group.voters.first(where: { $0.id == id })
    else { return observation.node(id) == nil ? .noSuchNode : .notAVoter }
    if group.isChangePending { return .changePending }
    if group.voters.count <= max(1, observation.limits.votersPerGroup) { return .belowWishedVoters }
    let rest = group.voters.filter { $0.id != id }
    if !Self.hasLivingQuorum(group.voters) || !Self.hasLivingQuorum(rest) { return .noQuorum }
    guard voter.placement != nil, Self.isConcentrated(rest) else { return nil }
    let another = group.voters.contains { other in !Self.isConcentrated(group.voters.filter { $0.id != other.id }) }
    return another || !Self.isConcentrated(group.voters) ? .quorumInOneFaultDomain : nil
  }

  /// Whether more than half of the voters are alive.
  static func hasLivingQuorum(_ voters: [Voter]) -> Bool { voters.filter(\.isAlive).count >= majority(of: voters) }

  /// Whether one pool holds a majority of the voters; a single voter cannot be spread and does not count.
  static func isConcentrated(_ voters: [Voter]) -> Bool {
    guard voters.count > 1 else { return false }
    var count: [Placement: Int] = [:]
    for voter in voters {
      guard let placement = voter.placement else { continue }
      count[placement, default: 0] += 1
      if count[placement, default: 0] >= majority(of: voters) { return true }
    }
    return false
  }

  private static func majority(of voters: [Voter]) -> Int { voters.count / 2 + 1 }
}
