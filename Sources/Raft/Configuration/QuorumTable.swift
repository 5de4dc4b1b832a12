/// What a configuration decides, by the algebra that the core itself decides with: for tools and tests that hold
/// quorums against those of other implementations.
///
/// Voters are named by any numbers. A number in both halves is one voter; one that a half names twice counts once.
/// As in etcd's raft, a half without voters agrees with everything, and what is not a voter is not asked for.
public struct QuorumTable: Sendable {
  /// How a vote stands (Raft thesis, 3.4; 4.3 for a joint configuration).
  public enum Vote: String, Hashable, Sendable, CaseIterable {
    /// A quorum granted its votes.
    case won
    /// No quorum can grant its votes any more.
    case lost
    /// Both may still happen.
    case pending
  }

  /// The most voters that a table may have in both halves together.
  public static let largestCount = NodeID.largest.slot + 1

  private let names: [UInt64]
  private let quorum: Quorum

  /// Makes the table of a configuration; a joint one has an outgoing half. Nil when there are more voters than
  /// ``largestCount``.
  public init?(incoming: [UInt64], outgoing: [UInt64] = []) {
    let names = Set(incoming).union(outgoing).sorted()
    guard names.count <= QuorumTable.largestCount else { return nil }
    var nodes: [UInt64: NodeID] = [:]
    for (slot, name) in names.enumerated() { nodes[name] = NodeID(UInt32(slot)) }
    var configuration = Configuration(voters: incoming.compactMap { nodes[$0] })
    configuration.outgoing = Configuration(voters: outgoing.compactMap { nodes[$0] }).voters
    self.names = names
    quorum = Quorum(configuration)
  }

  /// The largest index that a quorum acknowledged, given what each voter did; nothing counts as index zero. Nil when
  /// there are no voters, so that every index is committed.
  public func committed(acknowledged index: (UInt64) -> LogIndex?) -> LogIndex? {
    guard !names.isEmpty else { return nil }
    var quorum = quorum
    return LogIndex(quorum.reached { (index(names[$0]) ?? .zero).rawValue })
  }

  /// How a vote stands, given what each voter answered: whether it granted its vote, or nil for no answer yet.
  public func vote(granted answer: (UInt64) -> Bool?) -> Vote {
    let outcome = quorum.outcome { slot in
      switch answer(names[slot]) {
      case true?: .granted
      case false?: .refused
      case nil: .missing
      }
    }
    switch outcome {
    case .won: return .won
    case .lost: return .lost
    case .pending: return .pending
    }
  }
}
