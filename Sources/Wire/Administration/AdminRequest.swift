import Raft

/// What an administrator asks of a node; it concerns the group that the frame names.
public struct AdminRequest: Hashable, Sendable {
  /// Numbers the requests of a connection; the answer repeats it.
  public var id: UInt64
  /// What is asked.
  public var order: AdminOrder

  /// Makes a request.
  public init(id: UInt64, order: AdminOrder) {
    self.id = id
    self.order = order
  }
}

/// What an administrator can ask.
public enum AdminOrder: Hashable, Sendable {
  /// Tells how the node stands: answered with ``AdminAnswer/status(_:)``.
  case status
  /// Proposes a change of the configuration to the leader: answered with ``AdminAnswer/proposed(_:)``.
  case change(ConfigurationChange)
  /// Hands leadership to a voter; answered at once, while the transfer is under way.
  case transferLeadership(to: NodeID)
  /// Campaigns now, unless a leader is known.
  case campaign
  /// Takes a snapshot now.
  case takeSnapshot
  /// Tells the node how to reach others, and replaces what it knew of those: the way in which a new member, or a hired
  /// node of the fleet, becomes known to a running one.
  case introduce([PeerAddress])
  /// Dismisses a node of the fleet: it retires, hands its work over and stops.
  case retire
  /// Tells the node that its machine is about to be taken away.
  case interrupt(InterruptionNotice)
  /// Sets the model of the link to a peer, which the node applies to all that it sends there; for testbeds.
  case setLink(LinkUpdate)
  /// Stops the node in good order.
  case stop
}

/// A node and how to reach it.
public struct PeerAddress: Hashable, Sendable {
  /// Who it is.
  public var node: NodeIntroduction
  /// The host's name or address.
  public var host: String
  /// The TCP port for peers.
  public var port: UInt16

  /// Makes an address.
  public init(node: NodeIntroduction, host: String, port: UInt16) {
    self.node = node
    self.host = host
    self.port = port
  }
}

/// The warning before a machine is taken away.
public struct InterruptionNotice: Hashable, Sendable {
  /// What becomes of the machine.
  public var action: Action
  /// How long the machine still has.
  public var timeLeft: TimeSpan

  /// What becomes of a machine.
  public enum Action: UInt8, Hashable, Sendable, CaseIterable {
    /// It ends for good, and its disk with it.
    case terminate = 1
    /// It is stopped and may come back with its disk.
    case stop = 2
    /// It is suspended to its disk and may come back as it was.
    case hibernate = 3
  }

  /// Makes a notice.
  public init(action: Action, timeLeft: TimeSpan) {
    self.action = action
    self.timeLeft = timeLeft
  }
}
