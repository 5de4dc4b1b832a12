import Emulation
import Raft
import Server
import Simulation
import Workload

/// Everything that one seed decides: the group, its links, machines, settings and clients, and what is done to it.
///
/// A plan is a value, so that a failing one can be made smaller: troubles can be left out and noise switched off
/// without a change to the rest.
public struct FuzzPlan: Sendable {
  /// The seed that the plan was drawn from.
  public let seed: UInt64
  /// The group's first members and how they behave.
  public var setup: SimulationSetup
  /// Machines that belong to no configuration at first.
  public var spares: [SimulationSetup.Node]
  /// Secretaries and observers that work from the start; what is hired later is drawn from them, too.
  public var fleet: [Hand]
  /// The clients of each site.
  public var clients: [SitePlan]
  /// What is done, in order of time.
  public var troubles: [Trouble]
  /// When faults stop.
  public var calm: Instant
  /// The most by which a clock's rate is off, in parts per million.
  public var clockError: Int64

  /// A machine of the fleet.
  public struct Hand: Sendable {
    /// Where it is.
    public var site: SiteID
    /// What it does.
    public var role: FleetRole
  }

  /// What the clients of one site do.
  public struct SitePlan: Sendable {
    /// The site.
    public var site: SiteID
    /// Which server is nearest to them, counted from the first and around.
    public var nearest: Int
    /// Their one phase.
    public var phase: LoadPhase
    /// How they ask, wait and retry.
    public var settings: ClientSettings
  }

  /// The age that a bounded read may show by true time: clocks of servers may be slow.
  var longestBoundedAge: TimeSpan {
    let age = setup.server.boundedAge
    return age + age * (clockError + 1) / (1_000_000 - clockError) + .nanoseconds(2)
  }

  /// The bound on recovery: within so many longest election timeouts after the faults stopped, a connected majority has
  /// elected a leader and applied a write that began after that; every member is brought up to date by then, or no more
  /// than that bound after the slowest one last moved.
  ///
  /// Votes split by chance, time and again where timeouts are narrow and links slow: with 60, one plan in a million did
  /// not make it.
  public static let recoveryTimeouts: Int64 = 150

  /// How long the group may take to recover, and how long a member that lags may go without progress after that.
  public var patience: TimeSpan { setup.raft.electionTimeout.upperBound * FuzzPlan.recoveryTimeouts }

  /// When the group must have recovered at the latest.
  public var deadline: Instant { calm + patience }
}
