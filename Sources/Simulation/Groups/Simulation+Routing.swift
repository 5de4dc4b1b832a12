import Emulation
import KeyValue
import Raft
import Server
import Workload

/// How clients find the group of a key.
extension Simulation {
  /// Divides the key space at the start, before there are keys: adds groups until there are `count`, routes keys over
  /// all of them, and lets each be led from one of the sites in turn, the first group from the first site. With a count
  /// of one nothing changes.
  ///
  /// - Parameters:
  ///   - count: How many groups there are to be.
  ///   - nodes: The machines of each further group's voters, at least one.
  ///   - sites: Where groups are led from, at least one.
  /// - Throws: ``Emulation/NetworkError`` when the network takes no more endpoints.
  public mutating func split(
    intoGroups count: Int, nodes: [SimulationSetup.Node], ledFrom sites: [SiteID]
  ) throws {
    precondition(!sites.isEmpty, "somewhere groups have to be led from")
    guard count > groups.count else { return }
    if let voter = members(of: .first).first(where: { machines[$0.slot].site == sites[0] }) { campaign(voter) }
    while groups.count < count { _ = try addGroup(nodes, ledFrom: sites[groups.count % sites.count]) }
    setRouter(KeyRouter(groups: groupIDs, version: router.version.next))
  }

  /// Tells all clients, and those still to come, which group has which keys, at the start: it moves no keys, so that
  /// there may be none yet. A routing that is not newer than the one in force is ignored.
  public mutating func setRouter(_ router: KeyRouter) {
    precondition(router.groups.allSatisfy { groupIDs.contains($0) }, "the routing names a group that is not there")
    precondition(
      move == nil && (0..<machineCount).allSatisfy { machines[$0].process.server.store.keyCount == 0 },
      "there are keys already, which have to be moved")
    announce(router)
  }

  mutating func announce(_ router: KeyRouter) {
    guard router.version > self.router.version else { return }
    self.router = router
    for slot in clients.indices { clients[slot].setRouter(router) }
  }

  /// Tells the clients of a site, which know the first group, of all others and of the routing in force.
  mutating func introduceGroups(toClients slot: Int) {
    for group in groupIDs.dropFirst() { introduce(group, toClients: slot) }
    clients[slot].setRouter(router)
  }

  mutating func introduce(_ group: GroupID, toClients slot: Int) {
    clients[slot].setServers(nearestFirst(groups[group.slot].members, to: clients[slot].site), of: group)
  }

  /// Nodes in order of the delay to a site, then of their numbers.
  func nearestFirst(_ nodes: ContiguousArray<NodeID>, to site: SiteID) -> [NodeID] {
    nodes.map { (node: $0, delay: delay(from: machines[$0.slot].site, to: site)) }
      .sorted { ($0.delay, $0.node) < ($1.delay, $1.node) }
      .map(\.node)
  }
}
