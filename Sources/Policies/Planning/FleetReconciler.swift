import Raft

/// Turns a wished fleet into actions: books what is missing at once, and lets go of what is not wished any more only
/// after it has been so for a number of epochs in a row, unless its money is needed.
struct FleetReconciler: Hashable, Sendable {
  /// Epochs in a row in which a node must not be wished before it is dismissed.
  var patience: Int
  private var unwished: [NodeID: Int] = [:]

  init(patience: Int) { self.patience = patience }

  /// The actions, dismissals first, so that they free money and room for what follows.
  mutating func reconcile(
    _ units: [PlannedUnit], of group: GroupID, layout: GroupLayout, cap: Money?, epochLength: TimeSpan,
    because reason: (PlannedUnit) -> String
  ) -> [ProposedAction] {
    var wished = Set<NodeID>()
    for unit in units { if case .keep(let id) = unit.source { wished.insert(id) } }
    // Dear ones first: they are the first to go when money is short.
    let surplus = layout.fleet.filter { !wished.contains($0.id) }
      .sorted { $0.price != $1.price ? $0.price > $1.price : $0.id > $1.id }
    var streaks: [NodeID: Int] = [:]
    var held = surplus.reduce(units.reduce(Money.zero) { $0 + $1.cost }) { $0 + $1.price.cost(of: epochLength) }
    var actions: [ProposedAction] = []
    for node in surplus {
      let streak = unwished[node.id, default: 0] + 1
      let isTooDear = cap.map { held > $0 } ?? false
      if streak >= patience || isTooDear {
        held = held - node.price.cost(of: epochLength)
        let why = streak >= patience ? "not needed for \(streak) epochs" : "its money is needed elsewhere"
        actions.append(ProposedAction(.dismiss(node.id), because: why))
      } else {
        streaks[node.id] = streak
      }
    }
    unwished = streaks
    for unit in units {
      guard case .hire(let placement) = unit.source else { continue }
      actions.append(ProposedAction(.hire(unit.role, group: group, at: placement), because: reason(unit)))
    }
    return actions
  }
}
