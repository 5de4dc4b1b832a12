import Cloud
import Emulation
import Experiment
import Raft
import Wire

/// A node of a run of real processes.
struct LocalNode {
  /// How its process is.
  enum Status {
    /// It was never started.
    case absent
    /// It starts.
    case starting
    /// It works.
    case running
    /// It stands still.
    case paused
    /// It crashed and may start again.
    case down
    /// It has left for good.
    case gone
  }

  let id: NodeID
  let name: String
  let site: SiteID
  let role: Wire.NodeRole
  let address: NetworkAddress
  var status = Status.absent
  var child: LocalChild?
  /// Whether its directory was set up: a member that lost it must not come back.
  var wasCreated = false
  /// How often its process was started.
  var lives: UInt64 = 0
  /// Its machine, which is paid for while the process is down, too.
  var machine: MemberMachine

  /// Whether its process is there, at work or not.
  var isUp: Bool { status == .running || status == .paused }
}
