import Raft

/// A property that a run broke.
public struct FuzzFailure: Sendable, Hashable {
  /// Which property; the name of an invariant, or of a check at the end.
  public var property: String
  /// What was seen, a line of text each.
  public var details: [String]
  /// When it was seen, in virtual time.
  public var at: Instant
}

extension FuzzFailure {
  /// The checks beside the invariants, by the names that failures bear.
  enum Check {
    static let linearizability = "linearizability"
    static let durability = "durability of acknowledged writes"
    static let digests = "equal replicas"
    static let liveness = "liveness after the faults"
    static let catchingUp = "members catch up after the faults"
    static let nodeFault = "no node stops without a fault of its disk"
    static let recovery = "a sound disk is recovered from"
    static let damage = "damage is refused"
    static let identity = "a wiped node does not return"
    static let vacuity = "faults fire"
  }
}
