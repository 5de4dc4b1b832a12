import Experiment
import Raft

/// What a driver is to do, and when: earliest first, in the order of the spec where times are equal.
struct Timeline {
  /// One thing to do.
  enum Action {
    /// A fault of the spec strikes.
    case strike(fault: Int)
    /// A fault that lasts is over.
    case undo(FaultInForce)
    /// A change of the membership that could not be made yet is tried again.
    case retry(MembershipTask)
    /// A node of the fleet that was sent away goes.
    case dismiss(instance: Int)
    /// A fault's notice is over.
    case interrupt(instance: Int)
    /// The process of a node of the fleet ends whose instance is gone already.
    case stop(NodeID)
    /// A member that has left its group gives its machine back.
    case giveBack(NodeID)
    /// A group that is led from elsewhere hands leadership back to its home.
    case bringHome(GroupID)
  }

  private var actions: [(at: Instant, order: Int, action: Action)] = []
  private var count = 0

  init(_ spec: ExperimentSpec) {
    let clock = RunClock(sampling: spec.sampling)
    for (place, timed) in spec.faults.enumerated() {
      for moment in timed.times(within: spec.duration) { add(.strike(fault: place), at: .zero + clock.world(moment)) }
    }
  }

  /// When the next thing is to be done.
  var next: Instant { actions.last?.at ?? .distantFuture }

  mutating func add(_ action: Action, at time: Instant) {
    let entry = (at: time, order: count, action: action)
    count += 1
    // Few actions are ever pending; the latest stands first so that the earliest is taken off the end.
    let place = actions.firstIndex { ($0.at, $0.order) < (entry.at, entry.order) } ?? actions.endIndex
    actions.insert(entry, at: place)
  }

  mutating func take(dueAt now: Instant) -> Action? {
    guard let last = actions.last, last.at <= now else { return nil }
    return actions.removeLast().action
  }
}
