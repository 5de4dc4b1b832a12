/// The kinds of trouble that a plan is made of.
public enum FaultKind: String, Hashable, Sendable, CaseIterable {
  /// A machine loses power and what its disk had not made durable.
  case crash
  /// A machine loses power at a chosen moment of its next durable write.
  case crashAtWrite = "crash-at-write"
  /// A durable write fails: the node stops for good.
  case failWrite = "fail-write"
  /// Something on a disk is damaged: the next start is refused.
  case corrupt
  /// A disk loses everything: the node must not return, and is replaced by a new one.
  case wipe
  /// A machine stands still.
  case pause
  /// A machine's clock runs fast or slow.
  case skewClock = "skew-clock"
  /// Durable writes take longer.
  case slowDisk = "slow-disk"
  /// Durable writes stand still.
  case stallDisk = "stall-disk"
  /// The nodes fall into groups that do not hear each other.
  case split
  /// One node hears nobody and is heard by nobody.
  case isolate
  /// Some nodes are not heard by others, which they hear.
  case oneWay = "one-way"
  /// Two groups do not hear each other; one node hears both.
  case bridge
  /// Sites are cut off from each other, clients included.
  case cutSites = "cut-sites"
  /// The leader stands still, is cut off from the other nodes meanwhile, and goes on behind the cut.
  case strandLeader = "strand-leader"
  /// The leader hands over and hears the other nodes no more from then on, while they and clients hear it.
  case deafenAfterTransfer = "deafen-after-transfer"
  /// Links lose and delay messages.
  case disturbLinks = "disturb-links"
  /// A change of the configuration, direct or joint.
  case change
  /// Leadership is handed over.
  case transfer
  /// A secretary or an observer begins to work.
  case hire
  /// A machine of the fleet is revoked without a word.
  case revoke
  /// A machine of the fleet is told that it will be revoked, and then is.
  case revokeWithNotice = "revoke-with-notice"
  /// A machine of the fleet stands still, and goes on with what it had.
  case pauseFleet = "pause-fleet"
  /// A machine of the fleet loses its links to some members, or to all.
  case cutOffFleet = "cut-off-fleet"

  /// Whether the kind concerns secretaries and observers, which only profiles with a fleet have.
  var concernsFleet: Bool {
    switch self {
    case .hire, .revoke, .revokeWithNotice, .pauseFleet, .cutOffFleet: true
    default: false
    }
  }

  /// Whether the trouble only arms a fault of a disk, which counts when it fires.
  var armsDisk: Bool { self == .crashAtWrite || self == .failWrite }

  /// Whether there is always something that the kind can be done to, at least once.
  var isAlwaysPossible: Bool {
    switch self {
    case .crash, .pause, .skewClock, .slowDisk, .stallDisk, .isolate, .disturbLinks: true
    default: false
    }
  }
}
