import KeyValue
import Raft
import Server

/// What is left to do of a move, step by step.
struct MoveSteps: Sendable {
  /// A request to one group.
  enum Step: Hashable, Sendable {
    /// Tells a group of the new routing.
    case reroute(GroupID)
    /// Fetches a part of what a group set aside for another one.
    case collect(from: GroupID, to: GroupID, part: Int)
    /// Brings a part to the group that is to have it.
    case install(MovedPart)
    /// Lets a group forget what it set aside.
    case release(GroupID, RoutingVersion)

    /// The group that is asked.
    var group: GroupID {
      switch self {
      case .reroute(let group), .collect(let group, _, _), .release(let group, _): group
      case .install(let part): part.to
      }
    }

    func order(_ old: KeyRouter, _ new: KeyRouter) -> ShardRequest.Order {
      switch self {
      case .reroute(let group): .commit(.reroute(group, from: old, to: new))
      case .collect(_, let target, let part): .collect(part: part, for: target, by: new.version)
      case .install(let part): .commit(.install(part))
      case .release(_, let version): .commit(.release(version))
      }
    }
  }

  /// In reverse order.
  private var left: [Step]

  /// The step at hand; nil when all is done.
  var current: Step? { left.last }

  /// The steps to a routing with one group more or less.
  init(from old: KeyRouter, to new: KeyRouter) {
    let added = new.groups.filter { !old.groups.contains($0) }
    let removed = old.groups.filter { !new.groups.contains($0) }
    precondition(added.count + removed.count == 1, "one group is added or removed at a time")
    // All keys that move go to the group that is added, or come from the one that is removed.
    let (gaining, losing) = added.isEmpty ? (new.groups, removed) : (added, old.groups)
    // Whoever gets keys has to know of it before anybody refuses them: else it might serve what has not come yet.
    var steps = gaining.map { Step.reroute($0) }
    for group in losing {
      steps.append(.reroute(group))
      steps += gaining.map { .collect(from: group, to: $0, part: 0) }
      steps.append(.release(group, new.version))
    }
    left = steps.reversed()
  }

  /// Takes the answer to the step at hand; false when the same is to be asked again.
  mutating func take(_ answer: ShardAnswer) -> Bool {
    guard let step = left.last else { return true }
    switch (step, answer) {
    case (.reroute, .done), (.release, .done), (.collect, .nothingLeft):
      left.removeLast()
    case (.collect, .part(let part)):
      left[left.count - 1] = .install(part)
    case (.install(let part), .done):
      left.removeLast()
      if !part.isLast { left.append(.collect(from: part.from, to: part.to, part: part.number + 1)) }
    case (.install(let part), .expects(let number)):
      left[left.count - 1] = .collect(from: part.from, to: part.to, part: number)
    default:
      return false
    }
    return true
  }
}
