import Raft
import Server

/// How a node stands in one group.
public struct NodeStatus: Hashable, Sendable {
  /// Who it is.
  public var node: NodeIntroduction
  /// The part that it plays now.
  public var part: Responder
  /// Its term, or the newest that a stateless node has heard of.
  public var term: Term
  /// The leader of that term as far as the node knows.
  public var leader: NodeID?
  /// The first entry that its log still has.
  public var firstIndex: LogIndex
  /// The last entry of its log, or what a stateless node holds.
  public var lastIndex: LogIndex
  /// Its commit index.
  public var commitIndex: LogIndex
  /// The last entry that its state contains.
  public var appliedIndex: LogIndex
  /// The last entry that its newest snapshot covers; zero when there is none.
  public var snapshotIndex: LogIndex
  /// The configuration in force at the node; nil for nodes that have none.
  public var configuration: Configuration?
  /// What a leader knows of the members, in order of their numbers.
  public var members: [Member]
  /// The fleet that works for a leader, in order of numbers.
  public var fleet: [FleetNode]
  /// Whether the node is about to leave.
  public var isRetiring: Bool
  /// Why the node stopped for good; nil when it did not.
  public var fault: String?

  /// A member as its leader knows it.
  public struct Member: Hashable, Sendable {
    /// The member.
    public var node: NodeID
    /// The last entry known to be durable there.
    public var match: LogIndex
    /// The next entry to send.
    public var next: LogIndex
    /// Whether it was heard from within an election timeout.
    public var isActive: Bool

    /// Makes a line.
    public init(node: NodeID, match: LogIndex, next: LogIndex, isActive: Bool) {
      self.node = node
      self.match = match
      self.next = next
      self.isActive = isActive
    }
  }

  /// A secretary, or an observer that takes its feed from the node.
  public struct FleetNode: Hashable, Sendable {
    /// The node.
    public var node: NodeID
    /// Secretary or observer.
    public var role: NodeRole
    /// How many followers or observers it serves.
    public var serves: UInt16
    /// Whether it is about to leave.
    public var isRetiring: Bool

    /// Makes a line.
    public init(node: NodeID, role: NodeRole, serves: UInt16, isRetiring: Bool) {
      self.node = node
      self.role = role
      self.serves = serves
      self.isRetiring = isRetiring
    }
  }

  /// Makes a status of a node that has nothing yet; the rest is set field by field.
  public init(node: NodeIntroduction, part: Responder) {
    self.node = node
    self.part = part
    term = .zero
    leader = nil
    firstIndex = .zero
    lastIndex = .zero
    commitIndex = .zero
    appliedIndex = .zero
    snapshotIndex = .zero
    configuration = nil
    members = []
    fleet = []
    isRetiring = false
    fault = nil
  }
}
