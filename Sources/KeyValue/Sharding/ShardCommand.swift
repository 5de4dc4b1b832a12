import Raft

/// A command that moves keys between groups. Each may be committed several times and takes effect once, since its
/// routing's version tells whether it did.
public enum ShardCommand: Hashable, Sendable {
  /// The group goes from one routing to the next: from here on it refuses keys that are no longer its own and sets them
  /// aside for the groups that are to have them, and waits for keys that are to come before it serves those.
  case reroute(GroupID, from: KeyRouter, to: KeyRouter)
  /// The group takes in a part of the keys that another one handed over; the last part lets it serve them.
  case install(MovedPart)
  /// The group forgets what it set aside for the routing with a version, since others have it now.
  case release(RoutingVersion)
}

/// What a group answers to whoever moves its keys.
public enum ShardAnswer: Hashable, Sendable {
  /// The group's state is as the command wants it, by this command or an earlier one.
  case done
  /// The part does not follow on what was installed; this one is to come next.
  case expects(part: Int)
  /// A part of the keys that were set aside.
  case part(MovedPart)
  /// Nothing is set aside any more.
  case nothingLeft
  /// The command does not fit the group's routing, whose version is named when there is one.
  case refused(at: RoutingVersion?)
}

/// Where a key is to be looked for.
public enum KeyPlace: Hashable, Sendable {
  /// In this group.
  case here
  /// In another group, by this routing.
  case moved(KeyRouter)
  /// In this group, once it has come from the group that had it.
  case awaited
}
