import Emulation
import Experiment
import Raft
import Simulation

/// Leaders of several groups are spread over the sites: a group that had to be led from elsewhere goes back home.
extension ExperimentRun {
  /// Somebody was elected: if that is not where the group is to be led from, leadership goes back after a while.
  mutating func watchHome(of group: GroupID) {
    guard let delay = plan.spec.group.leaderHomeAfter, isAway(group), comingHome.insert(group).inserted else { return }
    timeline.add(.bringHome(group), at: simulation.now + delay)
  }

  /// Hands leadership of a group to its home, again and again until it is there or the group is gone.
  mutating func bringHome(_ group: GroupID) {
    guard let delay = plan.spec.group.leaderHomeAfter, simulation.groupIDs.contains(group), isAway(group) else {
      comingHome.remove(group)
      return
    }
    simulation.moveLeadership(of: group, to: homes[group.place])
    timeline.add(.bringHome(group), at: simulation.now + delay)
  }

  /// From now on a group is at home where somebody moved its leadership to.
  mutating func settle(_ group: GroupID, at site: SiteID) {
    if group.place < homes.count { homes[group.place] = site }
  }

  /// Whether a group is not led from its home.
  private func isAway(_ group: GroupID) -> Bool {
    guard group.place < homes.count else { return false }
    return simulation.leader(of: group).map { simulation.site(of: $0) != homes[group.place] } ?? true
  }
}
