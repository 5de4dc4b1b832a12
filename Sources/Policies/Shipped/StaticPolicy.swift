import Raft

/// `static`: a fixed fleet, kept up. What is revoked is replaced, at the latest in the epoch after it is gone.
///
/// Lost voters are replaced too: a voter whose instance is gone gets a successor in the same pool (when that has nothing
/// on offer, in the cheapest of the site, if possible in the same market), and is removed from the group once that has
/// joined. A voter that is only down is left alone: its disk is still there.
public struct StaticPolicy: MembershipPolicy {
  /// A number of like secretaries or observers.
  public struct Post: Hashable, Sendable {
    /// What they are.
    public var role: FleetRole
    /// Their group.
    public var group: GroupID
    /// Where they are.
    public var placement: Placement
    /// How many.
    public var count: Int

    /// Makes a post.
    public init(role: FleetRole, group: GroupID = GroupID(0), placement: Placement, count: Int) {
      self.role = role
      self.group = group
      self.placement = placement
      self.count = count
    }
  }

  /// What may be set.
  public struct Settings: Hashable, Sendable {
    /// The fleet to keep up; by default there is none. Nodes that belong to no post are left alone.
    public var fleet: [Post]
    /// Whether lost voters are replaced; by default they are.
    public var replacesVoters: Bool

    /// Makes settings.
    public init(fleet: [Post] = [], replacesVoters: Bool = true) {
      self.fleet = fleet
      self.replacesVoters = replacesVoters
    }
  }

  /// The settings.
  public let settings: Settings
  /// Where voters were when they were last seen: a lost one cannot be asked any more.
  private var lastSeen: [NodeID: Placement] = [:]

  /// Makes the policy.
  public init(_ settings: Settings = Settings()) { self.settings = settings }

  /// Dismisses and hires until every post has its number, and mends groups that have lost a voter.
  public mutating func decide(_ observation: Observation) -> [ProposedAction] {
    var actions: [ProposedAction] = []
    for post in settings.fleet { actions += fill(post, observation) }
    guard settings.replacesVoters else { return actions }
    for node in observation.nodes where node.role == .voter { lastSeen[node.id] = node.placement }
    for group in observation.groups { actions += mend(group, observation) }
    return actions
  }

  private func fill(_ post: Post, _ observation: Observation) -> [ProposedAction] {
    let present = observation.nodes.filter {
      $0.fleetRole == post.role && $0.group == post.group && $0.placement == post.placement && !$0.isLeaving
    }
    if present.count > post.count {
      return present.dropFirst(post.count).map {
        ProposedAction(.dismiss($0.id), because: "\(present.count) of \(post.count) \(post.role.rawValue) posts filled")
      }
    }
    return (present.count..<post.count).map { _ in
      ProposedAction(
        .hire(post.role, group: post.group, at: post.placement),
        because: "\(present.count) of \(post.count) \(post.role.rawValue) posts filled")
    }
  }

  private func mend(_ group: GroupObservation, _ observation: Observation) -> [ProposedAction] {
    guard let lost = group.voters.sorted().first(where: { observation.node($0) == nil }) else { return [] }
    if group.voters.count > observation.limits.votersPerGroup {
      return [ProposedAction(.removeVoter(lost), because: "its instance is gone and its successor has joined")]
    }
    guard let place = lastSeen[lost],
      let offer = observation.offer(for: place) ?? observation.cheapestOffer(at: place.site, in: place.market)
        ?? observation.cheapestOffer(at: place.site)
    else { return [] }
    return [
      ProposedAction(.addVoter(group: group.id, at: offer.placement), because: "voter \(lost) has lost its instance")
    ]
  }
}
