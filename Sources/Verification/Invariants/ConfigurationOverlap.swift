import Raft

/// Any majority of a configuration meets any majority of the next one.
///
/// Raft thesis, sections 4.1 and 4.3: one voter more or less, or the way through a joint configuration; traps 36 and 38.
/// What follows from a breach, two leaders that need not know of each other, takes a rare schedule to show; this shows at
/// once.
public enum ConfigurationOverlap {
  /// Looks at two configurations of which a node applied the second right after the first.
  public static func check(
    _ node: NodeID, from old: Configuration, to new: Configuration
  ) -> InvariantViolation? {
    // A node that is to join knows no configuration at first.
    guard !old.voters.isEmpty, !overlap(old, new) else { return nil }
    return InvariantViolation(
      .configurationOverlap, nodes: [node],
      "\(node) went from voters \(words(old)) to \(words(new)), whose majorities need not meet")
  }

  private static func overlap(_ old: Configuration, _ new: Configuration) -> Bool {
    switch (old.isJoint, new.isJoint) {
    case (false, true): new.outgoing == old.voters
    case (true, false): new.voters == old.voters
    case (false, false): Set(old.voters).symmetricDifference(new.voters).count <= 1
    case (true, true): old.voters == new.voters && old.outgoing == new.outgoing
    }
  }

  private static func words(_ configuration: Configuration) -> String {
    configuration.isJoint ? "\(configuration.voters) and \(configuration.outgoing)" : "\(configuration.voters)"
  }
}
