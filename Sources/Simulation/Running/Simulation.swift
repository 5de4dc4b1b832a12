import Emulation
import KeyValue
import Raft
import Server
import Storage
import Verification
import Workload

/// How a simulation is set up: who is where at the start.
public struct SimulationSetup: Sendable {
  /// A node of the first group.
  public struct Node: Sendable {
    /// Where it is.
    public var site: SiteID
    /// Its machine.
    public var machine: MachineModel
    /// Makes a node.
    public init(site: SiteID, machine: MachineModel) {
      self.site = site
      self.machine = machine
    }
  }

  /// The links between sites.
  public var links: LinkTable
  /// The nodes of the first group; a node's number is its place in the list. Further groups are added later.
  public var nodes: [Node]
  /// The first configuration of the first group.
  public var configuration: Configuration
  /// The settings of every node's consensus.
  public var raft: Settings
  /// The settings of every server.
  public var server: ServerSettings
  /// What all random draws derive from.
  public var seed: UInt64
  /// Whether each step's node is checked against its own invariants and those of the group.
  public var checksEveryStep: Bool
  /// How many pending events there is room for at first.
  public var expectedEvents = 4_096

  #if Mutants
    /// The known-bad variant that every server plays; none but under the fuzzer.
    package var mutant: Mutant?
  #endif

  /// Makes a setup.
  public init(
    links: LinkTable, nodes: [Node], configuration: Configuration, raft: Settings, server: ServerSettings,
    seed: UInt64, checksEveryStep: Bool = false
  ) {
    self.links = links
    self.nodes = nodes
    self.configuration = configuration
    self.raft = raft
    self.server = server
    self.seed = seed
    self.checksEveryStep = checksEveryStep
  }
}

/// What is to happen at an instant.
enum SimulatedEvent: Sendable {
  case deliver(Envelope, bytes: UInt32, incarnation: UInt32)
  case request(ClientRequest, to: NodeID, from: UInt32, bytes: UInt32, incarnation: UInt32)
  case reply(ClientReply, from: NodeID, to: UInt32)
  indirect case order(ShardRequest, to: NodeID, bytes: UInt32, incarnation: UInt32)
  indirect case answer(ClientReply, from: NodeID)
  case mover(RoutingVersion)
  case depart(DepartureBox, from: Int, incarnation: UInt32)
  case cpu(Int, incarnation: UInt32)
  case timer(Int, incarnation: UInt32)
  case disk(Int, incarnation: UInt32)
  case clients(Int)
}

/// What waits for a network interface that is far behind, in one word so that it does not widen the other events.
indirect enum DepartureBox: Sendable {
  case parcel(SimulatedEvent, to: EndpointID, bytes: Int)
}

/// The virtual host of servers: one thread, virtual time in nanoseconds, a run that is a function of setup and seed.
///
/// Every message waits for its receiver's CPU, is processed when the CPU is done with it, and what the server then
/// sends takes CPU time, then the sender's network interface, then the link. While a CPU is busy what arrives
/// queues, and up to ``batchLimit`` items of the queue are one turn of the server, as in a real event loop: that is
/// how batches grow under load. A resource whose service time is zero takes no time at all.
public struct Simulation: ~Copyable {
  /// The most messages that one turn of a server takes from its queue.
  public static let batchLimit = 64
  /// The most messages that wait for a machine's CPU; further ones are lost.
  public static let inboxLimit = 1 << 17

  /// The present.
  public internal(set) var now = Instant.zero
  /// What was seen since the owner last took it.
  public var observations = Observations()
  /// How many events have taken place.
  public internal(set) var eventCount: UInt64 = 0
  /// A hash over the order and kind of all events: equal for equal runs.
  public internal(set) var fingerprint: UInt64 = 0
  /// The first violation of an invariant that was seen; nothing takes place from then on, while time passes.
  public internal(set) var violation: InvariantBreach?
  /// The network between all endpoints.
  public internal(set) var network: Network
  let setup: SimulationSetup
  var machines: UnsafeMutablePointer<Machine>
  /// How many machines there are, those that are down included.
  public internal(set) var machineCount = 0
  /// How many machines of the fleet there ever were at a time; they stand behind ``firstFleetNode``.
  var fleetCount = 0
  private var machineCapacity: Int
  /// Whether a violation was seen.
  var isHalted = false
  var checkers: [Invariants] = []
  /// The configuration in force at each node when it was checked last.
  var checkedConfigurations: [Configuration] = []
  /// What the nodes of earlier incarnations counted.
  var retiredCounters = NodeCounters()
  var retiredSecretaries = SecretaryCounters()
  var retiredObservers = ObserverCounters()
  var queue: EventQueue<SimulatedEvent>
  var clients: [SiteClients] = []
  var clientEndpoints: [EndpointID] = []
  var clientArmed: [Instant] = []
  var random: RandomSource
  /// The groups that there ever were, by number.
  var groups: ContiguousArray<Group> = [Group()]
  /// Which group has which keys, as clients are told.
  public internal(set) var router = KeyRouter()
  /// The keys that are being moved between groups.
  var move: KeyMove?
  /// Where movers have been on the network, once at each site.
  var moverEndpoints: ContiguousArray<EndpointID> = []
  /// How often faults of disks had an effect.
  public internal(set) var diskFaultCounts = DiskFaultCounts()
  /// How hosts treat their disks wrongly: for showing that checkers find it, and nothing else.
  package var diskDefect: DiskDefect?
  /// Whether any partition is in force: otherwise what arrives need not ask.
  var isPartitioned = false

