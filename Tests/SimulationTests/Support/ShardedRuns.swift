import Emulation
import KeyValue
import Raft
import Server
import Verification
import Workload

@testable import Simulation

/// Groups with a voter at each of three sites, a routing over them, and clients at each site.
func makeSharded(
  groups: Int, seed: UInt64 = 1, stop: TimeSpan, server: ServerSettings = ServerSettings(),
  machine: MachineModel = .ideal, keys: Int = 60, clients: Int = 3,
  link: LinkModel = LinkModel(delay: .zero)
) throws -> Simulation {
  var reporting = server
  reporting.reportsApplied = true
  var simulation = try makeGroup(machine: machine, link: link, seed: seed, server: reporting)
  for number in 1..<max(1, groups) {
    _ = try simulation.addGroup(simulation.threeVoters(machine), ledFrom: SiteID(UInt16(number % 3)))
  }
  if groups > 1 {
    simulation.setRouter(KeyRouter(groups: simulation.groupIDs, version: RoutingVersion(1)))
  }
  for site in 0..<3 {
    let members = simulation.members(of: .first)
    try simulation.addClients(
      SiteClients(
        site: SiteID(UInt16(site)), place: SitePlace(index: site, of: 3),
        servers: [members[site]] + members.filter { $0 != members[site] },
        phases: [
          LoadPhase(
            start: .zero, mix: .everything, arrival: .closed(clients: clients, think: .milliseconds(5)),
            keys: .uniform, keyCount: keys, value: .constant(32), consistency: .linearizable)
        ], stop: stop, settings: ClientSettings(), random: RandomSource(seed: seed, stream: UInt64(site) + 77)))
  }
  return simulation
}

extension Simulation {
  func threeVoters(_ machine: MachineModel = .ideal) -> [SimulationSetup.Node] {
    (0..<3).map { SimulationSetup.Node(site: SiteID(UInt16($0)), machine: machine) }
  }

  /// The replicated state of a node.
  func store(_ node: NodeID) -> Store { machines[node.slot].process.server.store }

  /// Whether the replicas of each group hold the same state.
  func groupsAgree() -> Bool {
    groupIDs.allSatisfy { group in
      Set(members(of: group).filter { status($0) == .running }.map { digest($0) }).count == 1
    }
  }

  /// What is wrong with the whole history: whether it is linearizable, and whether each acknowledged write took effect
  /// once, in whichever group it did.
  func findings() -> [String] {
    var history = History()
    var audit = DurabilityAudit()
    for record in observations.records {
      history.append(record)
      audit.acknowledged(record)
    }
    // A replica may skip what a snapshot brought it, so the group's order is put together from all of them.
    var seen: Set<[UInt64]> = []
    for applied in observations.applied {
      let (group, command) = (group(of: applied.node), applied.command)
      guard seen.insert([UInt64(group.rawValue), command.index.rawValue]).inserted else { continue }
      audit.applied(client: command.client, sequence: command.sequence, at: command.index)
    }
    let report = LinearizabilityChecker().check(history)
    var found: [String] = []
    if report.verdict != .linearizable { found.append("\(report)") }
    let result = audit.result()
    if result.verdict != .pass { found += result.details }
    if let violation { found.append("\(violation)") }
    if result.acknowledged < 100 { found.append("only \(result.acknowledged) writes were acknowledged") }
    return found
  }
}
