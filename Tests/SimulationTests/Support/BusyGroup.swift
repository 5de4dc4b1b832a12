import Raft
import Server
import Storage
import Workload

@testable import Simulation

/// A group that somebody leads and whose clients have written for a second, without a pause, and go on until `stop`.
func makeBusyGroup(
  voters: Int = 3, seed: UInt64 = 1, stop: TimeSpan = .seconds(12), server: ServerSettings = ServerSettings(),
  mix: [(OperationKind, Double)] = [(.update, 1)]
) throws -> Simulation {
  var simulation = try makeGroup(
    at: Array(0..<voters), machine: FaultTests.machine, seed: seed, server: server)
  guard simulation.electLeader() != nil else { throw NobodyLeads() }
  try simulation.addClients(
    makeClients(
      servers: (0..<voters).map { NodeID(UInt32($0)) }, arrival: .closed(clients: 1, think: .zero), mix: mix,
      stop: stop))
  simulation.run(until: simulation.now + .seconds(1))
  return simulation
}

struct NobodyLeads: Error {}

extension Simulation {
  /// The first node that does not lead.
  var follower: NodeID { leader == NodeID(0) ? NodeID(1) : NodeID(0) }

  /// What a node's disk holds.
  func contents(_ node: NodeID) -> DiskContents { machines[node.slot].disk.contents }

  /// Damages one thing on a node's disk.
  mutating func damage(_ record: StoredRecord, of node: NodeID) {
    machines[node.slot].disk.contents.damage(record, &random)
  }
}
