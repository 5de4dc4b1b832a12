import Raft
import Traces

/// What policies asked for, and what is still awaited of it.
struct ActionLog {
  /// What is seen when an action that takes time is done.
  enum Effect: Hashable {
    /// A node votes.
    case isVoter(NodeID)
    /// A node is out of its group.
    case isNoVoter(NodeID)
    /// A node leads; when it does so later, that is for another reason.
    case leads(NodeID, by: Instant = .distantFuture)
    /// A group has its share of the keys.
    case hasKeys(GroupID)
    /// A group is gone.
    case isRemoved(GroupID)
  }

  /// In the order in which it was asked for; what has not been seen to be done is of unknown outcome.
  private(set) var rows: [ActionRow] = []
  private var awaited: [(row: Int, effect: Effect)] = []

  /// Adds an action; with an effect it is of unknown outcome until that is seen.
  mutating func add(_ row: ActionRow, awaiting effect: Effect?) {
    if let effect { awaited.append((rows.count, effect)) }
    rows.append(row)
  }

  /// An effect was seen, whoever asked for it.
  mutating func seen(_ effect: Effect, at time: Instant) {
    for entry in take(where: { Self.isMet($0, by: effect, at: time) }) { rows[entry].outcome = .done }
  }

  /// An effect will not come about.
  mutating func failed(_ effect: Effect, _ why: String) {
    for entry in take(where: { $0 == effect }) {
      rows[entry].outcome = .skipped
      rows[entry].refusal = why
    }
  }

  private mutating func take(where isMeant: (Effect) -> Bool) -> [Int] {
    let taken = awaited.filter { isMeant($0.effect) }.map(\.row)
    if !taken.isEmpty { awaited.removeAll { isMeant($0.effect) } }
    return taken
  }

  private static func isMet(_ effect: Effect, by other: Effect, at time: Instant) -> Bool {
    if case .leads(let node, let limit) = effect, case .leads(node, _) = other { return time <= limit }
    return effect == other
  }
}
