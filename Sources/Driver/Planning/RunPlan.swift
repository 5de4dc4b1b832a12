import Cloud
import Emulation
import Experiment
import Raft
import Server
import Simulation
import Traces
import Workload

/// A spec turned into numbers: what a world needs to begin.
struct RunPlan {
  let spec: ExperimentSpec
  let nodes: [NodePlan]
  let links: LinkTable
  let delays: LatencyMatrix

  init(_ spec: ExperimentSpec) throws {
    self.spec = spec
    nodes = spec.nodes
    links = try spec.links.table(sites: spec.sites)
    delays = try spec.links.matrix.delays(sites: spec.sites)
  }

  var clock: RunClock { RunClock(sampling: spec.sampling) }

  var names: NameTable {
    var names = NameTable(sites: spec.sites, groups: (0..<spec.group.count).map { "g\($0)" })
    for node in nodes { names.add(node.id, name: node.name, site: node.site) }
    return names
  }

  /// The members of the group when the run begins.
  var initialNodes: [NodePlan] {
    nodes.filter { if case .added = $0.origin { false } else { true } }
  }

  var configuration: Configuration {
    Configuration(
      voters: nodes.filter { $0.origin == .voter }.map(\.id), learners: nodes.filter { $0.origin == .learner }.map(\.id)
    )
  }

  var serverSettings: ServerSettings {
    var settings = ServerSettings()
    settings.snapshotEvery = spec.group.snapshotEvery ?? 0
    settings.keepEntries = spec.group.keepEntries
    settings.servesFollowerReads = spec.clients.linearizableReads == .nearest
    settings.reportsApplied = spec.record.checks != .none
    settings.boundedAge = spec.group.boundedAge
    return settings
  }

  var setup: SimulationSetup {
    SimulationSetup(
      links: links, nodes: groupNodes,
      configuration: configuration, raft: spec.group.settings, server: serverSettings, seed: spec.seed,
      checksEveryStep: spec.record.checks == .everyStep)
  }

  /// The machines of the voters of one group, as the spec has them.
  var groupNodes: [SimulationSetup.Node] { groupNodes(on: memberType) }

  /// The machines of the voters of one group, on instances of a type.
  func groupNodes(on type: InstanceTypeName) -> [SimulationSetup.Node] {
    initialNodes.map { SimulationSetup.Node(site: $0.site, machine: machine(of: type)) }
  }

  /// The sites that groups are led from, in turn.
  var homes: [SiteID] {
    spec.group.voters.filter { $0.count > 0 }.compactMap { spec.siteID(of: $0.site) }
  }

  /// How observers take their feed.
  var observerSettings: ObserverSettings {
    var settings = ObserverSettings()
    settings.feed = spec.fleet.feed
    settings.requestInterval = spec.group.raft.heartbeatInterval
    settings.sourceTimeout = spec.group.raft.heartbeatInterval * 4
    return settings
  }

  /// The instance type of members, unless a policy asks for another.
  var memberType: InstanceTypeName { InstanceTypeName(spec.resources.name) }

  /// What an instance of a type can do; a type without figures of its own is taken to be like the members'.
  func machine(of type: InstanceTypeName) -> MachineModel {
    type == memberType ? spec.resources : MachinePresets.named(type.rawValue) ?? spec.resources
  }

  /// The servers in the order in which clients of a site ask them: nearest first, then by number.
  func servers(nearest site: SiteID, among nodes: [NodeID], at sites: (NodeID) -> SiteID) -> [NodeID] {
    nodes.sorted { left, right in
      let (first, second) = (delays.roundTrip(site, sites(left)), delays.roundTrip(site, sites(right)))
      return first != second ? first < second : left < right
    }
  }

  /// The clients of all sites that have any.
  func clients() throws -> [SiteClients] {
    let busy = spec.busySites
    return try busy.enumerated().map { rank, site in
      let here = SiteID(UInt16(site))
      let phases = spec.workload.map { phase -> LoadPhase in
        var load = phase.load
        load.start = clock.world(load.start)
        load.arrival = phase.arrival(at: spec.sites[site], outOf: busy.count)
        return load
      }
      return try SiteClients(
        site: here, place: SitePlace(index: rank, of: busy.count),
        servers: servers(nearest: here, among: initialNodes.map(\.id), at: { nodes[$0.slot].site }), phases: phases,
        stop: clock.world(spec.duration), settings: spec.clients,
        random: RandomSource(seed: spec.seed, stream: 0xC11E << 16 | UInt64(site)))
    }
  }

  var recorderSettings: RecorderSettings {
    get throws {
      let ratio = spec.record.latencyRatio
      return try RecorderSettings(
        window: spec.record.windows, horizon: spec.clients.operationDeadline + spec.clients.attemptTimeout,
        warmup: clock.world(spec.warmup),
        objective: LatencyObjective(read: spec.objectives.read, write: spec.objectives.write),
        latencies: ratio >= 1 ? .all : ratio <= 0 ? .none : .share(Ratio(millionths: Int64(ratio * 1e6))))
    }
  }
}
