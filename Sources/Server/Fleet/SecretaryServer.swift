import Raft

/// A secretary as a host runs it: the same inputs and effects as ``Server``, without clients and without a disk.
public struct SecretaryServer: Sendable {
  /// The secretary.
  public internal(set) var node: SecretaryNode
  /// What the host is to do; messages only.
  public var effects = ServerEffects()
  /// When ``advance(to:)`` is to be called next.
  public private(set) var nextDeadline: Instant

  /// Starts a secretary that knows whom it may ask for the leader.
  public init(id: NodeID, incarnation: Incarnation, settings: SecretarySettings, contacts: [NodeID], now: Instant) {
    node = SecretaryNode(id: id, incarnation: incarnation, settings: settings, contacts: contacts, now: now)
    nextDeadline = node.nextDeadline
  }

  #if Mutants
    /// Plays a known-bad variant from now on; for checking the checkers only.
    package mutating func play(_ mutant: Mutant) { node.play(mutant) }
  #endif

  /// Takes a message.
  public mutating func receive(_ envelope: Envelope, at now: Instant) { node.receive(envelope, at: now) }

  /// Tells the secretary that time has passed ``nextDeadline``.
  public mutating func advance(to now: Instant) { node.advance(to: now) }

  /// Replaces the members that the secretary may ask for the leader.
  public mutating func setContacts(_ nodes: [NodeID]) { node.setContacts(nodes) }

  /// Makes the secretary leave.
  public mutating func retire(at now: Instant) { node.retire(at: now) }

  /// Turns a client away: a secretary holds no state to answer from.
  public mutating func receive(_ request: ClientRequest, from address: ClientAddress) {
    effects.replies.append(
      AddressedReply(
        to: address,
        reply: ClientReply(
          client: request.client, sequence: request.sequence, outcome: .redirect(to: node.leader), role: .secretary)))
  }

  /// Ends a turn: what came is passed on.
  public mutating func endTurn(at now: Instant) {
    node.endTurn(at: now)
    if effects.messages.isEmpty {
      swap(&effects.messages, &node.messages)
    } else {
      effects.messages.append(contentsOf: node.messages)
      node.messages.removeAll(keepingCapacity: true)
    }
    nextDeadline = node.nextDeadline
  }
}
