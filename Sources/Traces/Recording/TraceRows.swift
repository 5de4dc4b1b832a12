/// Rows on their way from the recorder to the files.
public struct TraceRows: Sendable {
  /// Rows of `latency.csv`.
  public var latency: [LatencyRow] = []
  /// Rows of `latency_windows.csv`.
  public var latencyWindows: [LatencyWindowRow] = []
  /// Rows of `elections.csv`.
  public var elections: [ElectionRow] = []
  /// Rows of `availability.csv`.
  public var availability: [AvailabilityRow] = []
  /// Rows of `outages.csv`.
  public var outages: [OutageRow] = []
  /// Rows of `membership.csv`.
  public var membership: [MembershipRow] = []
  /// Rows of `traffic.csv`.
  public var traffic: [TrafficRow] = []
  /// Rows of `faults.csv`.
  public var faults: [FaultRow] = []
  /// Rows of `revocations.csv`.
  public var revocations: [RevocationRow] = []
  /// Rows of `cost.csv`.
  public var cost: [CostRow] = []
  /// Rows of `epochs.csv`.
  public var epochs: [EpochRow] = []
  /// Rows of `actions.csv`.
  public var actions: [ActionRow] = []

  /// Makes an empty set.
  public init() {}

  /// Forgets all rows and keeps the memory.
  public mutating func removeAll() {
    latency.removeAll(keepingCapacity: true)
    latencyWindows.removeAll(keepingCapacity: true)
    elections.removeAll(keepingCapacity: true)
    availability.removeAll(keepingCapacity: true)
    outages.removeAll(keepingCapacity: true)
    membership.removeAll(keepingCapacity: true)
    traffic.removeAll(keepingCapacity: true)
    faults.removeAll(keepingCapacity: true)
    revocations.removeAll(keepingCapacity: true)
    cost.removeAll(keepingCapacity: true)
    epochs.removeAll(keepingCapacity: true)
    actions.removeAll(keepingCapacity: true)
  }
}
