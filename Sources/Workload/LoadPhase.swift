import Raft
import Server

/// One phase of a workload: what clients do from one moment to the next phase.
public struct LoadPhase: Hashable, Sendable {
  /// When the phase begins, since the start of the run.
  public var start: TimeSpan
  /// The mix of operations.
  public var mix: OperationMix
  /// When operations begin.
  public var arrival: Arrival
  /// How keys are chosen.
  public var keys: KeyDistribution
  /// How many keys exist at the start.
  public var keyCount: Int
  /// How long values are.
  public var value: ValueSize
  /// How fresh reads must be.
  public var consistency: ReadConsistency

  /// Makes a phase.
  public init(
    start: TimeSpan, mix: OperationMix, arrival: Arrival, keys: KeyDistribution, keyCount: Int, value: ValueSize,
    consistency: ReadConsistency
  ) {
    self.start = start
    self.mix = mix
    self.arrival = arrival
    self.keys = keys
    self.keyCount = keyCount
    self.value = value
    self.consistency = consistency
  }
}
