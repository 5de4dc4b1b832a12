import Emulation
import KeyValue
import Raft
import Server

/// A request on its way to a server.
public struct ClientSend: Hashable, Sendable {
  /// The server asked.
  public var to: NodeID
  /// What is asked.
  public var request: ClientRequest
  /// Makes a send.
  public init(to: NodeID, request: ClientRequest) {
    self.to = to
    self.request = request
  }
}

/// All clients of one site, without I/O: a pool of sessions that carries out the phases of a workload.
///
/// The host calls ``start(at:)`` once, ``receive(_:from:at:)`` with every reply, ``advance(to:)`` when
/// ``nextDeadline`` is reached, and after each of them delivers and clears ``sends`` and ``records``.
///
/// **Outcomes.** An operation is `ok` when a server said so. A read without an answer has `failed`: it has no effect.
/// A write has `failed` only if it certainly takes no effect: every attempt was answered, each with a refusal
/// (`redirect`, `moved`, `busy`, `sessionExpired`). Otherwise, after a timeout or an answer `unknown`, it is `unknown` and may
/// take effect at any later time.
///
/// **Exactly once.** All attempts of one operation have the same number. A session goes on after an operation that
/// ended `unknown` with the next number, which is safe: should an old attempt reach the log later, then either before
/// the next command, where it takes effect as an `unknown` operation may, or after it, where its lower number keeps
/// the store from executing it. Replies to numbers other than the present one are ignored; any reply to the present
/// number counts, whichever attempt it answers.
///
/// **Groups.** Each operation asks the group that has its key, by the routing that the clients of the site know; a server
/// whose group no longer has the key tells them a newer one. A scan reads its keys one by one, whichever group has them.
///
/// **Open loop.** Arrivals never wait for replies. One that finds no free session waits in a bounded queue; it
/// keeps its intended start, from which its latency and its deadline count. When the deadline passes in the queue, or
/// the queue is full, the operation has failed with no attempt; its record bears the site's reserved client, of which
/// no command exists.
///
/// The inputs cost no allocation but for keys, values and the growth of buffers.
public struct SiteClients: Sendable {
  /// The most sessions of one site.
  public static let maximumSessions = 100_000
  /// How far the numbers of two sites' first clients lie apart.
  static let clientStride: UInt64 = 1_000_000
  /// How many redirects are followed without a pause.
  static let redirectsWithoutPause = 2

  /// Requests to deliver, in order; the host clears it.
  public var sends: ContiguousArray<ClientSend> = []
  /// Operations that ended, in order; the host clears it.
  public var records: ContiguousArray<OperationRecord> = []
  /// When ``advance(to:)`` is to be called next; `distantFuture` when nothing is to come.
  ///
  /// It is kept and not computed, since hosts ask for it after every input and a computed property of a large value
  /// can cost them a copy of all of it.
  public internal(set) var nextDeadline = Instant.distantFuture
  /// The site.
  public let site: SiteID

  let phases: [LoadPhase]
  let place: SitePlace
  let settings: ClientSettings
  let duration: TimeSpan?
  var routes: GroupRoutes
  /// The observers that reads of the first group's keys go to first; nil when there are none.
  var readers: ServerTable?
  var source: OperationSource
  var arrivalRandom: RandomSource
  var pauseRandom: RandomSource
  var slots: ContiguousArray<ClientSlot>
  var deadlines: DeadlineHeap
  /// Idle sessions that no closed loop owns; the last one is taken next.
  var free: ContiguousArray<Int> = []
  var queue = ArrivalQueue()
  /// Numbers the operations that were never sent.
  var unsent = SequenceNumber(0)

  /// When the run began; nil before.
  var origin: Instant?
  /// From when on nothing new begins; known once the run began.
  var end = Instant.distantFuture
  /// The phase at work; nil before the first.
  var phase: Int?
  var arrivals = ArrivalClock(.poisson(rate: 0), phaseStart: .zero, place: SitePlace(index: 0, of: 1))
  var nextArrival = Instant.distantFuture
  var busyCount = 0

  /// Makes the clients of a site.
  ///
  /// - Parameters:
  ///   - site: The site; it decides the clients' numbers, which are unique among sites.
  ///   - place: The site's place among those with clients.
  ///   - servers: The first group's servers to ask, nearest first; at least one.
  ///   - phases: What to do when, in order of time.
  ///   - stop: When to begin nothing new, since the start; nil for never.
  ///   - settings: How to ask, wait and retry.
  ///   - random: The site's own stream of random numbers.
  /// - Throws: What makes no sense, as a ``LoadError``.
  public init(
    site: SiteID, place: SitePlace, servers: [NodeID], phases: [LoadPhase], stop: TimeSpan?,
    settings: ClientSettings = ClientSettings(), random: RandomSource
  ) throws(LoadError) {
    guard !servers.isEmpty else { throw .noServers }
    guard place.index >= 0, place.index < place.count else { throw .badPlace }
    try settings.validate()
    var last = TimeSpan(nanoseconds: -1)
    var sessions = 0
    for (position, phase) in phases.enumerated() {
      guard phase.start > last else { throw .phaseOrder(phase: position) }
      last = phase.start
      try phase.validate(position: position)
      if case .closed(let clients, _) = phase.arrival {
        sessions = max(sessions, clients)
      } else {
        sessions = max(sessions, settings.openLoopSessions)
      }
    }
    self.site = site
    self.place = place
    self.phases = phases
    self.settings = settings
    duration = stop
    routes = GroupRoutes(first: servers)
    var random = random
    arrivalRandom = random.split()
    pauseRandom = random.split()
    source = OperationSource(phases, place: place, longestScan: settings.longestScan, random: random.split())
    slots = ContiguousArray(repeating: ClientSlot(), count: sessions)
    deadlines = DeadlineHeap(slots: sessions)
  }

  /// Has all sessions go on above a number: for clients of a store that knew sessions of the same names before. To be
  /// called before the start.
  public mutating func continueSessions(above sequence: SequenceNumber) {
    for slot in slots.indices { slots[slot].sequence = max(slots[slot].sequence, sequence) }
  }

  var nextEvent: Instant { min(deadlines.earliest, nextArrival, nextPhaseStart, queueDeadline) }

  /// How many operations are under way.
  public var outstanding: Int { busyCount }

  /// Whether no operation is under way or waiting: what was begun before the stop has ended.
  public var isDrained: Bool { busyCount == 0 && queue.count == 0 }

  /// The client with the name that the session in a slot uses.
  func client(_ slot: Int) -> ClientID {
    ClientID(UInt64(site.rawValue) * SiteClients.clientStride + UInt64(slot) + 1)
  }

  func slot(of client: ClientID) -> Int? {
    let (position, underflow) = client.rawValue.subtractingReportingOverflow(
      UInt64(site.rawValue) * SiteClients.clientStride + 1)
    return underflow || position >= UInt64(slots.count) ? nil : Int(position)
  }

  /// The client of the site that stands in records of operations that were never sent.
  var unsentClient: ClientID { ClientID(UInt64(site.rawValue) * SiteClients.clientStride) }
}
