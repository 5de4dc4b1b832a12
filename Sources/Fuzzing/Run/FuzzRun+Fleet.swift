import Emulation
import Raft
import Simulation

/// What happens to secretaries and observers.
extension FuzzRun {
  /// The slots of all machines that the network may cut off from each other.
  var networkSlots: [Int] { Array(0..<simulation.machineCount) + simulation.fleet.map(\.slot) }

  /// Carries a trouble of the fleet out; what it came to in words, or nil when it could not be done now.
  mutating func beginFleet(_ trouble: Trouble, _ random: inout RandomSource) -> String? {
    if trouble.kind == .hire { return hire(&random) }
    let candidates = simulation.fleet.filter { simulation.fleetStatus($0) != .gone }
    guard !candidates.isEmpty else { return nil }
    let node = candidates[Int(random.next(below: UInt64(candidates.count)))]
    let what = isSecretary(node) ? "secretary" : "observer"
    switch trouble.kind {
    case .revoke:
      guard simulation.dismiss(node) else { return nil }
      coverage.count(.fleetRevoked)
      return "\(what) \(node) is revoked"
    case .revokeWithNotice:
      guard simulation.noticeRevocation(node) else { return nil }
      coverage.count(.fleetNoticed)
      agenda.add(.revoke(node), at: simulation.now + trouble.span)
      return "\(what) \(node) is told that it goes in \(trouble.span)"
    case .pauseFleet:
      guard simulation.pause(node) else { return nil }
      coverage.count(.fleetPaused)
      agenda.add(.resume(node), at: simulation.now + trouble.span)
      return "\(what) \(node) stands still for \(trouble.span)"
    case .cutOffFleet: return cutOffFleet(node, what, for: trouble.span, &random)
    default: return nil
    }
  }

  private func isSecretary(_ node: NodeID) -> Bool {
    if case .secretary = simulation.fleetRole(node) { true } else { false }
  }

  private mutating func hire(_ random: inout RandomSource) -> String? {
    guard !plan.fleet.isEmpty else { return nil }
    let hand = plan.fleet[Int(random.next(below: UInt64(plan.fleet.count)))]
    let site = SiteID(UInt16(random.next(below: UInt64(plan.setup.links.siteCount))))
    guard simulation.fleet.count(where: { simulation.fleetStatus($0) != .gone }) < 8,
      let node = try? simulation.hire(hand.role, at: site, machine: plan.setup.nodes[0].machine)
    else { return nil }
    coverage.count(.fleetHired)
    return "\(isSecretary(node) ? "secretary" : "observer") \(node) begins to work at \(site)"
  }

  /// Cuts a machine of the fleet off from some members: in both directions, or so that it only hears or is heard.
  private mutating func cutOffFleet(
    _ node: NodeID, _ what: String, for span: TimeSpan, _ random: inout RandomSource
  ) -> String? {
    let all = random.nextBool(probability: 0.3)
    let others = networkSlots.filter { $0 != node.slot && (all || random.nextBool(probability: 0.5)) }
    guard !others.isEmpty else { return nil }
    let here = [Place.endpoint(simulation.endpoint(of: node))]
    let there = others.map { Place.endpoint(simulation.endpoint(of: NodeID(UInt32($0)))) }
    let partition: Partition
    switch random.next(below: 3) {
    case 0: partition = .oneWay(from: here, to: there)
    case 1: partition = .oneWay(from: there, to: here)
    default: partition = .groups([here, there])
    }
    guard let id = try? simulation.begin(partition) else { return nil }
    coverage.count(.fleetCutOff)
    agenda.add(.heal(id), at: simulation.now + span)
    return "\(what) \(node) and \(others.count) others lose their links for \(span)"
  }

  /// Whether every observer that works has applied everything up to an index.
  func observersHaveApplied(_ end: LogIndex) -> Bool {
    simulation.fleet.allSatisfy { node in
      guard simulation.fleetStatus(node) == .working, let state = simulation.observerState(node) else { return true }
      return state.applied == end
    }
  }

  /// What the fleet did, for coverage.
  mutating func collectFleetCoverage() {
    let nodes = simulation.nodeCounters
    coverage.count(.batchesRelayed, nodes.batchesRelayed)
    coverage.count(.relaysTakenOver, nodes.relaysTakenOver)
    let secretaries = simulation.secretaryCounters
    coverage.count(.responsesCarried, secretaries.carried)
    coverage.count(.relaysDropped, secretaries.dropped)
    let observers = simulation.observerCounters
    coverage.count(.feedSourcesChanged, observers.sourceChanges)
    coverage.count(.feedSnapshots, observers.snapshots)
  }
}
