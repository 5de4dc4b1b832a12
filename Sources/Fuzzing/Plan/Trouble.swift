import Raft
import Simulation

/// One thing that is done to the group at an instant of the safety phase.
///
/// Whom it meets and what else chance decides is drawn when it is carried out, from a stream of its own, so that
/// leaving one trouble out of a plan does not change what the others draw. Only how much of a torn write survives, and
/// which bit of a disk flips, come from the simulation's own stream.
public struct Trouble: Sendable, Hashable {
  /// Its number in the plan.
  public var number: Int
  /// When it begins.
  public var at: Instant
  /// How long it lasts, where that means something.
  public var span: TimeSpan
  /// What is done.
  public var kind: FaultKind
}
