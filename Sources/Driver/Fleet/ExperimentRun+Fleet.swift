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
    let fleet = plan.spec.fleet
    for (role, counts) in [(NodeRole.secretary, fleet.secretaries), (.observer, fleet.observers)] {
      for entry in counts {
        guard let site = plan.spec.siteID(of: entry.site) else { continue }
        for _ in 0..<entry.count {
          try self.fleet.request(role, at: site, fleet.purchase, by: "spec", "the spec's fleet")
        }
      }
    }
    advanceMarkets()
  }

  /// Lets the markets' clock come to that of the world, and carries out what happened there.
  mutating func advanceMarkets(to instant: Instant? = nil) {
    for event in fleet.markets.advance(to: instant ?? clock.market(simulation.now)) { carryOut(event) }
  }

  /// When the markets need to be looked at next, by the world's clock.
  var nextMarketEvent: Instant { fleet.markets.nextEvent.map { clock.world($0) } ?? .distantFuture }

  private mutating func carryOut(_ event: MarketEvent) {
    let place = event.instance.slot
    switch event.kind {
    case .launched, .rebalance: break
    case .ready: begin(place)
    case .refused: fleet.posts[place].state = .gone(nil)
    case .notice(let kill, _): notice(place, kill: kill)
    case .killed(let cause): kill(place, cause.rawValue)
    }
  }

  /// A notice that fell between two simulated parts gives its node the time all the same.
  private mutating func kill(_ place: Int, _ cause: String) {
    guard plan.spec.sampling != nil, fleet.posts[place].noticed == simulation.now else {
      return lose(place, cause: cause)
    }
    let grace = plan.spec.group.raft.heartbeatInterval * 3
    timeline.add(.lose(instance: place, cause: cause), at: simulation.now + grace)
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
    guard let node = try? simulation.hire(role, at: post.site, machine: plan.fleetMachine) else {
      fleet.posts[place].state = .gone(nil)
      _ = try? fleet.markets.dismiss(post.instance)
      return
    }
    fleet.posts[place].state = .working(node)
    let name = fleet.nextName(post.role, at: post.site, called: plan.spec.sites[post.site.slot])
    fleet.posts[place].name = name
    traces.recorder.names.add(node, name: name, site: post.site)
    reportFleet(.hire, place, node, post.reason)
  }

  private mutating func notice(_ place: Int, kill: Instant) {
    fleet.posts[place].revokedAt = kill
    guard case .working(let node) = fleet.posts[place].state else { return }
    fleet.posts[place].noticed = simulation.now
    simulation.noticeRevocation(node)
  }

  /// The provider took an instance back.
  mutating func lose(_ place: Int, cause: String) {
    let post = fleet.posts[place]
    guard case .working(let node) = post.state else {
      fleet.posts[place].state = .gone(nil)
      return
    }
    let instance = fleet.markets.instances[post.instance.slot]
    let launched = instance.phase.launched ?? instance.requested
    traces.recorder.rows.revocations.append(
      RevocationRow(
        at: simulation.now, noticed: post.noticed, market: "\(instance.market.type)@\(plan.spec.sites[post.site.slot])",
        node: traces.recorder.names.node(node), role: post.role, site: plan.spec.sites[post.site.slot], cause: cause,
        price: fleet.price(of: post).nanoUSDPerHour, age: max(.zero, fleet.markets.now - launched),
        activity: activity(of: node, post.role)))
    simulation.dismiss(node)
    fleet.posts[place].state = .gone(node)
    fleet.lostInEpoch += 1
    reportFleet(.revoke, place, node, cause)
  }

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
    let grace = plan.spec.group.raft.heartbeatInterval * 3
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
    faults.injected += 1
    note(fault, "\(target)", name([node]), .injected, notice > .zero ? "with notice" : "without notice")
    if notice == .zero { return interrupt(place) }
    self.notice(place, kill: clock.market(simulation.now + notice))
    timeline.add(.interrupt(instance: place), at: simulation.now + notice)
  }

  /// Ends an instance as its provider does.
  mutating func interrupt(_ place: Int) {
    guard case .working = fleet.posts[place].state else { return }
    _ = fleet.markets.interrupt(fleet.posts[place].instance)
    lose(place, cause: "fault")
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
