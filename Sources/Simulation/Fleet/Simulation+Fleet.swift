import Emulation
import KeyValue
import Raft
import Server
import Workload

/// Secretaries and observers: machines that come and go, with nothing to come back from. They serve the first group;
/// other groups have members only.
extension Simulation {
  /// The numbers of the fleet begin here, so that those of members stay dense however often the fleet changes.
  public static let firstFleetNode = NodeID(32_768)
  static var fleetCapacity: Int { 8_192 }

  /// The machines of the fleet that there ever were, in order of their numbers.
  public var fleet: [NodeID] {
    (0..<fleetCount).map { NodeID(Simulation.firstFleetNode.rawValue + UInt32($0)) }
  }

  /// Starts a machine of the fleet: in the place of one that is gone at the site, or as a new one.
  ///
  /// - Returns: Its number; nil when there are too many.
  /// - Throws: ``Emulation/NetworkError`` when the network takes no more endpoints.
  public mutating func hire(_ role: FleetRole, at site: SiteID, machine: MachineModel) throws(NetworkError) -> NodeID? {
    reserveFleet()
    let free = fleet.first { id in
      let vacant = machines + id.slot
      return vacant.pointee.status == .down && vacant.pointee.site == site && vacant.pointee.model == machine
    }
    if let free {
      machines[free.slot].process.deallocate()
      machines[free.slot].process = process(role, free, site, UInt64(machines[free.slot].incarnation) + 1)
      machines[free.slot].fleetRole = role
      start(free.slot)
      return free
    }
    guard fleetCount < Simulation.fleetCapacity else { return nil }
    let id = NodeID(Simulation.firstFleetNode.rawValue + UInt32(fleetCount))
    let endpoint = try network.addEndpoint(at: site)
    (machines + id.slot).initialize(
      to: Machine(
        id: id, site: site, endpoint: endpoint, model: machine, process: process(role, id, site, 1), role: role))
    fleetCount += 1
    if fleetCount == 1 { placeMembers() }
    start(id.slot)
    return id
  }

  /// Lets a machine of the fleet know that it is to go: a secretary tells its leader, and works on.
  @discardableResult
  public mutating func noticeRevocation(_ node: NodeID) -> Bool {
    guard isFleet(node), machines[node.slot].isUp, !machines[node.slot].isLeaving else { return false }
    machines[node.slot].isLeaving = true
    // One that stands still takes the notice when it goes on.
    if machines[node.slot].status == .running, takeNotice(node.slot) { endTurn(node.slot) }
    refreshFleet()
    return true
  }

  /// Makes a secretary that is to go retire; false for machines that need not be told.
  @discardableResult
  mutating func takeNotice(_ slot: Int) -> Bool {
    guard machines[slot].isLeaving, case .secretary(let server) = machines[slot].process else { return false }
    server.pointee.retire(at: machines[slot].clock.local(now))
    return true
  }

  /// Ends a machine of the fleet at once, and all that it holds.
  @discardableResult
  public mutating func dismiss(_ node: NodeID) -> Bool {
    guard isFleet(node), crash(node) else { return false }
    retireFleetCounters(node.slot)
    refreshFleet()
    return true
  }

  /// Where a machine of the fleet is in its life.
  public func fleetStatus(_ node: NodeID) -> FleetStatus {
    switch machines[node.slot].status {
    case .running: machines[node.slot].isLeaving ? .leaving : .working
    case .paused: .paused
    case .down, .failed: .gone
    }
  }

  /// What a machine of the fleet does.
  public func fleetRole(_ node: NodeID) -> FleetRole? { machines[node.slot].fleetRole }

  /// Whether a number is one of the fleet's.
  public func isFleet(_ node: NodeID) -> Bool {
    node >= Simulation.firstFleetNode && node.slot - Simulation.firstFleetNode.slot < fleetCount
  }

  /// Whether there is a machine with the number.
  @inline(__always)
  func exists(_ node: NodeID) -> Bool { node.slot < machineCount || isFleet(node) }

  // MARK: Lives

  private mutating func process(_ role: FleetRole, _ id: NodeID, _ site: SiteID, _ life: UInt64) -> ServerProcess {
    let incarnation = Incarnation(life)
    switch role {
    case .secretary(let capacity):
      var settings = SecretarySettings(locality: Locality(site.rawValue))
      settings.capacity = capacity
      settings.enlistmentInterval = min(setup.raft.heartbeatInterval, setup.raft.relayTimeout / 3)
      settings.longestHold = setup.raft.electionTimeout.lowerBound / 2
      settings.feedExpiry = setup.raft.feedExpiry
      var server = SecretaryServer(id: id, incarnation: incarnation, settings: settings, contacts: members, now: now)
      #if Mutants
        if let mutant = setup.mutant { server.play(mutant) }
      #endif
      return .secretary(server)
    case .observer(let settings):
      var server = ObserverServer(
        id: id, incarnation: incarnation, observer: settings, settings: observerServerSettings,
        sources: ranked(feeders, from: site), now: now)
      #if Mutants
        if let mutant = setup.mutant { server.play(mutant) }
      #endif
      return .observer(server)
    }
  }

