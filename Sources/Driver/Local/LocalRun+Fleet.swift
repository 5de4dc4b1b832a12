import Cloud
import Emulation
import Experiment
import Raft
import Runtime
import Simulation
import Traces
import Wire
import Workload

/// Hires and loses secretaries and observers that are real processes, on the markets of the simulation.
extension LocalRun {
  /// Asks for the machines that the fleet has from the start.
  func requestFirstFleet() throws {
    try fleet.requestFirst(of: plan.spec)
    advanceMarkets()
  }

  /// Lets the markets' clock come to now, and carries out what happened there.
  func advanceMarkets() {
    for event in fleet.markets.advance(to: min(now, .zero + plan.spec.duration)) {
      let place = event.instance.slot
      switch event.kind {
      case .launched, .rebalance: break
      case .ready: begin(place)
      case .refused: fleet.posts[place].state = .gone(nil)
      case .notice(let kill, _): notice(place, kill: kill)
      case .killed(let cause): lose(place, cause: cause.rawValue)
      }
    }
  }

  /// A node begins to work on an instance that is ready.
  private func begin(_ place: Int) {
    let post = fleet.posts[place]
    guard case .starting = post.state else { return }
    let name = fleet.nextName(post.role, at: post.site, called: plan.spec.sites[post.site.slot])
    let id = NodeID(UInt32(nodes.count))
    let role: Wire.NodeRole = post.role == .secretary ? .secretary : .observer
    nodes.append(makeNode(id, name, at: post.site, role, on: fleet.market(of: post).type))
    traces.recorder.names.add(id, name: name, site: post.site)
    fleet.posts[place].name = name
    fleet.posts[place].state = .working(id)
    _ = try? network.addEndpoint(at: post.site)
    do {
      try start(id, waits: origin == nil)
    } catch {
      failures.append("\(name): \(error)")
    }
    if let kill = post.revokedAt { notice(place, kill: kill) }
  }

  /// A node of the fleet listens.
  func noteHired(_ slot: Int) {
    guard let place = fleet.place(of: nodes[slot].id) else { return }
    reportFleet(.hire, place, nodes[slot].id, fleet.posts[place].reason)
    guard nodes[slot].role == .observer else { return }
    tellLoads(of: nodes[slot])
    for load in loads { tellReaders(load.site) }
  }

  /// Tells the clients of a site which observers there are at it.
  func tellReaders(_ site: SiteID) {
    guard let load = loads.first(where: { $0.site == site }) else { return }
    let readers = fleetNodes(.observer).filter { $0.site == site && $0.isUp && !isLeaving($0.id) }
    load.child.send("readers \(readers.map { "\($0.id.rawValue)" }.joined(separator: " "))")
  }

  private func isLeaving(_ node: NodeID) -> Bool {
    fleet.place(of: node).map { fleet.posts[$0].noticed != nil } ?? true
  }

  /// The nodes of a role that work and are not about to go.
  func fleetNodes(_ role: Traces.NodeRole) -> [LocalNode] {
    fleet.posts.compactMap { post in
      guard post.role == role, post.revokedAt == nil, case .working(let node) = post.state else { return nil }
      return nodes[node.slot]
    }
  }

  private func notice(_ place: Int, kill: Instant) {
    fleet.posts[place].revokedAt = kill
    guard case .working(let node) = fleet.posts[place].state else { return }
    fleet.posts[place].noticed = now
    let left = max(.zero, kill - now)
    ask(.interrupt(InterruptionNotice(action: .terminate, timeLeft: left)), of: node.slot)
    if nodes[node.slot].role == .observer { tellReaders(nodes[node.slot].site) }
  }

  /// The provider took an instance back: its process is killed.
  private func lose(_ place: Int, cause: String) {
    let post = fleet.posts[place]
    guard case .working(let node) = post.state else {
      fleet.posts[place].state = .gone(nil)
      return
    }
    traces.recorder.rows.revocations.append(
      fleet.revocation(
        of: post, node: name([node]), at: now, instant: now, site: plan.spec.sites[post.site.slot], cause: cause,
        activity: activity(of: node, post)))
    crash(node)
    nodes[node.slot].status = .gone
    fleet.posts[place].state = .gone(node)
    reportFleet(.revoke, place, node, cause)
    if post.role == .observer { tellReaders(post.site) }
  }

  private func activity(of node: NodeID, _ post: FleetManager.Post) -> String {
    switch (nodes[node.slot].status, post.noticed) {
    case (.paused, _): "standing still"
    case (.running, nil): post.role == .secretary ? "relaying" : "serving reads"
    case (.running, _): post.role == .secretary ? "retiring" : "draining"
    default: "nothing"
    }
  }

  /// A fault takes an instance of the fleet back.
  func revoke(_ target: Target, notice: TimeSpan, _ fault: Fault) {
    let targets = resolve(target, where: { $0.isUp })
    guard let node = targets.first, let place = fleet.place(of: node) else {
      return note(fault, "\(target)", nil, .skipped, "nothing to do it to")
    }
    faults.counts.injected += 1
    note(fault, "\(target)", name([node]), .injected, notice > .zero ? "with notice" : "without notice")
    if notice == .zero { return interrupt(place) }
    self.notice(place, kill: now + notice)
    timeline.add(.interrupt(instance: place), at: now + notice)
  }

  /// Ends an instance as its provider does.
  func interrupt(_ place: Int) {
    guard case .working = fleet.posts[place].state else { return }
    _ = fleet.markets.interrupt(fleet.posts[place].instance)
    lose(place, cause: "fault")
  }

  private func reportFleet(_ change: MembershipChange, _ place: Int, _ node: NodeID, _ reason: String) {
    let post = fleet.posts[place]
    traces.recorder.membershipChanged(
      at: now, change, node: node, role: post.role,
      market: fleet.markets.instances[post.instance.slot].purchase.rawValue,
      decidedBy: change == .revoke ? "provider" : post.decidedBy, reason: reason,
      counts: MembershipRow.Counts(
        voters: configuration.voters.count, learners: configuration.learners.count,
        secretaries: fleet.working(.secretary), observers: fleet.working(.observer)))
  }
}
