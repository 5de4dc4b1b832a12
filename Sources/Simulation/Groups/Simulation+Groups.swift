import Emulation
import KeyValue
import Raft
import Server
import Workload

/// Several Raft groups in one simulation. Each is complete, with machines of its own: a node belongs to one group, and
/// numbers are given to nodes as they are added, whichever group they join. The first group is there from the start.
extension Simulation {
  /// The groups that there are, in order of their numbers.
  public var groupIDs: [GroupID] {
    groups.indices.filter { !groups[$0].isRemoved }.map { GroupID(UInt16($0)) }
  }

  /// The group of a member, or the group that a node of the fleet serves.
  public func group(of node: NodeID) -> GroupID { machines[node.slot].group }

  /// The machines of a group's members, those that left or failed included, in order of their numbers.
  public func members(of group: GroupID) -> [NodeID] { Array(groups[group.slot].members) }

  /// The configuration in force at a group's leader, or else at the running member that has applied most.
  public func configuration(of group: GroupID) -> Configuration {
    let members = groups[group.slot].members
    func rank(_ node: NodeID) -> (Int, LogIndex) { (status(node) == .running ? 1 : 0, appliedIndex(of: node)) }
    let furthest = members.max { rank($0) < rank($1) }
    return (leader(of: group) ?? furthest).map { configuration(of: $0) } ?? Configuration(voters: [])
  }

  /// Adds a group whose voters are new machines, and lets the voter that stands first campaign at once.
  ///
  /// - Parameters:
  ///   - nodes: The voters' machines, at least one.
  ///   - site: Where the group is to be led from at first: its first voter there, else its first voter, campaigns at
  ///     once.
  /// - Returns: The group's number.
  /// - Throws: ``Emulation/NetworkError`` when the network takes no more endpoints.
  public mutating func addGroup(_ nodes: [SimulationSetup.Node], ledFrom site: SiteID) throws -> GroupID {
    precondition(!nodes.isEmpty && groups.count <= Int(UInt16.max), "a group needs a voter and a number")
    let group = GroupID(UInt16(groups.count))
    groups.append(Group())
    let voters = nodes.indices.map { NodeID(UInt32(machineCount + $0)) }
    for node in nodes { _ = try addMachine(node, configuration: Configuration(voters: voters), to: group) }
    for slot in clients.indices { introduce(group, toClients: slot) }
    campaign(voters.first { machines[$0.slot].site == site } ?? voters[0])
    return group
  }

  /// Lets a member that knows no leader campaign at once; false when it does not run.
  @discardableResult
  public mutating func campaign(_ node: NodeID) -> Bool {
    guard node.slot < machineCount, machines[node.slot].status == .running else { return false }
    machines[node.slot].process.server.campaign(at: machines[node.slot].clock.local(now))
    endTurn(node.slot)
    return true
  }

  /// Hands leadership of a group to its first running voter at a site; false when there is none, when nobody leads, or
  /// when the leader is there already or hands over already. The leader gives up when the voter cannot take over soon.
  @discardableResult
  public mutating func moveLeadership(of group: GroupID, to site: SiteID) -> Bool {
    guard let leader = leader(of: group), machines[leader.slot].site != site else { return false }
    let target = configuration(of: leader).voters.first {
      machines[$0.slot].site == site && machines[$0.slot].status == .running
    }
    guard let target else { return false }
    return (try? transferLeadership(from: leader, to: target)) != nil
  }

  /// Ends a group's machines for good; false when it is gone already, or while keys are routed or moved to it:
  /// ``scaleIn(_:from:)`` moves them first. The first group cannot be removed: fleets serve it, and clients begin with it.
  @discardableResult
  public mutating func removeGroup(_ group: GroupID) -> Bool {
    guard group != .first, !groups[group.slot].isRemoved, !router.groups.contains(group),
      move?.mover.new.groups.contains(group) != true
    else { return false }
    if let leader = leader(of: group) { report(groups[group.slot].tracker.lost(leader, cause: .removal, at: now)) }
    for node in groups[group.slot].members { crash(node) }
    groups[group.slot].isRemoved = true
    return true
  }
}
