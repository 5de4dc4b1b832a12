import Emulation
import KeyValue
import Raft
import Server
import Testing
import Verification
import Workload

@testable import Simulation

/// A group on equal machines at sites of a table of measured latencies, checked at every step.
func makeWANGroup(
  _ names: [String], voters: [Int], table: String = "aws-2020-06", machine: MachineModel = .ideal, seed: UInt64 = 1,
  raft: Settings = Settings(), server: ServerSettings = ServerSettings()
) throws -> Simulation {
  let matrix = try LatencyTable.named(table).matrix(of: names)
  let sites = voters.enumerated().flatMap { site, count in [Int](repeating: site, count: count) }
  return try Simulation.make(
    SimulationSetup(
      links: LinkTable(matrix), nodes: sites.map { .init(site: SiteID(UInt16($0)), machine: machine) },
      configuration: Configuration(voters: sites.indices.map { NodeID(UInt32($0)) }), raft: raft, server: server,
      seed: seed, checksEveryStep: true))
}

extension Simulation {
  /// Hires several machines of one role at a site.
  @discardableResult
  mutating func hire(
    _ count: Int, _ role: FleetRole, at site: Int, machine: MachineModel = .ideal
  ) throws -> [NodeID] {
    var hired: [NodeID] = []
    for _ in 0..<count {
      let node = try hire(role, at: SiteID(UInt16(site)), machine: machine)
      hired.append(try #require(node))
    }
    return hired
  }

  /// Elects a leader, at a site when one is named, and lets what was hired find it.
  mutating func begin(at site: Int? = nil) throws -> NodeID {
    let elected = electLeader()
    var leader = try #require(elected)
    if let site, self.site(of: leader).slot != site {
      let target = (0..<machineCount).map { NodeID(UInt32($0)) }.first { self.site(of: $0).slot == site }
      try transferLeadership(from: leader, to: try #require(target))
      run(until: now + .seconds(1))
      let again = electLeader()
      leader = try #require(again)
      #expect(leader == target)
    }
    run(until: now + .seconds(3))
    return leader
  }

  /// The history of all operations that were seen, checked.
  func verdict(boundedAge: TimeSpan? = nil) -> LinearizabilityVerdict {
    var history = History(boundedAge: boundedAge)
    for record in observations.records { history.append(record) }
    return LinearizabilityChecker().check(history).verdict
  }

  /// Whether clients' operations are linearizable, no invariant broke and all replicas agree.
  func expectSound(_ comment: String = "", boundedAge: TimeSpan? = nil) {
    let (violation, agree, verdict) = (self.violation, replicasAgree(), self.verdict(boundedAge: boundedAge))
    #expect(violation == nil, "\(comment) \(violation?.description ?? "")")
    #expect(agree, "\(comment)")
    #expect(verdict == .linearizable, "\(comment) \(verdict)")
  }

  /// Whether somebody won an election since the last look.
  var sawElection: Bool {
    observations.leadership.contains { change in
      if case .elected = change { true } else { false }
    }
  }

  /// What the entries behind an index take in a node's log.
  func logBytes(of leader: NodeID, after index: LogIndex) -> Int {
    let node = node(leader)
    var bytes = 0
    var next = index.next
    while next <= node.lastPosition.index {
      bytes += node.entry(at: next).cost
      next = next.next
    }
    return bytes
  }
}
