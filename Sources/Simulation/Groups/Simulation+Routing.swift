import Emulation
import KeyValue
import Raft
import Server
import Workload

/// How clients find the group of a key.
extension Simulation {
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
