import Emulation
import Raft

/// A node that takes part in an experiment, from the start or from the fault that adds it.
public struct NodePlan: Hashable, Sendable {
  /// Its number, dense from 0 in the order of ``ExperimentSpec/nodes``.
  public var id: NodeID
  /// Its name, such as `us-east-1.0`: the site and its number within the site.
  public var name: String
  /// Where it is.
  public var site: SiteID
  /// How it comes into the group.
  public var origin: Origin

  /// How a node comes into its group.
  public enum Origin: Hashable, Sendable {
    /// It is a voter from the start.
    case voter
    /// It is a learner from the start.
    case learner
    /// The fault at this place in ``ExperimentSpec/faults`` adds it.
    case added(byFault: Int)
  }
}

extension ExperimentSpec {
  /// All nodes: voters site by site, then learners, then those that faults add, numbered within each site in this order.
  public var nodes: [NodePlan] {
    var plans: [NodePlan] = []
    var counts = Array(repeating: 0, count: sites.count)
    func place(at site: String, _ origin: NodePlan.Origin) {
      guard let siteID = siteID(of: site) else { return }
      plans.append(
        NodePlan(
          id: NodeID(UInt32(plans.count)), name: "\(site).\(counts[siteID.slot])", site: siteID, origin: origin))
      counts[siteID.slot] += 1
    }
    for entry in group.voters {
      for _ in 0..<entry.count { place(at: entry.site, .voter) }
    }
    for entry in group.learners {
      for _ in 0..<entry.count { place(at: entry.site, .learner) }
    }
    for (position, timed) in faults.enumerated() {
      if case .add(let site, _) = timed.fault { place(at: site, .added(byFault: position)) }
    }
    return plans
  }

  /// The number of a site; nil when the experiment has none of that name.
  public func siteID(of name: String) -> SiteID? {
    sites.firstIndex(of: name).map { SiteID(UInt16($0)) }
  }
}
