import KeyValue
import Raft
import Server
import Verification
import Workload

/// Something that happened to a node, and when.
public struct NodeHappening: Sendable {
  /// When, in virtual time.
  public var at: Instant
  /// To whom.
  public var node: NodeID
  /// What.
  public var event: Event
}

/// How a group lost the leader that worked, or got one.
public enum LeadershipChange: Hashable, Sendable {
  /// The leader stopped working.
  case lost(NodeID, cause: LeaderLoss, at: Instant)
  /// The leader that was lost works again.
  case resumed(NodeID, at: Instant)
  /// A node won an election.
  case elected(NodeID, term: Term, at: Instant)
}

/// Why a leader stopped working.
public enum LeaderLoss: Hashable, Sendable {
  case crash, pause, partition, stepDown, transfer, removal
}

/// A command that a server applied, and which server.
public struct AppliedObservation: Sendable {
  /// The server.
  public var node: NodeID
  /// The command.
  public var command: AppliedCommand
}

/// An invariant that a simulated step broke.
public struct InvariantBreach: Hashable, Sendable, CustomStringConvertible {
  /// Which invariant.
  public var property: String
  /// What was seen, in words.
  public var text: String
  /// When, in virtual time.
  public var at: Instant

  init(property: String, text: String, at: Instant) {
    self.property = property
    self.text = text
    self.at = at
  }

  init(_ violation: InvariantViolation, at now: Instant) {
    self.init(property: violation.invariant.rawValue, text: violation.explanation, at: now)
  }

  /// The breach in words.
  public var description: String { "\(property) violated at \(at): \(text)" }
}

/// A change of the groups that was carried through: the keys are where the new routing has them.
public struct Regrouping: Hashable, Sendable {
  /// Which group came or went.
  public enum Change: Hashable, Sendable {
    case added(GroupID)
    case removed(GroupID)
  }

  /// Which group came or went.
  public var change: Change
  /// The routing that is in force from then on.
  public var router: KeyRouter
  /// When the move of keys began.
  public var began: Instant
  /// When the last key was where it belongs.
  public var ended: Instant
  /// What was carried.
  public var progress: KeyMover.Progress
}

/// What a simulation has seen since its owner last took it.
public struct Observations: Sendable {
  /// Operations that ended, in order.
  public var records: ContiguousArray<OperationRecord> = []
  /// What happened to nodes, in order.
  public var happenings: ContiguousArray<NodeHappening> = []
  /// Losses and wins of leadership, in order.
  public var leadership: ContiguousArray<LeadershipChange> = []
  /// Changes of the groups that were carried through, in order.
  public var regroupings: ContiguousArray<Regrouping> = []
  /// Applied commands, when servers report them.
  public var applied: ContiguousArray<AppliedObservation> = []

  /// Nothing seen.
  public init() {}

  /// Forgets everything and keeps the buffers.
  public mutating func removeAll() {
    records.removeAll(keepingCapacity: true)
    happenings.removeAll(keepingCapacity: true)
    leadership.removeAll(keepingCapacity: true)
    regroupings.removeAll(keepingCapacity: true)
    applied.removeAll(keepingCapacity: true)
  }
}
