import Raft

/// A node's answer to an administrator.
public struct AdminReply: Hashable, Sendable {
  /// The number of the request answered.
  public var id: UInt64
  /// The answer.
  public var answer: AdminAnswer

  /// Makes an answer.
  public init(id: UInt64, answer: AdminAnswer) {
    self.id = id
    self.answer = answer
  }
}

/// What a node answers to an administrator.
public enum AdminAnswer: Hashable, Sendable {
  /// The order was carried out, or has begun to be.
  case done
  /// How the node stands.
  indirect case status(NodeStatus)
  /// The change stands at this place in the leader's log; it is in force once that is committed and applied.
  case proposed(LogPosition)
  /// The order was not carried out and left no trace.
  case refused(AdminRefusal)
}

/// Why an order was not carried out.
public enum AdminRefusal: Error, Hashable, Sendable {
  /// The change of the configuration was not taken.
  case configuration(ConfigurationRefusal)
  /// Leadership was not transferred.
  case transfer(TransferRefusal)
  /// The node's role knows no such order.
  case notInRole(NodeRole)
  /// The node has no such group.
  case noSuchGroup(GroupID)
  /// The node is doing it already, or too much else.
  case busy
  /// The node's settings do not allow the order, or what it says makes no sense; the text tells what.
  case notAllowed(String)
}
