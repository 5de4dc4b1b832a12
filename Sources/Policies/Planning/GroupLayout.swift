import Emulation
import Raft

/// Where a group's members and its fleet are: what the size of a fleet depends on.
struct GroupLayout {
  /// How many voters of the group stay at each site; they can answer reads.
  var voters: [SiteID: Int] = [:]
  /// How many followers and learners of the group stay at each site; the leader ships the log to them.
  var followers: [SiteID: Int] = [:]
  /// The secretaries and observers that stay, also those that are starting, by number.
  var fleet: [NodeObservation]

  init(_ group: GroupObservation, in observation: Observation) {
    fleet = observation.nodes.filter { $0.group == group.id && $0.fleetRole != nil && !$0.isLeaving }
    for node in observation.nodes where node.group == group.id && !node.isLeaving && node.fleetRole == nil {
      if node.role == .voter { voters[node.site, default: 0] += 1 }
      if node.id != group.leader { followers[node.site, default: 0] += 1 }
    }
  }

  /// How many copies of the log leave the leader: one for every follower without a secretary, one for every secretary
  /// (paper 1.2: `F_rest + S`).
  func copies(secretaries: (SiteID) -> Int) -> Int {
    // A sum of whole numbers: the order of a dictionary does not show.
    followers.reduce(0) { sum, entry in
      let here = secretaries(entry.key)
      return sum + (here > 0 ? min(here, entry.value) : entry.value)
    }
  }

  /// The staying secretaries or observers of a site.
  func fleet(_ role: FleetRole, at site: SiteID) -> [NodeObservation] {
    fleet.filter { $0.fleetRole == role && $0.site == site }
  }
}
