import DequeModule
import Emulation
import Raft
import Server
import Storage

/// What a machine has done since the start; windows are differences of two values.
public struct MachineCounters: Hashable, Sendable {
  /// Messages sent to members and clients.
  public var messagesOut = 0
  /// Their bytes.
  public var bytesOut = 0
  /// Messages received.
  public var messagesIn = 0
  /// Their bytes.
  public var bytesIn = 0
  /// Bytes sent to other sites.
  public var wanBytesOut = 0
  /// Bytes sent within the site.
  public var localBytesOut = 0
  /// Messages that found the queue in front of the CPU full and were lost.
  public var overflowed = 0
  /// Time the CPU was busy.
  public var cpuBusy = TimeSpan.zero
  /// Time the network interface was sending.
  public var egressBusy = TimeSpan.zero
  /// Time the disk was making writes durable.
  public var diskBusy = TimeSpan.zero

  /// Nothing done yet.
  public init() {}

  /// What was done between two moments.
  public static func - (later: MachineCounters, earlier: MachineCounters) -> MachineCounters {
    var change = later
    change.messagesOut -= earlier.messagesOut
    change.bytesOut -= earlier.bytesOut
    change.messagesIn -= earlier.messagesIn
    change.bytesIn -= earlier.bytesIn
    change.wanBytesOut -= earlier.wanBytesOut
    change.localBytesOut -= earlier.localBytesOut
    change.overflowed -= earlier.overflowed
    change.cpuBusy = later.cpuBusy - earlier.cpuBusy
    change.egressBusy = later.egressBusy - earlier.egressBusy
    change.diskBusy = later.diskBusy - earlier.diskBusy
    return change
  }
}

/// Whether a machine runs.
public enum MachineStatus: Hashable, Sendable {
  /// It works.
  case running
  /// It stands still; what arrives waits.
  case paused
  /// It crashed and can be started again.
  case down
  /// It stopped for good: its server or its disk reported a fault, see ``Simulation/failure(_:)``.
  case failed
}

/// A machine in a slot: a server, and the queues in front of its CPU, network interface and disk.
struct Machine: Sendable {
  let id: NodeID
  /// The group of a member, or the group that a machine of the fleet serves.
  let group: GroupID
  let site: SiteID
  let endpoint: EndpointID
  let times: ServiceTimes
  let model: MachineModel
  /// Whose storage the machine's disk is to be, and with which configuration it was set up.
  let identity: StorageIdentity
  let bootstrap: Configuration
  /// What runs on the machine; it belongs to the machine, which is never copied while it is in use.
  var process: ServerProcess
  /// What the machine does for the fleet; nil for a member's.
  var fleetRole: FleetRole?
  /// Whether a machine of the fleet knows that it is to go.
  var isLeaving = false
  var disk: SimulatedDisk
  var status = MachineStatus.running
  /// Why the machine failed.
  var failure: MachineFailure?
  /// Counts starts and crashes: what was meant for an earlier incarnation is dropped.
  var incarnation: UInt32 = 1

  /// What arrived and waits for the CPU.
  var inbox = Deque<Arrival>()
  /// Whether the end of a turn is in the event queue, for when, and how much of the inbox the turn takes in.
  var isTurnScheduled = false
  var turnEnd = Instant.zero
  var turnSize = 0
  /// The last write that is durable, and the last one that the server was told of.
  var durable = WriteSequence(0)
  var reported = WriteSequence(0)
  /// Snapshots that are durable and the server is to be told of.
  var saved: ContiguousArray<SnapshotSave> = []
  /// Whether a durable write failed and the server is to be told so.
  var hasWriteFailure = false
  /// Whether the machine has reached the point at which it is to crash.
  var isDoomed = false
  /// Until when CPU and network interface are taken.
  var cpuFree = Instant.zero
  var egressFree = Instant.zero
  /// When the last of what waits in the event queue for its turn at the network interface leaves.
  var lastHeld = Instant(nanoseconds: -1)
  /// For when the timer event is that counts; an earlier one that replaced another leaves that one behind.
  var timerArmed = Instant.distantFuture
  var counters = MachineCounters()
  var clock = LocalClock()

  /// Something that arrived and waits for the CPU.
  enum Arrival: Sendable {
    case message(Envelope, bytes: UInt32)
    case request(ClientRequest, from: UInt32, bytes: UInt32)
    indirect case order(ShardRequest, bytes: UInt32)

    var bytes: Int {
      switch self {
      case .message(_, let bytes), .request(_, _, let bytes), .order(_, let bytes): Int(bytes)
      }
    }
  }

  init(
    identity: StorageIdentity, group: GroupID, site: SiteID, endpoint: EndpointID, model: MachineModel,
    process: ServerProcess, bootstrap: Configuration
  ) {
    id = identity.node
    self.group = group
    self.identity = identity
    self.bootstrap = bootstrap
    self.site = site
    self.endpoint = endpoint
    self.model = model
    times = ServiceTimes(model)
    self.process = process
    disk = SimulatedDisk(DurableState(bootstrap: bootstrap), identity: identity)
  }

  /// A machine of the fleet, whose disk stays empty.
  init(
    id: NodeID, site: SiteID, endpoint: EndpointID, model: MachineModel, process: ServerProcess, role: FleetRole
  ) {
    self.init(
      identity: StorageIdentity(cluster: ClusterID(high: 0, low: 0), node: id, incarnation: 0), group: .first,
      site: site, endpoint: endpoint,
      model: model, process: process, bootstrap: Configuration(voters: []))
    fleetRole = role
  }

  var isUp: Bool { status == .running || status == .paused }

  /// Whether the server is to be told of something that the disk did.
  @inline(__always)
  var hasDiskNews: Bool { durable > reported || !saved.isEmpty || hasWriteFailure }

  /// Whether something waits for the CPU.
  var hasWork: Bool { !inbox.isEmpty || hasDiskNews }
}
