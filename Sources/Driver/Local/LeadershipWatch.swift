import Emulation
import Raft
import Simulation

/// Follows who leads a group of real processes, by what nodes report and what the driver does to them, in the order of
/// time: the same judgement as the simulation's, from outside.
struct LeadershipWatch {
  private var tracker = LeadershipTracker()
  private var roles: [Role] = []
  private var terms: [Term] = []
  private var isRunning: [Bool] = []
  private var configuration: Configuration
  private var configurationIndex = LogIndex.zero
  private var network: Network
  /// The first two leaders seen of one term; nil while there are none.
  private(set) var twoLeaders: (term: Term, first: NodeID, second: NodeID)?
  private var leaders: [Term: NodeID] = [:]

  init(_ configuration: Configuration, network: Network, nodes: Int) {
    self.configuration = configuration
    self.network = network
    roles = Array(repeating: .follower, count: nodes)
    terms = Array(repeating: .zero, count: nodes)
    isRunning = Array(repeating: false, count: nodes)
  }

  /// A node's role changed.
  mutating func role(_ role: Role, of node: NodeID, term: Term, at now: Instant) -> [LeadershipChange] {
    guard node.slot < roles.count else { return [] }
    (roles[node.slot], terms[node.slot]) = (role, term)
    if role == .leader {
      if let other = leaders[term], other != node { twoLeaders = twoLeaders ?? (term, other, node) }
      leaders[term] = node
      return tracker.elected(node, term, at: now)
    }
    let cause = configuration.isVoter(node) ? tracker.causeOfStepDown(in: term) : LeaderLoss.removal
    return one(tracker.lost(node, cause: cause, at: now))
  }

  /// A node campaigns.
  mutating func campaign(_ campaign: Campaign, term: Term) {
    if campaign == .transfer { tracker.campaignsAsTold(in: term) }
  }

  /// A configuration took effect at a node.
  mutating func took(_ new: Configuration, at index: LogIndex) {
    guard index > configurationIndex else { return }
    (configuration, configurationIndex) = (new, index)
  }

  /// A node's process started, stopped, or stands still.
  mutating func set(_ node: NodeID, running: Bool, cause: LeaderLoss, at now: Instant) -> [LeadershipChange] {
    guard node.slot < roles.count else { return [] }
    isRunning[node.slot] = running
    if cause == .crash {
      roles[node.slot] = .follower
      let lost = one(tracker.lost(node, cause: .crash, at: now))
      return lost + review(after: cause, at: now)
    }
    if !running { return one(tracker.lost(node, cause: cause, at: now)) + review(after: cause, at: now) }
    return review(after: cause, at: now)
  }

  /// The network is another.
  mutating func set(_ network: Network, at now: Instant) -> [LeadershipChange] {
    self.network = network
    return review(after: .partition, at: now)
  }

  /// Looks anew whether the leader reaches a quorum.
  private mutating func review(after cause: LeaderLoss, at now: Instant) -> [LeadershipChange] {
    guard let leader = tracker.leader, isRunning[leader.slot], roles[leader.slot] == .leader,
      terms[leader.slot] == tracker.term
    else { return [] }
    return one(
      reachesQuorum(leader)
        ? tracker.resumed(leader, at: now) : tracker.lost(leader, cause: cause, at: now))
  }

  private func reachesQuorum(_ node: NodeID) -> Bool {
    func end(_ node: NodeID) -> EndpointID { EndpointID(node.rawValue) }
    func reached(_ voters: [NodeID]) -> Bool {
      let count = voters.count { voter in
        voter == node
          || (voter.slot < isRunning.count && isRunning[voter.slot]
            && !network.isBlocked(from: end(node), to: end(voter))
            && !network.isBlocked(from: end(voter), to: end(node)))
      }
      return count >= voters.count / 2 + 1
    }
    return reached(configuration.voters) && (configuration.outgoing.isEmpty || reached(configuration.outgoing))
  }

  private func one(_ change: LeadershipChange?) -> [LeadershipChange] { change.map { [$0] } ?? [] }
}