  /// Sets up machines that have never run.
  ///
  /// Throws ``Emulation/NetworkError`` when the links are impossible and ``Server/ServerRefusal`` when a node is.
  public static func make(_ setup: SimulationSetup) throws -> Simulation {
    var simulation = Simulation(setup, try Network(setup.links, seed: setup.seed))
    for node in setup.nodes { _ = try simulation.addMachine(node, configuration: setup.configuration) }
    return simulation
  }

  private init(_ setup: SimulationSetup, _ network: Network) {
    self.setup = setup
    self.network = network
    random = RandomSource(seed: setup.seed, stream: 0x5117)
    queue = EventQueue(capacity: setup.expectedEvents)
    machineCapacity = max(8, setup.nodes.count)
    machines = .allocate(capacity: machineCapacity)
  }

  deinit {
    let fleet = machines + Simulation.firstFleetNode.slot
    for slot in 0..<machineCount { machines[slot].process.deallocate() }
    for place in 0..<fleetCount { fleet[place].process.deallocate() }
    machines.deinitialize(count: machineCount)
    if fleetCount > 0 { fleet.deinitialize(count: fleetCount) }
    machines.deallocate()
  }

  /// Makes room for a fleet behind the members: untouched memory costs nothing.
  mutating func reserveFleet() {
    let needed = Simulation.firstFleetNode.slot + Simulation.fleetCapacity
    if machineCapacity < needed { moveMachines(toCapacity: needed) }
  }

  private mutating func moveMachines(toCapacity capacity: Int) {
    machineCapacity = capacity
    let larger = UnsafeMutablePointer<Machine>.allocate(capacity: machineCapacity)
    larger.moveInitialize(from: machines, count: machineCount)
    machines.deallocate()
    machines = larger
  }

  // MARK: Setting up

  /// Adds a machine with an empty disk to a group; it serves once the group's leader adds it to the configuration.
  public mutating func addMachine(
    _ node: SimulationSetup.Node, configuration: Configuration? = nil, to group: GroupID = .first
  ) throws -> NodeID {
    precondition(machineCount < Simulation.firstFleetNode.slot, "there are too many machines")
    if machineCount == machineCapacity { moveMachines(toCapacity: machineCapacity * 2) }
    let slot = machineCount
    let id = NodeID(UInt32(slot))
    let endpoint = try network.addEndpoint(at: node.site)
    let bootstrap = configuration ?? Configuration(voters: [])
    let server = try makeServer(id, DurableState(bootstrap: bootstrap), snapshot: nil, incarnation: 1, now: now)
    (machines + slot).initialize(
      to: Machine(
        // Storages are numbered as they are set up, so that no two have one number.
        identity: StorageIdentity(cluster: ClusterID(high: 0, low: 0), node: id, incarnation: UInt64(slot) + 1),
        group: group, site: node.site,
        endpoint: endpoint, model: node.machine, process: .member(server), bootstrap: bootstrap))
    machineCount += 1
    groups[group.slot].members.append(id)
    checkers.append(Invariants())
    checkedConfigurations.append(server.node.configuration)
    armTimer(slot)
    if fleetCount > 0 { placeMembers() }
    refreshFleet()
    return id
  }

  func makeServer(
    _ id: NodeID, _ state: DurableState, snapshot: [UInt8]?, incarnation: UInt32, now: Instant
  ) throws(ServerRefusal) -> Server {
    var server = try Server(
      id: id, state: state, snapshot: snapshot, raft: setup.raft, settings: setup.server,
      random: RandomSource(seed: setup.seed, stream: UInt64(id.rawValue) << 32 | UInt64(incarnation)),
      incarnation: UInt64(incarnation), now: now)
    #if Mutants
      if let mutant = setup.mutant { server.play(mutant) }
    #endif
    return server
  }

  /// Adds the clients of a site, which begin at once.
  ///
  /// Throws ``Emulation/NetworkError`` when the network takes no more endpoints.
  public mutating func addClients(_ siteClients: SiteClients) throws {
    clientEndpoints.append(try network.addEndpoint(at: siteClients.site))
    clients.append(siteClients)
    clientArmed.append(.distantFuture)
    let slot = clients.count - 1
    introduceGroups(toClients: slot)
    // What begins at once is to know the observers, too.
    refreshFleet()
    clients[slot].start(at: now)
    drainClients(slot)
  }

