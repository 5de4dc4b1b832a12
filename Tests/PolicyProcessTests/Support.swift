import Emulation
import Foundation
import Policies
import PolicyProcess
import Raft

/// One observation, and commands to show it to.
enum Support {
  static let packageRoot = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()
  static let policies = packageRoot.appendingPathComponent("experiments/policies")

  /// Whether `python3` can be run here.
  static let hasPython = runs(["python3", "-c", "pass"])

  static func runs(_ command: [String]) -> Bool {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = command
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return false }
    process.waitUntilExit()
    return process.terminationStatus == 0
  }

  static func shell(_ script: String, timeout: TimeSpan = .seconds(20)) -> ExternalPolicy {
    ExternalPolicy(ExternalPolicy.Settings(command: ["sh", "-c", script], timeout: timeout))
  }

  /// Five voters at two sites, the leader at `a`; `b` has three followers.
  static func observation(epoch: Int = 0, leaderBusy: Double = 0.1, readsBusy: Double = 0.4) -> Observation {
    let instance = InstanceType("c5.large")
    func placement(_ site: UInt16, _ market: Market) -> Placement {
      Placement(site: SiteID(site), instance: instance, market: market)
    }
    let nodes = (0..<5).map { place in
      var node = NodeObservation(
        id: NodeID(UInt32(place)), group: GroupID(0), role: .voter, state: .running,
        placement: placement(place < 2 ? 0 : 1, .onDemand), price: HourlyPrice(microUSDPerHour: 96_000))
      node.cpuBusyRatio = place == 0 ? leaderBusy : readsBusy
      return node
    }
    let operations = OperationObservation(
      offeredPerSecond: 500, okPerSecond: 500, failedPerSecond: 0, goodputPerSecond: 480, median: .milliseconds(3),
      p95: nil)
    return Observation(
      epoch: epoch, at: Instant(nanoseconds: 1), epochLength: .seconds(10), system: .geoRaft,
      sites: [
        SiteObservation(id: SiteID(0), name: "a", reads: operations, writes: operations),
        SiteObservation(id: SiteID(1), name: "b", reads: operations, writes: operations),
      ], nodes: nodes, groups: [GroupObservation(id: GroupID(0), voters: nodes.map(\.id), leader: NodeID(0))],
      offers: [
        Offer(placement: placement(0, .spot), price: HourlyPrice(microUSDPerHour: 31_000)),
        Offer(placement: placement(1, .spot), price: HourlyPrice(microUSDPerHour: 29_000)),
      ], budget: Budget(epochsLeft: 5), serviceLevel: ServiceLevel(read: .milliseconds(150), write: .milliseconds(400)),
      limits: Limits(
        instancesPerSite: 10, instances: 20, votersPerGroup: 5, mostVotersPerGroup: 7, newGroupSites: [], groups: 1,
        fleetRoles: [.secretary, .observer]))
  }

  static func spot(at site: UInt16) -> Placement {
    Placement(site: SiteID(site), instance: InstanceType("c5.large"), market: .spot)
  }
}
