import Emulation
import KeyValue
import Raft
import Server
import Workload

/// Scaling out and in by whole groups, with their share of the keys.
extension Simulation {
  /// Where the mover is among those that servers answer: no client has this address.
  static let moverAddress = ClientAddress(UInt64(UInt32.max))

  /// Whether keys are being moved between groups; another change has to wait until they are where they belong.
  public var isRegrouping: Bool { move != nil }

  /// Adds a group with its share of the keys: its voters are new machines, and the keys that become its own are moved to
  /// it while clients go on. ``Observations/regroupings`` says when they are all there.
  ///
  /// - Parameters:
  ///   - nodes: The voters' machines, at least one.
  ///   - site: Where the group is to be led from, and where whoever moves the keys works.
  /// - Returns: The group's number; nil while an earlier change is under way.
  /// - Throws: ``Emulation/NetworkError`` when the network takes no more endpoints.
  public mutating func scaleOut(_ nodes: [SimulationSetup.Node], ledFrom site: SiteID) throws -> GroupID? {
    guard move == nil else { return nil }
    let group = try addGroup(nodes, ledFrom: site)
    try begin(.added(group), to: router.adding(group), at: site)
    return group
  }

  /// Moves a group's keys to the others while clients go on, and then removes it with all its machines.
  ///
  /// - Parameters:
  ///   - group: The group, which is not the first one.
  ///   - site: Where whoever moves the keys works.
  /// - Returns: Whether it began: not while an earlier change is under way, nor for a group that has no keys.
  /// - Throws: ``Emulation/NetworkError`` when the network takes no more endpoints.
  public mutating func scaleIn(_ group: GroupID, from site: SiteID) throws(NetworkError) -> Bool {
    guard move == nil, group != .first, let next = router.removing(group) else { return false }
    try begin(.removed(group), to: next, at: site)
    return true
  }

  private mutating func begin(
    _ change: Regrouping.Change, to next: KeyRouter, at site: SiteID
  ) throws(NetworkError) {
    let endpoint = try moverEndpoint(at: site)
    var servers: [GroupID: [NodeID]] = [:]
    for group in groupIDs { servers[group] = nearestFirst(groups[group.slot].members, to: site) }
    var mover = KeyMover(from: router, to: next, servers: servers)
    mover.start(at: now)
    move = KeyMove(mover: mover, change: change, began: now, endpoint: endpoint)
    drainMover()
  }

  /// Movers of a site share its endpoint, one after the other.
  private mutating func moverEndpoint(at site: SiteID) throws(NetworkError) -> EndpointID {
    if let known = moverEndpoints.first(where: { network.sites[$0.slot] == site }) { return known }
    let endpoint = try network.addEndpoint(at: site)
    moverEndpoints.append(endpoint)
    return endpoint
  }

  // MARK: Events

  mutating func takeOrder(_ request: ShardRequest, _ node: NodeID, _ bytes: UInt32, _ incarnation: UInt32) {
    guard let endpoint = move?.endpoint, machines[node.slot].incarnation == incarnation, machines[node.slot].isUp,
      !isCut(endpoint, machines[node.slot].endpoint)
    else { return }
    arrive(.order(request, bytes: bytes), at: node.slot)
  }

  mutating func takeAnswer(_ reply: ClientReply, from node: NodeID) {
    guard let endpoint = move?.endpoint, !isCut(machines[node.slot].endpoint, endpoint) else { return }
    move?.mover.receive(reply, from: node, at: now)
    drainMover()
  }

  mutating func advanceMover(_ version: RoutingVersion) {
    guard let current = move, current.mover.new.version == version, current.armed == now else { return }
    move?.armed = .distantFuture
    move?.mover.advance(to: now)
    drainMover()
  }

  mutating func sendToMover(_ reply: ClientReply, _ slot: Int, _ bytes: Int, ready: Instant) {
    guard let endpoint = move?.endpoint else { return }
    send(.answer(reply, from: machines[slot].id), slot, to: endpoint, bytes, ready: ready)
  }

  /// Sends what the mover wants to send, sets its timer, and ends the move when it is done.
  private mutating func drainMover() {
    guard let current = move else { return }
    move?.mover.sends.removeAll(keepingCapacity: true)
    for send in current.mover.sends {
      let target = machines[send.to.slot].endpoint
      let bytes = MessageSizes.bytes(send.request)
      let parcel = SimulatedEvent.order(
        send.request, to: send.to, bytes: UInt32(truncatingIfNeeded: bytes),
        incarnation: machines[send.to.slot].incarnation)
      transmit(parcel, from: current.endpoint, to: target, bytes, at: now)
    }
    if current.mover.isDone { return endMove(current) }
    let deadline = max(current.mover.nextDeadline, now + .nanoseconds(1))
    guard deadline < current.armed || current.armed <= now else { return }
    move?.armed = deadline
    queue.schedule(at: deadline, .mover(current.mover.new.version))
  }

  private mutating func endMove(_ ended: KeyMove) {
    move = nil
    announce(ended.mover.new)
    if case .removed(let group) = ended.change { removeGroup(group) }
    observations.regroupings.append(
      Regrouping(
        change: ended.change, router: router, began: ended.began, ended: now, progress: ended.mover.progress))
  }
}
