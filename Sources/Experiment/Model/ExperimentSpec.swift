import Emulation
import Policies
import Raft
import Workload

/// An experiment: everything that a run is a function of, together with the binary.
///
/// Names are as the spec gives them; ``nodes`` and ``siteID(of:)`` map them to the numbers that the other rooms use.
public struct ExperimentSpec: Hashable, Sendable {
  /// What the experiment is called; part of the run directory's name.
  public var name = ""
  /// What all random draws derive from.
  public var seed: UInt64 = 1
  /// Where the experiment runs.
  public var world = World.simulated
  /// How long the workload runs.
  public var duration = TimeSpan.seconds(60)
  /// How long the run goes on before its operations count.
  public var warmup = TimeSpan.zero
  /// The names of the sites; a site's place in the list is its ``SiteID``.
  public var sites: [String] = []
  /// What lies between the sites.
  public var links = LinkPlan()
  /// The system that is run.
  public var system = SystemKind.raft
  /// The secretaries and observers at the start.
  public var fleet = FleetPlan()
  /// The spot markets.
  public var spot = SpotPlan()
  /// Who decides about the membership.
  public var policy = PolicyPlan()
  /// What may be spent.
  public var budget = BudgetPlan()
  /// What things cost; nil means that nothing is billed.
  public var costs: CostPlan?
  /// Whether only a part of each epoch is simulated; nil means: all of the run.
  public var sampling: Sampling?
  /// The group's members and settings.
  public var group = GroupPlan()
  /// The machine that every node runs on.
  public var resources = MachinePresets.m5Large.model
  /// What the clients do, phase after phase in the order of their starts.
  public var workload: [WorkloadPhase] = []
  /// How clients ask, wait and retry.
  public var clients = ClientSettings()
  /// What breaks and what changes, in the order of the spec.
  public var faults: [TimedFault] = []
  /// What an operation must take at most to count as good.
  public var objectives = Objectives()
  /// What is written down and checked.
  public var record = Recording()
  /// What `eraft sweep` varies; empty for a spec that is one run.
  public var sweep: [SweepAxis] = []

  /// An experiment without sites, members and load, to be filled in.
  init() {}
}

/// Where an experiment runs.
public enum World: String, Hashable, Sendable, CaseIterable {
  /// Under virtual time, in one thread.
  case simulated
  /// With real processes on this machine, whose links are emulated.
  case local
}

/// The longest that an operation may take to count towards goodput; nil means that any success counts.
public struct Objectives: Hashable, Sendable {
  /// For reads.
  public var read: TimeSpan?
  /// For everything else.
  public var write: TimeSpan?
}

/// What a run writes down and checks.
public struct Recording: Hashable, Sendable {
  /// The share of operations that get a row in `latency.csv`, in 0 ... 1.
  public var latencyRatio = 1.0
  /// Whether `history.jsonl` is written and checked for linearizability.
  public var history = true
  /// The length of the windows that counts and quantiles are given for.
  public var windows = TimeSpan.seconds(1)
  /// When the invariants are checked.
  public var checks = Checks.end

  /// When a run's invariants are checked.
  public enum Checks: String, Hashable, Sendable, CaseIterable {
    /// Not at all.
    case none
    /// Once, when the run has ended.
    case end
    /// After every simulated step: slow, and finds the step that broke something.
    case everyStep = "every-step"
  }
}
