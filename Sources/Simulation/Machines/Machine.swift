import Emulation
import Raft
import Server

/// What waits for a machine's CPU.
enum Work: Sendable {
  case message(Envelope)
  case request(ClientRequest, ClientAddress)
  case timer
  case durable(WriteSequence)
  case saved(SnapshotSave)

  /// The bytes that the CPU looks at.
  var bytes: Int {
    switch self {
    case .message(let envelope): MessageSizes.bytes(envelope.message)
    case .request(let request, _): MessageSizes.bytes(request)
    case .timer, .durable, .saved: 0
    }
  }

  /// Whether it came over the network.
  var isTraffic: Bool {
    switch self {
    case .message, .request: true
    case .timer, .durable, .saved: false
    }
  }
}

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
  /// Time the CPU was busy.
  public var cpuBusy = TimeSpan.zero
  /// Time the network interface was sending.
  public var egressBusy = TimeSpan.zero
  /// Time the disk was making writes durable.
  public var diskBusy = TimeSpan.zero

  /// Nothing done yet.
  public init() {}
}

/// Whether a machine runs.
public enum MachineStatus: Hashable, Sendable {
  /// It works.
  case running
  /// It stands still; what arrives waits.
  case paused
  /// It crashed and can be started again.
  case down
  /// It stopped for good: its server or its disk reported a fault.
  case failed
}

/// A machine in a slot: a server, and the queues in front of its CPU, network interface and disk.
struct Machine: Sendable {
  let id: NodeID
  let site: SiteID
  let endpoint: EndpointID
  let model: MachineModel
  var server: Server
  var disk: SimulatedDisk
  var status = MachineStatus.running
  /// Counts starts: what was meant for an earlier start is dropped.
  var incarnation: UInt32 = 1

  /// What waits for the CPU; the first `inService` items are being processed.
  var inbox: ContiguousArray<Work> = []
  var inService = 0
  /// Until when CPU and network interface are taken.
  var cpuFree = Instant.zero
  var egressFree = Instant.zero
  /// For when the earliest timer event in the queue is.
  var timerArmed = Instant.distantFuture
  /// A timer that waits in the inbox needs no second one.
  var timerWaits = false
  var counters = MachineCounters()
  var clock = MachineClock()

  var isUp: Bool { status == .running || status == .paused }
}

/// A machine's own clock: virtual time at another rate, without rounding that could let it run backwards.
struct MachineClock: Sendable {
  private var base = Instant.zero
  private var localBase = Instant.zero
  /// How much faster than virtual time, in parts per million.
  private(set) var error: Int64 = 0

  @inline(__always)
  func local(_ time: Instant) -> Instant {
    if error == 0 { return localBase + (time - base) }
    let elapsed = (time - base).nanoseconds
    return localBase + TimeSpan(nanoseconds: elapsed + scaled(elapsed, by: error, over: 1_000_000))
  }

  /// The first virtual instant at which the clock shows `local` or later.
  @inline(__always)
  func virtual(_ local: Instant) -> Instant {
    if local == .distantFuture { return local }
    let shown = (local - localBase).nanoseconds
    if error == 0 { return base + TimeSpan(nanoseconds: shown) }
    let (quotient, remainder) = (1_000_000 + error).dividingFullWidth(shown.multipliedFullWidth(by: 1_000_000))
    var time = base + TimeSpan(nanoseconds: quotient + (remainder > 0 ? 1 : 0))
    while self.local(time) < local { time = time + .nanoseconds(1) }
    return time
  }

  mutating func setError(_ partsPerMillion: Int64, at now: Instant) {
    localBase = local(now)
    base = now
    error = max(-500_000, min(500_000, partsPerMillion))
  }

  private func scaled(_ value: Int64, by factor: Int64, over divisor: Int64) -> Int64 {
    let (quotient, _) = divisor.dividingFullWidth(value.multipliedFullWidth(by: factor))
    return quotient
  }
}
