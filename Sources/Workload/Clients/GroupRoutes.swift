import KeyValue
import Raft

/// What the clients of one site know of the groups: which has which keys, and for each of them its servers.
struct GroupRoutes: Sendable {
  private(set) var router = KeyRouter()
  /// By group; empty for groups whose servers are not known. Those of the first group always are.
  private var tables: ContiguousArray<ServerTable>

  /// Makes routes to the first group alone.
  init(first servers: [NodeID]) { tables = [ServerTable(servers)] }

  /// What is known of a group's servers; of the first group's when those are not known.
  subscript(group: GroupID) -> ServerTable {
    @inline(__always)
    _read { yield tables[place(of: group)] }
    @inline(__always)
    _modify { yield &tables[place(of: group)] }
  }

  @inline(__always)
  private func place(of group: GroupID) -> Int {
    let place = Int(group.rawValue)
    return place < tables.count && !tables[place].isEmpty ? place : 0
  }

  /// The group to ask for a key. While the servers of the group that has it are not known, the first group is asked:
  /// it turns the client away until they are.
  @inline(__always)
  func group(of key: Key) -> GroupID {
    if tables.count == 1 { return .first }
    return GroupID(UInt16(place(of: router.group(of: key))))
  }

  mutating func learn(_ router: KeyRouter) {
    if router.version > self.router.version { self.router = router }
  }

  mutating func setServers(_ nodes: [NodeID], of group: GroupID) {
    let place = Int(group.rawValue)
    while tables.count <= place { tables.append(ServerTable([])) }
    tables[place].replace(with: nodes)
  }

  /// Whether a server may be one of a group's: with one group any may, also one that was not known so far.
  func mayBelong(_ server: NodeID, to group: GroupID) -> Bool {
    tables.count == 1 || self[group].contains(server)
  }

  mutating func noteLeader(_ server: NodeID, of group: GroupID) {
    if mayBelong(server, to: group) { self[group].leader = server }
  }
}
