import Raft

/// A version of the protocol: which frames there are and which fields they have.
///
/// The two ends of a connection speak the highest version that both know. Within a version bodies may grow at their
/// end, so that a new version is needed only where an old reader would misunderstand.
public struct ProtocolVersion: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// The version as a plain number.
  public var rawValue: UInt16

  /// Makes a version from a plain number.
  public init(_ rawValue: UInt16) { self.rawValue = rawValue }

  /// The newest version that this code speaks.
  public static let current = ProtocolVersion(1)
  /// All versions that this code speaks.
  public static let supported = ProtocolVersion(1)...current

  /// Orders by number.
  public static func < (left: ProtocolVersion, right: ProtocolVersion) -> Bool { left.rawValue < right.rawValue }

  /// The value as text.
  public var description: String { "\(rawValue)" }
}

/// The role that a process was started in.
public enum NodeRole: UInt8, Hashable, Sendable, CaseIterable {
  /// A member that votes.
  case voter = 1
  /// A member that receives the log and does not vote.
  case learner = 2
  /// A stateless node that passes the leader's entries on.
  case secretary = 3
  /// A stateless node that answers reads.
  case observer = 4

  /// Whether nodes of the role have a log and a place in the configuration.
  public var isMember: Bool { self == .voter || self == .learner }
}

/// Who a node is and where it stands.
public struct NodeIntroduction: Hashable, Sendable {
  /// The node.
  public var node: NodeID
  /// Which storage a member runs on, or which life of a stateless node this is.
  public var incarnation: UInt64
  /// The role that it was started in.
  public var role: NodeRole
  /// Nodes with the same number are near each other.
  public var locality: Locality
  /// The name of its site.
  public var site: String

  /// Makes an introduction.
  public init(node: NodeID, incarnation: UInt64, role: NodeRole, locality: Locality, site: String) {
    self.node = node
    self.incarnation = incarnation
    self.role = role
    self.locality = locality
    self.site = site
  }
}
