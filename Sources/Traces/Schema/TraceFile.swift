/// The files of a run directory that hold traces.
public enum TraceFile: String, Hashable, Sendable, CaseIterable {
  /// Client operations.
  case latency = "latency.csv"
  /// Latency percentiles per window.
  case latencyWindows = "latency_windows.csv"
  /// Won elections.
  case elections = "elections.csv"
  /// Outcomes per window of intended start.
  case availability = "availability.csv"
  /// Intervals without success.
  case outages = "outages.csv"
  /// Changes of voters and fleet.
  case membership = "membership.csv"
  /// Messages, bytes and busy times per window and node.
  case traffic = "traffic.csv"
  /// Faults and what became of them.
  case faults = "faults.csv"
  /// Spot instances that providers took back.
  case revocations = "revocations.csv"
  /// The bill.
  case cost = "cost.csv"
  /// Epochs of policies and markets.
  case epochs = "epochs.csv"
  /// What policies asked for.
  case actions = "actions.csv"
  /// The history of invocations and responses.
  case history = "history.jsonl"

  /// The file's name in the run directory.
  public var name: String { rawValue }

  /// The schema; none for the history, whose lines are JSON objects.
  public var schema: TraceSchema? {
    switch self {
    case .latency: LatencyRow.schema
    case .latencyWindows: LatencyWindowRow.schema
    case .elections: ElectionRow.schema
    case .availability: AvailabilityRow.schema
    case .outages: OutageRow.schema
    case .membership: MembershipRow.schema
    case .traffic: TrafficRow.schema
    case .faults: FaultRow.schema
    case .revocations: RevocationRow.schema
    case .cost: CostRow.schema
    case .epochs: EpochRow.schema
    case .actions: ActionRow.schema
    case .history: nil
    }
  }
}
