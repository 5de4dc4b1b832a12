import Emulation
import KeyValue
import Raft
import Server
import Workload

@testable import Simulation

/// A group on equal machines at the sites of a matrix, checked at every step.
func makeGroup(
  at sites: [Int] = [0, 1, 2], roundTrip: TimeSpan = .milliseconds(40), within: TimeSpan = .milliseconds(1),
  machine: MachineModel = .ideal, link: LinkModel = LinkModel(delay: .zero), seed: UInt64 = 1,
  server: ServerSettings = ServerSettings(), raft: Settings = Settings()
) throws -> Simulation {
  let names = (0...(sites.max() ?? 0)).map { "s\($0)" }
  let matrix = try LatencyMatrix(sites: names, roundTrip: roundTrip, within: within)
  return try Simulation.make(
    SimulationSetup(
      links: LinkTable(matrix, between: link, within: link),
      nodes: sites.map { SimulationSetup.Node(site: SiteID(UInt16($0)), machine: machine) },
      configuration: Configuration(voters: sites.indices.map { NodeID(UInt32($0)) }), raft: raft, server: server,
      seed: seed, checksEveryStep: true))
}

/// Clients at a site that ask the given servers, first the first one.
func makeClients(
  at site: Int = 0, servers: [NodeID], arrival: Arrival, mix: [(OperationKind, Double)] = [(.update, 1)],
  keys: Int = 50, value: Int = 64, stop: TimeSpan, consistency: ReadConsistency = .linearizable,
  change: (inout ClientSettings) -> Void = { _ in }
) throws -> SiteClients {
  var settings = ClientSettings()
  change(&settings)
  return try SiteClients(
    site: SiteID(UInt16(site)), place: SitePlace(index: 0, of: 1), servers: servers,
    phases: [
      LoadPhase(
        start: .zero, mix: OperationMix(name: "test", weights: mix.map { (kind: $0.0, weight: $0.1) }),
        arrival: arrival, keys: .uniform, keyCount: keys, value: .constant(value), consistency: consistency)
    ], stop: stop, settings: settings, random: RandomSource(seed: 5, stream: UInt64(site)))
}

extension Simulation {
  /// Runs until somebody leads, and returns who.
  mutating func electLeader() -> NodeID? {
    let limit = now + .seconds(30)
    while now < limit {
      run(until: now + .milliseconds(10))
      if let leader, node(leader).commitIndex > .zero, reachesQuorum(leader) { return leader }
    }
    return nil
  }

  /// Lets clients end what they began.
  mutating func drain(within span: TimeSpan = .seconds(30)) {
    stopClients()
    let limit = now + span
    while now < limit, !clientsAreDrained { run(until: now + .milliseconds(100)) }
    run(until: now + .seconds(3))
  }

  /// What ended well, was unknown, or failed since the last look.
  func outcomes() -> (ok: Int, unknown: Int, failed: Int) {
    var counts = (ok: 0, unknown: 0, failed: 0)
    for record in observations.records {
      switch record.outcome {
      case .ok: counts.ok += 1
      case .unknown: counts.unknown += 1
      case .failed: counts.failed += 1
      }
    }
    return counts
  }

  /// Whether every node that runs holds the same state, and all of them run.
  func replicasAgree() -> Bool {
    var digests: Set<UInt64> = []
    for slot in 0..<machineCount where status(NodeID(UInt32(slot))) == .running {
      digests.insert(digest(NodeID(UInt32(slot))))
    }
    return digests.count == 1
  }

  /// Whether each acknowledged value is in the state of `node`, or was overwritten by a later write of the history:
  /// with one closed-loop client per key space the last acknowledged write of a key must be there.
  func holdsLastAcknowledged(_ node: NodeID) -> Bool {
    var last: [Key: Value] = [:]
    var doubtful: Set<Key> = []
    for record in observations.records {
      guard case .put(let key, let value) = record.operation else { continue }
      if case .ok = record.outcome {
        last[key] = value
        doubtful.remove(key)
      } else {
        doubtful.insert(key)
      }
    }
    let store = machines[node.slot].process.server.store
    return last.allSatisfy { doubtful.contains($0.key) || store.read($0.key) == $0.value }
  }
}
