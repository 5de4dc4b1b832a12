import Cloud
import Emulation
import Experiment
import Foundation
import Glibc
import KeyValue
import Raft
import Runtime
import Simulation
import Traces
import Wire
import Workload

/// Starts processes and listens to them.
extension LocalRun {
  /// A node that is not started yet.
  func makeNode(
    _ id: NodeID, _ name: String, at site: SiteID, _ role: Wire.NodeRole, on type: InstanceTypeName
  ) -> LocalNode {
    LocalNode(
      id: id, name: name, site: site, role: role,
      address: NetworkAddress(host: "127.0.0.1", port: ports.removeFirst()),
      machine: MemberMachine(type: type, since: now, role: role == .voter ? .voter : .learner))
  }

  /// Starts all processes and tells them to begin when all are there: elections begin with the load.
  func launch(_ isInterrupted: () -> Bool) throws {
    try directory.write(plan.spec.canonicalYAML, to: "spec.yaml")
    for node in plan.initialNodes { try start(node.id, waits: true) }
    try requestFirstFleet()
    for site in plan.spec.sites.indices {
      let name = plan.spec.sites[site]
      guard plan.spec.workload.contains(where: { $0.sites.contains(name) }) else { continue }
      let first = plan.initialNodes[0].id
      let child = try LocalChild(
        [
          executable, "load", "\(directory.path)/spec.yaml", "--config", file(of: first), "--site", name, "--driven",
        ], errors: "\(directory.path)/load-\(site).log")
      loads.append((SiteID(UInt16(site)), child, false))
    }
    let deadline = MonotonicClock.now + Self.patience
    while !(nodes.allSatisfy { $0.status != .starting || ledger.isUp($0.id) }
      && loads.allSatisfy { ledger.isUp($0.site) })
    {
      pump(for: .milliseconds(20))
      if let failure = failures.first { throw LocalRefusal.process(failure) }
      if isInterrupted() { throw LocalRefusal.process("interrupted before the run began") }
      if MonotonicClock.now > deadline {
        throw LocalRefusal.process("the processes did not start within \(Self.patience)")
      }
    }
    let start = MonotonicClock.now
    origin = start
    ledger.begin(at: start)
    for node in nodes where node.status == .starting { node.child?.send("go") }
    for load in loads {
      tellReaders(load.site)
      load.child.send("go \(start.nanoseconds)")
    }
  }

  /// Starts a node's process; one that waits is told to begin together with the others.
  func start(_ id: NodeID, waits: Bool = false) throws {
    // Its directory and its port must be free again.
    nodes[id.slot].child?.end()
    let node = nodes[id.slot]
    try directory.write(NodeFile.yaml(nodeFile(of: node)), to: "node-\(id.rawValue).yaml")
    var command = [executable, "node", "--config", file(of: id), "--driven", "--log-level", "notice"]
    if node.role.isMember, !node.wasCreated { command.append("--create") }
    if plan.spec.record.checks != .none { command.append("--report-applied") }
    let child = try LocalChild(command, errors: "\(directory.path)/node-\(id.rawValue).log")
    nodes[id.slot].child = child
    nodes[id.slot].status = .starting
    nodes[id.slot].wasCreated = true
    nodes[id.slot].lives += 1
    if !waits { child.send("go") }
  }

  private func file(of id: NodeID) -> String { "\(directory.path)/node-\(id.rawValue).yaml" }

  /// What a node is told at its start: a new group's members know each other, others know everybody there is.
  private func nodeFile(of node: LocalNode) -> NodeConfiguration {
    var configuration = NodeConfiguration()
    configuration.cluster = cluster
    (configuration.node, configuration.role, configuration.site) = (node.id, node.role, plan.spec.sites[node.site.slot])
    configuration.sites = plan.spec.sites
    configuration.listen = node.address
    configuration.group = plan.spec.group
    configuration.links = plan.spec.links
    configuration.followerReads = plan.spec.clients.linearizableReads == .nearest
    configuration.writes = .redirect
    configuration.feed = plan.spec.fleet.feed == .leader ? .leader : .nearest
    if node.role.isMember {
      configuration.data = "data-\(node.id.rawValue)"
    } else {
      configuration.life = node.lives + 1
    }
    let first = plan.initialNodes.map(\.id)
    for other in nodes {
      let isFirst = first.contains(other.id)
      // Who creates its log takes the members that it knows for the group's first ones.
      guard isFirst || (node.wasCreated || !node.role.isMember) && other.id != node.id && other.isUp else { continue }
      configuration.nodes.append(known(other))
    }
    return configuration
  }

  func known(_ node: LocalNode) -> KnownNode {
    var known = KnownNode()
    (known.node, known.role, known.site, known.address) = (
      node.id, node.role, plan.spec.sites[node.site.slot], node.address
    )
    return known
  }

