import KeyValue
import Raft

/// What whoever moves keys between groups asks of a group's leader; it is answered with ``ClientReply``.
public struct ShardRequest: Hashable, Sendable {
  /// Who asks; no client of the store has this name.
  public var mover: ClientID
  /// Numbers the mover's requests; a retry has a new number.
  public var sequence: SequenceNumber
  /// What is asked.
  public var order: Order

  /// What can be asked.
  public enum Order: Hashable, Sendable {
    /// Commits a command and answers what it did.
    case commit(ShardCommand)
    /// Shows a part of what the group set aside for another one.
    case collect(part: Int, for: GroupID, by: RoutingVersion)
  }

  /// Makes a request.
  public init(mover: ClientID, sequence: SequenceNumber, order: Order) {
    self.mover = mover
    self.sequence = sequence
    self.order = order
  }
}
