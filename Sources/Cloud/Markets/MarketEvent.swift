import Raft

/// Something that happened to an instance.
public struct MarketEvent: Hashable, Sendable {
  /// When.
  public let at: Instant
  /// To which instance.
  public let instance: InstanceID
  /// What.
  public let kind: Kind

  /// What happened.
  public enum Kind: Hashable, Sendable {
    /// The instance exists and its bill begins.
    case launched
    /// It has booted: a node can work on it.
    case ready
    /// The pool had none to give; the request is over.
    case refused(RefusalReason)
    /// The provider says that it may take the instance back soon.
    case rebalance
    /// The provider says that it will take the instance back at `kill`.
    case notice(kill: Instant, RevocationCause)
    /// The provider has taken the instance back.
    case killed(RevocationCause)
  }
}

/// Why an instance was taken back.
public enum RevocationCause: String, Hashable, Sendable, CaseIterable {
  /// Its lifetime, drawn at its launch, was over.
  case lifetime
  /// The market's price rose above the bid.
  case price
  /// The replayed trace says so.
  case trace
  /// A shock that concerned it alone.
  case instanceShock = "instance-shock"
  /// A shock to its pool.
  case poolShock = "pool-shock"
  /// A shock to its region.
  case regionShock = "region-shock"
}