  // MARK: Listening

  /// Waits for reports for a time at most, and takes those that came.
  func pump(for span: TimeSpan) {
    var descriptors: [pollfd] = []
    for node in nodes {
      if let child = node.child, child.output >= 0 {
        descriptors.append(pollfd(fd: child.output, events: Int16(POLLIN), revents: 0))
      }
    }
    for load in loads where load.child.output >= 0 {
      descriptors.append(pollfd(fd: load.child.output, events: Int16(POLLIN), revents: 0))
    }
    let milliseconds = Int32(clamping: (span.nanoseconds + 999_999) / 1_000_000)
    guard poll(&descriptors, nfds_t(descriptors.count), milliseconds) > 0 else { return }
    for slot in nodes.indices {
      guard let child = nodes[slot].child else { continue }
      for line in child.takeLines() { hear(line, of: slot) }
      if child.output < 0, nodes[slot].child === child { noteEnd(of: slot) }
    }
    for place in loads.indices {
      for line in loads[place].child.takeLines() { hear(line, ofLoad: place) }
      if loads[place].child.output < 0, !loads[place].isDone {
        loads[place].isDone = true
        failures.append(
          "the load of \(plan.spec.sites[loads[place].site.slot]) ended before its time: "
            + directory.tail(of: "load-\(loads[place].site.slot).log"))
      }
    }
  }

  private func hear(_ line: String, of slot: Int) {
    guard let report = NodeReport(line: line) else { return }
    let id = nodes[slot].id
    switch report {
    case .ready: noteReady(slot)
    case .failed(let reason): failures.append("\(nodes[slot].name): \(reason)")
    case .role(.leader, let term, _) where term > leaderTerm: (leader, leaderTerm) = (id, term)
    case .role(let role, let term, _) where role != .leader && id == leader && term >= leaderTerm: leader = nil
    case .configuration(let new, let index, _) where index > configurationIndex: took(new, at: index)
    default: break
    }
    ledger.take(report, of: id, life: nodes[slot].lives)
  }

  private func hear(_ line: String, ofLoad place: Int) {
    guard let report = LoadReport(line: line) else { return }
    switch report {
    case .done: loads[place].isDone = true
    case .failed(let reason):
      loads[place].isDone = true
      failures.append("the load of \(plan.spec.sites[loads[place].site.slot]): \(reason)")
    case .up: ledger.noteUp(loads[place].site)
    case .operation(let record): ledger.take(record)
    }
  }

  /// A node listens: it learns what of the network has changed.
  private func noteReady(_ slot: Int) {
    nodes[slot].status = .running
    ledger.set(nodes[slot].id, running: true, cause: .crash, at: now)
    toldLinks = toldLinks.filter { $0.key.from != .node(nodes[slot].id) }
    tellLinks()
    if nodes[slot].role.isMember {
      if !plan.initialNodes.contains(where: { $0.id == nodes[slot].id }) { introduce(slot) }
    } else {
      noteHired(slot)
    }
  }

  /// A process is gone; if nobody ended it, that is a failure.
  private func noteEnd(of slot: Int) {
    let log = directory.tail(of: "node-\(nodes[slot].id.rawValue).log")
    nodes[slot].child?.end()
    nodes[slot].child = nil
    if nodes[slot].status == .gone || nodes[slot].status == .down { return }
    nodes[slot].status = .down
    ledger.set(nodes[slot].id, running: false, cause: .crash, at: now)
    failures.append("\(nodes[slot].name) ended by itself: \(log)")
  }

  // MARK: Orders

  /// Sends an order to a node, and does something with its answer.
  func ask(_ order: AdminOrder, of slot: Int, then: @escaping (LocalRun, OrderDesk.Answer) -> Void = { _, _ in }) {
    orderCount += 1
    awaited[orderCount] = then
    desk.send(order, to: nodes[slot].address, number: orderCount)
  }

  func takeAnswers() {
    for (order, answer) in desk.take() { awaited.removeValue(forKey: order)?(self, answer) }
  }

  /// Tells all nodes and clients how to reach a node.
  private func introduce(_ slot: Int) {
    let node = nodes[slot]
    let address = PeerAddress(
      node: NodeIntroduction(
        node: node.id, incarnation: 1, role: node.role, locality: Locality(node.site.rawValue),
        site: plan.spec.sites[node.site.slot]),
      host: node.address.host, port: node.address.port)
    for other in nodes.indices where other != slot && nodes[other].isUp { ask(.introduce([address]), of: other) }
    tellLoads(of: node)
  }

  func tellLoads(of node: LocalNode) {
    for load in loads {
      load.child.send("node \(node.id.rawValue) \(plan.spec.sites[node.site.slot]) \(node.address)")
    }
  }
}
