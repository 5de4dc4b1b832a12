import Emulation
import Raft

/// How much one server of reads and the leader can do within the SLO, estimated from how busy they were.
///
/// Work is taken to be proportional to busy time: a node that was busy for a share `u` of the epoch while it did `x`
/// per second can do `target × x / u`. The leader's work grows with the copies of the log it ships. A node that was
/// hardly busy says nothing. Only the four operations of arithmetic are used, so that every machine agrees.
public struct CapacityModel: Hashable, Sendable {
  /// The share of an epoch below which a node's busy time says nothing about its capacity.
  public static let leastBusyRatio = 0.05

  /// Reads per second that one voter or observer can answer.
  public var readsPerServer: Double
  /// Writes per second times copies of the log that the leader can ship; infinite when it was hardly busy.
  public var copiesPerSecond: Double

  /// Makes a model.
  public init(readsPerServer: Double, copiesPerSecond: Double) {
    self.readsPerServer = readsPerServer
    self.copiesPerSecond = copiesPerSecond
  }

  /// Estimates a group's capacities, with `target` the highest wanted busy ratio; `readsPerServer` stands in while no
  /// server of reads was busy enough.
  init(_ observation: Observation, group: GroupObservation, target: Double, readsPerServer fallback: Double) {
    var reads = 0.0
    var busy = 0.0
    for node in observation.nodes where node.group == group.id && node.state == .running && node.id != group.leader {
      guard node.role == .voter || node.role == .observer, node.busyRatio >= Self.leastBusyRatio else { continue }
      reads += node.readsPerSecond
      busy += node.busyRatio
    }
    readsPerServer = reads > 0 && busy > 0 ? target * reads / busy : target * fallback
    copiesPerSecond = .infinity
    guard let leader = observation.leader(of: group), leader.busyRatio >= Self.leastBusyRatio else { return }
    let layout = GroupLayout(group, in: observation)
    let copies = layout.copies { site in
      layout.fleet(.secretary, at: site).filter { $0.state == .running }.count
    }
    let writes = observation.sites.reduce(0) { $0 + $1.writes.okPerSecond }
    if writes > 0, copies > 0 { copiesPerSecond = target * writes * Double(copies) / leader.busyRatio }
  }

  /// Writes per second that the leader can ship in this many copies.
  public func writes(inCopies copies: Int) -> Double { copies > 0 ? copiesPerSecond / Double(copies) : .infinity }
}
