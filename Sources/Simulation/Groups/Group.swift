import Emulation
import Raft
import Verification

/// One Raft group of a simulation: who belongs to it, who leads it, and what is checked of it as a whole.
struct Group: Sendable {
  /// Its members' machines, those that left or failed included, in order of their numbers.
  var members: ContiguousArray<NodeID> = []
  var tracker = LeadershipTracker()
  var checker = InvariantChecker()
  /// Whether the group was removed, and all its machines with it.
  var isRemoved = false
}

extension GroupID {
  /// The group's place among those that there ever were.
  var slot: Int { Int(rawValue) }
}
