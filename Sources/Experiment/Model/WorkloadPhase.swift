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

/// How long clients wait and how they try again.
public struct ClientPatience: Hashable, Sendable {
  /// How long a client waits for an answer before it asks another server.
  public var timeout = TimeSpan.seconds(2)
  /// How long after its intended start an operation is given up.
  public var deadline = TimeSpan.seconds(10)
  /// The wait before the second attempt; it doubles with every further one.
  public var backoff = TimeSpan.milliseconds(10)
  /// The longest wait between two attempts.
  public var maximumBackoff = TimeSpan.seconds(1)
}
