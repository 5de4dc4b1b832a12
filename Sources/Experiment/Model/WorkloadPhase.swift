import Raft
import Workload

/// A phase of the workload and the sites whose clients take part in it.
public struct WorkloadPhase: Hashable, Sendable {
  /// The names of the sites.
  public var sites: [String]
  /// What the clients do.
  public var load: LoadPhase

  /// Makes a phase.
  public init(sites: [String], load: LoadPhase) {
    self.sites = sites
    self.load = load
  }
}