  // MARK: Running

  /// Runs to `end`; everything that is due by then has taken place, up to the first ``violation``.
  public mutating func run(until end: Instant) {
    while !isHalted, let (time, slot) = queue.next(notAfter: end) {
      now = time
      eventCount &+= 1
      take(queue.take(slot))
    }
    now = max(now, end)
  }

  /// Lets the next event take place if it is due at `end` or before; otherwise time passes to `end`. Whether there was
  /// one.
  public mutating func step(until end: Instant) -> Bool {
    if !isHalted, let (time, slot) = queue.next(notAfter: end) {
      now = time
      eventCount &+= 1
      take(queue.take(slot))
      return true
    }
    now = max(now, end)
    return false
  }

  /// Stops clients from beginning anything new; what is under way ends.
  public mutating func stopClients() {
    for slot in clients.indices {
      clients[slot].stop(at: now)
      drainClients(slot)
    }
  }

  /// Ends all clients at once: what is under way ends without an answer.
  public mutating func abandonClients() {
    for slot in clients.indices {
      clients[slot].abandon(at: now)
      drainClients(slot)
    }
  }

  /// Whether no client waits for anything.
  public var clientsAreDrained: Bool {
    for slot in clients.indices where !clients[slot].isDrained { return false }
    return true
  }

  @inline(__always)
  private mutating func take(_ event: consuming SimulatedEvent) {
    switch event {
    case .deliver(let envelope, let bytes, let incarnation):
      let slot = envelope.receiver.slot
      note(1, slot)
      guard machines[slot].incarnation == incarnation, machines[slot].isUp,
        !isCut(machines[envelope.sender.slot].endpoint, machines[slot].endpoint)
      else { return }
      arrive(.message(envelope, bytes: bytes), at: slot)
    case .request(let request, let to, let from, let bytes, let incarnation):
      let slot = to.slot
      note(2, slot)
      guard machines[slot].incarnation == incarnation, machines[slot].isUp,
        !isCut(clientEndpoints[Int(from)], machines[slot].endpoint)
      else { return }
      arrive(.request(request, from: from, bytes: bytes), at: slot)
    case .reply(let reply, let from, let to):
      let slot = Int(to)
      note(3, slot)
      guard !isCut(machines[from.slot].endpoint, clientEndpoints[slot]) else { return }
      clients[slot].receive(reply, from: from, at: now)
      drainClients(slot)
    case .order(let request, let to, let bytes, let incarnation):
      note(9, to.slot)
      takeOrder(request, to, bytes, incarnation)
    case .answer(let reply, let from):
      note(10, from.slot)
      takeAnswer(reply, from: from)
    case .mover(let version):
      note(11, 0)
      advanceMover(version)
    case .depart(let box, let slot, let incarnation):
      note(8, slot)
      if machines[slot].incarnation == incarnation { depart(box, from: slot) }
    case .cpu(let slot, let incarnation):
      note(4, slot)
      guard machines[slot].incarnation == incarnation, machines[slot].status == .running else { return }
      endScheduledTurn(slot)
    case .timer(let slot, let incarnation):
      note(5, slot)
      if machines[slot].incarnation == incarnation { onTimer(slot) }
    case .disk(let slot, let incarnation):
      note(6, slot)
      // Nobody reads the disk of a machine that failed, so that nothing more need happen to it.
      guard machines[slot].incarnation == incarnation, machines[slot].isUp else { return }
      completeDisk(slot)
    case .clients(let slot):
      note(7, slot)
      guard clientArmed[slot] == now else { return }
      clientArmed[slot] = .distantFuture
      clients[slot].advance(to: now)
      drainClients(slot)
    }
  }

  /// Whether what is in flight between two endpoints is lost to a partition.
  @inline(__always)
  func isCut(_ from: EndpointID, _ to: EndpointID) -> Bool {
    isPartitioned && network.isBlocked(from: from, to: to)
  }

  /// Mixes what a server knows into the fingerprint.
  @inline(__always)
  mutating func noteState(of slot: Int) {
    let node = machines + slot
    if node.pointee.process.isFleet { return }
    note(
      node.pointee.process.server.node.term.rawValue << 8,
      slot ^ Int(node.pointee.process.server.node.commitIndex.rawValue) << 16)
  }

  @inline(__always)
  private mutating func note(_ kind: UInt64, _ slot: Int) {
    let value = UInt64(bitPattern: now.nanoseconds) &* 31 &+ kind &* 0x9E37_79B9_7F4A_7C15 &+ UInt64(slot)
    fingerprint = (fingerprint ^ value) &* 0xBF58_476D_1CE4_E5B9
    fingerprint ^= fingerprint >> 29
  }
}
