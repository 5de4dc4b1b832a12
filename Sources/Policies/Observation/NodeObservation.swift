import Emulation
import Raft

/// The stateless roles that come and go.
public enum FleetRole: String, Hashable, Sendable, CaseIterable {
  /// Takes log replication off the leader.
  case secretary
  /// Takes reads off the voters.
  case observer
}

/// One node on one instance, as it was in the last epoch.
public struct NodeObservation: Hashable, Sendable {
  /// What a node is there for.
  public enum Role: String, Hashable, Sendable, CaseIterable {
    /// Votes, leads and follows.
    case voter
    /// Receives the log and does not vote.
    case learner
    /// A secretary of the fleet.
    case secretary
    /// An observer of the fleet.
    case observer
  }

  /// How far a node is.
  public enum State: String, Hashable, Sendable, CaseIterable {
    /// Its instance is booked and does not serve yet.
    case starting
    /// It serves.
    case running
    /// Its process is down; its instance and its disk are still there.
    case down
  }

  /// The node.
  public var id: NodeID
  /// Its group.
  public var group: GroupID
  /// What it is there for.
  public var role: Role
  /// How far it is.
  public var state: State
  /// Where its instance comes from.
  public var placement: Placement
  /// What its instance costs now.
  public var price: HourlyPrice
  /// The share of the epoch in which its CPU was busy, in 0 ... 1.
  public var cpuBusyRatio: Double
  /// The share of the epoch in which its network card was sending, in 0 ... 1.
  public var egressBusyRatio: Double
  /// Bytes sent per second.
  public var egressBytesPerSecond: Double
  /// Reads it answered per second.
  public var readsPerSecond: Double
  /// How long its instance has been booked.
  public var age: TimeSpan
  /// When its instance will be taken away, when that has been announced.
  public var revokedAt: Instant?

  /// Makes an observation of a node that has done nothing yet.
  public init(
    id: NodeID, group: GroupID, role: Role, state: State, placement: Placement, price: HourlyPrice,
    age: TimeSpan = .zero
  ) {
    self.id = id
    self.group = group
    self.role = role
    self.state = state
    self.placement = placement
    self.price = price
    self.age = age
    cpuBusyRatio = 0
    egressBusyRatio = 0
    egressBytesPerSecond = 0
    readsPerSecond = 0
    revokedAt = nil
  }

  /// Where it is.
  public var site: SiteID { placement.site }
  /// Whether it has been announced that its instance will be taken away.
  public var isLeaving: Bool { revokedAt != nil }
  /// The busier of its CPU and its network card, in 0 ... 1.
  public var busyRatio: Double { max(cpuBusyRatio, egressBusyRatio) }
  /// Its role in the fleet; nil for a member of the group.
  public var fleetRole: FleetRole? {
    switch role {
    case .voter, .learner: nil
    case .secretary: .secretary
    case .observer: .observer
    }
  }
}

/// One Raft group's configuration.
public struct GroupObservation: Hashable, Sendable {
  /// The group.
  public var id: GroupID
  /// The voters of its configuration, also those whose instances are gone.
  public var voters: [NodeID]
  /// Its leader, when one is known.
  public var leader: NodeID?
  /// Whether a change of its configuration or a transfer of its leadership is under way.
  public var isChangePending: Bool

  /// Makes an observation.
  public init(id: GroupID, voters: [NodeID], leader: NodeID?, isChangePending: Bool = false) {
    self.id = id
    self.voters = voters
    self.leader = leader
    self.isChangePending = isChangePending
  }
}
