import Cloud
import Emulation
import Experiment
import Raft
import Simulation
import Traces

/// Hires and loses secretaries and observers.
extension ExperimentRun {
  /// Asks for the machines that the fleet has from the start.
  mutating func requestFirstFleet() throws {
    try fleet.requestFirst(of: plan.spec)
    advanceMarkets()
  }

  /// The moment by the markets' clock: it stands still at the end of the run, however long operations take to end.
  var marketNow: Instant { min(clock.market(simulation.now), .zero + plan.spec.duration) }

  /// Lets the markets' clock come to that of the world, and carries out what happened there.
  mutating func advanceMarkets() {
    for event in fleet.markets.advance(to: marketNow) { carryOut(event) }
  }

  /// When the markets need to be looked at next, by the world's clock.
  var nextMarketEvent: Instant {
    guard let next = fleet.markets.nextEvent, next <= .zero + plan.spec.duration else { return .distantFuture }
    return clock.world(next)
  }

  private mutating func carryOut(_ event: MarketEvent) {
    let place = event.instance.slot
    switch event.kind {
    case .launched, .rebalance: break
    case .ready: begin(place)
    case .refused: fleet.posts[place].state = .gone(nil)
    case .notice(let kill, _): notice(place, kill: kill)
    case .killed(let cause): lose(place, cause: cause.rawValue, at: event.at)
    }
  }

  /// Takes back a request for an instance that has no node yet.
  mutating func withdraw(_ place: Int) {
    _ = try? fleet.markets.dismiss(fleet.posts[place].instance)
    fleet.posts[place].state = .gone(nil)
  }

  /// A node begins to work on an instance that is ready.
  private mutating func begin(_ place: Int) {
    let post = fleet.posts[place]
    guard case .starting = post.state else { return }
    let role: FleetRole
    if post.role == .secretary {
      role = .secretary(capacity: UInt16(clamping: fleet.plan.capacity))
    } else {
      role = .observer(plan.observerSettings)
    }
    let machine = plan.machine(of: fleet.market(of: post).type)
    guard let node = try? simulation.hire(role, at: post.site, machine: machine) else {
      fleet.posts[place].state = .gone(nil)
      _ = try? fleet.markets.dismiss(post.instance)
      return
    }
    fleet.posts[place].state = .working(node)
    let name = fleet.nextName(post.role, at: post.site, called: plan.spec.sites[post.site.slot])
    fleet.posts[place].name = name
    traces.recorder.names.add(node, name: name, site: post.site)
    reportFleet(.hire, place, node, post.reason)
    // Notice may have been given while the instance booted.
    if let kill = post.revokedAt { notice(place, kill: kill) }
  }

  private mutating func notice(_ place: Int, kill: Instant) {
    fleet.posts[place].revokedAt = kill
    guard case .working(let node) = fleet.posts[place].state else { return }
    fleet.posts[place].noticed = simulation.now
    simulation.noticeRevocation(node)
  }

  /// The provider took an instance back at a moment of the markets' clock.
  ///
  /// Of a node whose notice and kill both fell between two simulated parts, the process goes on for a few heartbeats:
  /// it had that time to hand its work over. Its instance, and its place in the fleet, are gone.
  private mutating func lose(_ place: Int, cause: String, at instant: Instant) {
    let post = fleet.posts[place]
    guard case .working(let node) = post.state else {
      fleet.posts[place].state = .gone(nil)
      return
    }
    traces.recorder.rows.revocations.append(
      fleet.revocation(
        of: post, node: name([node]), at: simulation.now, instant: instant, site: plan.spec.sites[post.site.slot],
        cause: cause, activity: activity(of: node, post.role)))
    if plan.spec.sampling != nil, post.noticed == simulation.now {
      timeline.add(.stop(node), at: simulation.now + grace)
    } else {
      simulation.dismiss(node)
    }
    fleet.posts[place].state = .gone(node)
    fleet.lostInEpoch += 1
    reportFleet(.revoke, place, node, cause)
  }

  /// Ends the process of a node whose instance is gone, unless its machine has come back with another.
  mutating func stop(_ node: NodeID) {
    if fleet.place(of: node) == nil { simulation.dismiss(node) }
  }

  /// How long a node that is to go works on, so that others can take over.
  var grace: TimeSpan { plan.spec.group.raft.heartbeatInterval * 3 }

  private func activity(of node: NodeID, _ role: NodeRole) -> String {
    switch simulation.fleetStatus(node) {
    case .working: role == .secretary ? "relaying" : "serving reads"
    case .leaving: role == .secretary ? "retiring" : "draining"
    case .paused: "standing still"
    case .gone: "nothing"
    }
  }

  /// Sends a node of the fleet away: a secretary tells its leader first, and goes when others do its work.
  mutating func dismiss(_ node: NodeID, by decidedBy: String, _ reason: String) {
    guard let place = fleet.place(of: node) else { return }
    simulation.noticeRevocation(node)
    fleet.posts[place].decidedBy = decidedBy
    fleet.posts[place].reason = reason
    timeline.add(.dismiss(instance: place), at: simulation.now + grace)
  }

  mutating func endService(of place: Int) {
    guard case .working(let node) = fleet.posts[place].state else { return }
    let instance = fleet.posts[place].instance
    simulation.dismiss(node)
    _ = try? fleet.markets.dismiss(instance)
    fleet.posts[place].state = .gone(node)
    reportFleet(.dismiss, place, node, fleet.posts[place].reason)
  }

  /// A fault takes an instance of the fleet back.
  mutating func revoke(_ target: Target, notice: TimeSpan, _ fault: Fault) {
    let nodes = resolve(target, where: { $1 == .running || $1 == .paused })
    guard let node = nodes.first, let place = fleet.place(of: node) else {
      return note(fault, "\(target)", nil, .skipped, "nothing to do it to")
    }
    faults.counts.injected += 1
    note(fault, "\(target)", name([node]), .injected, notice > .zero ? "with notice" : "without notice")
    if notice == .zero { return interrupt(place) }
    self.notice(place, kill: clock.market(simulation.now + notice))
    timeline.add(.interrupt(instance: place), at: simulation.now + notice)
  }

  /// Ends an instance as its provider does.
  mutating func interrupt(_ place: Int) {
    guard case .working = fleet.posts[place].state else { return }
    _ = fleet.markets.interrupt(fleet.posts[place].instance)
    lose(place, cause: "fault", at: fleet.markets.now)
  }

  private func reportFleet(_ change: MembershipChange, _ place: Int, _ node: NodeID, _ reason: String) {
    let post = fleet.posts[place]
    traces.recorder.membershipChanged(
      at: simulation.now, change, node: node, role: post.role,
      market: fleet.markets.instances[post.instance.slot].purchase.rawValue,
      decidedBy: change == .revoke ? "provider" : post.decidedBy, reason: reason, counts: memberCounts)
  }

  /// How many nodes there are in each role.
  var memberCounts: MembershipRow.Counts {
    let groups = simulation.groupIDs.map { simulation.configuration(of: $0) }
    return MembershipRow.Counts(
      voters: groups.reduce(0) { $0 + $1.voters.count }, learners: groups.reduce(0) { $0 + $1.learners.count },
      secretaries: fleet.working(.secretary),
      observers: fleet.working(.observer))
  }
}
