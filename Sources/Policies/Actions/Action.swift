import Raft

/// One step that a policy may ask for.
public enum Action: Hashable, Sendable {
  /// Book an instance and start a secretary or an observer of a group on it.
  case hire(FleetRole, group: GroupID, at: Placement)
  /// Retire a secretary or an observer and give its instance back.
  case dismiss(NodeID)
  /// Book an instance and make its node a voter of a group once it has caught up.
  case addVoter(group: GroupID, at: Placement)
  /// Remove a voter from its group and give its instance back.
  case removeVoter(NodeID)
  /// Hand a group's leadership to one of its voters.
  case transferLeadership(group: GroupID, to: NodeID)
  /// Add a group, its voters on on-demand instances of this type where ``Limits/newGroupSites`` says, and give it its
  /// share of the keys.
  case addGroup(InstanceType)
  /// Move a group's keys to the others and remove it.
  case removeGroup(GroupID)

  /// The kinds of action.
  public enum Kind: String, Hashable, Sendable, CaseIterable {
    /// ``Action/hire(_:group:at:)``
    case hire
    /// ``Action/dismiss(_:)``
    case dismiss
    /// ``Action/addVoter(group:at:)``
    case addVoter = "add-voter"
    /// ``Action/removeVoter(_:)``
    case removeVoter = "remove-voter"
    /// ``Action/transferLeadership(group:to:)``
    case transferLeadership = "transfer-leadership"
    /// ``Action/addGroup(_:)``
    case addGroup = "add-group"
    /// ``Action/removeGroup(_:)``
    case removeGroup = "remove-group"
  }

  /// Which kind it is.
  public var kind: Kind {
    switch self {
    case .hire: .hire
    case .dismiss: .dismiss
    case .addVoter: .addVoter
    case .removeVoter: .removeVoter
    case .transferLeadership: .transferLeadership
    case .addGroup: .addGroup
    case .removeGroup: .removeGroup
    }
  }
}

/// An action and why it is wanted.
public struct ProposedAction: Hashable, Sendable {
  /// The longest reason, in bytes of UTF-8, that is accepted from outside.
  public static let longestReason = 200

  /// What to do.
  public var action: Action
  /// Why, in words for the `reason` column of `actions.csv`.
  public var reason: String

  /// Makes a proposal.
  public init(_ action: Action, because reason: String) {
    self.action = action
    self.reason = reason
  }
}
