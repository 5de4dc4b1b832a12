import Raft
import Traces
import Verification

/// How far a run has come.
public struct RunProgress: Sendable {
  /// How much of the run has passed, on its own clock.
  public var done: TimeSpan
  /// How long the run is, on its own clock.
  public var total: TimeSpan
  /// Events that took place.
  public var events: UInt64
}

/// What a run came to.
public struct RunOutcome: Sendable {
  /// Where its traces are.
  public var directory: String
  /// The figures for the table at the end.
  public var summary: Summary
  /// What the checks found.
  public var report: CheckReport
  /// The names of sites and nodes.
  public var names: NameTable
  /// Events that took place.
  public var events: UInt64
  /// Whether the run went on to its end.
  public var isComplete: Bool
  /// Faults that were due, and how many of them could be injected.
  public var faults: (due: Int, injected: Int)
}

/// The version of this program, written to manifests.
public enum Version {
  /// The version.
  public static let current = "0.1.0"
}