  /// How observers answer; what they apply is reported where it is looked at.
  private var observerServerSettings: ServerSettings {
    var settings = setup.server
    if setup.checksEveryStep { settings.reportsObserved = true }
    return settings
  }

  private mutating func start(_ slot: Int) {
    machines[slot].status = .running
    machines[slot].isLeaving = false
    machines[slot].incarnation += 1
    machines[slot].cpuFree = now
    machines[slot].egressFree = now
    machines[slot].lastHeld = Instant(nanoseconds: -1)
    machines[slot].timerArmed = .distantFuture
    machines[slot].clock = LocalClock()
    refreshFleet()
    endTurn(slot)
  }

  private mutating func retireFleetCounters(_ slot: Int) {
    switch machines[slot].process {
    case .secretary(let server): retiredSecretaries = retiredSecretaries + server.pointee.node.counters
    case .observer(let server): retiredObservers = retiredObservers + server.pointee.node.counters
    case .member: break
    }
  }

  // MARK: Who knows whom

  /// The machines of the first group's members that have not failed for good.
  var members: [NodeID] { groups[GroupID.first.slot].members.filter { machines[$0.slot].status != .failed } }

  /// Whom observers may ask for a feed: secretaries, then members.
  private var feeders: [NodeID] {
    let secretaries = fleet.filter { id in
      guard case .secretary = machines[id.slot].fleetRole else { return false }
      return machines[id.slot].status == .running && !machines[id.slot].isLeaving
    }
    return secretaries + members
  }

  /// Nodes as seen from a site, nearest first, and otherwise in the order given.
  private func ranked(_ nodes: [NodeID], from site: SiteID) -> [NodeID] {
    nodes.enumerated()
      .map { (order: $0.offset, node: $0.element, delay: delay(from: machines[$0.element.slot].site, to: site)) }
      .sorted { ($0.delay, $0.order) < ($1.delay, $1.order) }
      .map(\.node)
  }

  func delay(from: SiteID, to: SiteID) -> TimeSpan {
    from == to ? .zero : setup.links[from, to].delay
  }

  /// Tells everybody of changes of the fleet and of the machines of members, as their operator does.
  mutating func refreshFleet() {
    guard fleetCount > 0 else { return }
    let contacts = members
    let feeders = feeders
    var sources = [[NodeID]?](repeating: nil, count: setup.links.siteCount)
    for id in fleet where machines[id.slot].isUp {
      switch machines[id.slot].process {
      case .secretary(let server): server.pointee.setContacts(contacts)
      case .observer(let server):
        let site = machines[id.slot].site
        let nearest = sources[site.slot] ?? ranked(feeders, from: site)
        sources[site.slot] = nearest
        server.pointee.setSources(nearest)
      case .member: break
      }
    }
    let readers = observersAtWork
    for slot in clients.indices {
      let site = clients[slot].site
      clients[slot].setReaders(readers.filter { machines[$0.slot].site == site })
    }
  }

  /// The observers that clients may ask.
  private var observersAtWork: [NodeID] {
    fleet.filter { id in
      guard case .observer = machines[id.slot].fleetRole else { return false }
      return machines[id.slot].isUp && !machines[id.slot].isLeaving
    }
  }

  /// Tells members where each of them stands, so that secretaries serve those near them.
  mutating func placeMembers() {
    var localities = ContiguousArray<Locality?>()
    for slot in 0..<machineCount { localities.append(Locality(machines[slot].site.rawValue)) }
    for slot in 0..<machineCount { machines[slot].process.server.setLocalities(localities) }
  }

  // MARK: Looking

  /// What the secretaries did, those that are gone included.
  public var secretaryCounters: SecretaryCounters {
    fleet.reduce(into: retiredSecretaries) { sum, id in
      if machines[id.slot].isUp, case .secretary(let server) = machines[id.slot].process {
        sum = sum + server.pointee.node.counters
      }
    }
  }

  /// What the observers did, those that are gone included.
  public var observerCounters: ObserverCounters {
    fleet.reduce(into: retiredObservers) { sum, id in
      if machines[id.slot].isUp, case .observer(let server) = machines[id.slot].process {
        sum = sum + server.pointee.node.counters
      }
    }
  }

  /// The last entry that an observer applied, and the digest of its state; nil for others.
  public func observerState(_ node: NodeID) -> (applied: LogIndex, digest: UInt64)? {
    guard case .observer(let server) = machines[node.slot].process else { return nil }
    return (server.pointee.applied.index, server.pointee.store.digest)
  }

  /// A machine of the fleet in one line, for reports.
  func describeFleet(_ id: NodeID) -> String {
    switch machines[id.slot].process {
    case .secretary(let server):
      let node = server.pointee.node
      let leader = node.leader.map { "\($0)" } ?? "nobody"
      return "\(id) secretary \(status(id)) of \(leader), term \(node.seenTerm), holds up to \(node.held.end), "
        + "committed \(node.held.committed)"
    case .observer(let server):
      let source = server.pointee.node.source.map { "\($0)" } ?? "nobody"
      return "\(id) observer \(status(id)) fed by \(source), applied \(server.pointee.applied), "
        + "term \(server.pointee.node.term)"
    case .member: preconditionFailure("\(id) is a member")
    }
  }
}
