import Raft

/// Who answered a client: a member in some part, or a node of the fleet.
public enum Responder: Hashable, Sendable {
  /// A member of the group.
  case member(Role)
  /// A secretary, which turns clients away.
  case secretary
  /// An observer.
  case observer

  /// The leader.
  public static var leader: Responder { .member(.leader) }
  /// A follower.
  public static var follower: Responder { .member(.follower) }
}
