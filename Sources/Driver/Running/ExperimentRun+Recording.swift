import Experiment
import KeyValue
import Raft
import Server
import Simulation
import Traces
import Verification
import Workload

/// From what the world saw to traces and checks.
extension ExperimentRun {
  mutating func takeObservations() throws {
    takeLeadership()
    for happening in simulation.observations.happenings {
      guard case .configurationApplied(let configuration, let index) = happening.event else { continue }
      let group = simulation.group(of: happening.node)
      let removed = memberships[group.place].applied(configuration, at: index, time: happening.at, into: traces)
      if let removed { took(configuration, of: group, removing: removed) }
    }
    for regrouping in simulation.observations.regroupings { note(regrouping) }
    for observation in simulation.observations.applied {
      let group = simulation.group(of: observation.node).place
      while lastAudited.count <= group { lastAudited.append(.zero) }
      guard observation.command.index > lastAudited[group] else { continue }
      lastAudited[group] = observation.command.index
      audit.applied(
        client: observation.command.client, sequence: observation.command.sequence, at: observation.command.index)
    }
    let isChecked = plan.spec.record.history && plan.spec.record.checks != .none
    for record in simulation.observations.records {
      try traces.record(record, group: simulation.router.group(of: record.operation.key).place)
      epochs?.statistics.record(record)
      if isChecked { history.append(record) }
      if plan.spec.record.checks != .none { audit.acknowledged(record) }
    }
    simulation.observations.removeAll()
  }

  /// Campaigns and changes of leadership, merged in the order of time; a campaign comes before what it leads to.
  private mutating func takeLeadership() {
    var changes = simulation.observations.leadership[...]
    for happening in simulation.observations.happenings {
      guard case .campaignStarted(let campaign, let term) = happening.event else { continue }
      while let change = changes.first, change.at < happening.at { report(changes.removeFirst()) }
      traces.recorder.campaignStarted(
        group: simulation.group(of: happening.node).place, node: happening.node, term: term, at: happening.at,
        campaign: campaign)
    }
    for change in changes { report(change) }
  }

  private mutating func report(_ change: LeadershipChange) {
    switch change {
    case .lost(let node, let cause, let at):
      traces.recorder.leaderLost(
        group: simulation.group(of: node).place, node: node, at: at, cause: ElectionTrigger(cause))
    case .resumed(let node, let at):
      traces.recorder.leaderResumed(group: simulation.group(of: node).place, node: node, at: at)
    case .elected(let node, let term, let at):
      traces.recorder.leaderElected(group: simulation.group(of: node).place, node: node, term: term, at: at)
      actions.seen(.leads(node), at: at)
      watchHome(of: simulation.group(of: node))
    }
  }

  /// A change of the groups was carried through; the machines of one that was removed are given back.
  private mutating func note(_ regrouping: Regrouping) {
    let group: GroupID
    switch regrouping.change {
    case .added(let added): return actions.seen(.hasKeys(added), at: regrouping.ended)
    case .removed(let removed): group = removed
    }
    actions.seen(.isRemoved(group), at: regrouping.ended)
    for node in simulation.members(of: group) where machines[node.slot].until == nil {
      machines[node.slot].until = regrouping.ended
    }
    traces.recorder.groupEnded(group.place, at: regrouping.ended)
    memberships[group.place].removed(at: regrouping.ended, into: traces)
  }
}

extension GroupID {
  /// The group's place in tables by group.
  var place: Int { Int(rawValue) }
}

extension NameTable {
  /// Gives a member's machine the next name of its site.
  mutating func addNext(_ node: NodeID, in simulation: borrowing Simulation) {
    let site = simulation.site(of: node)
    var number = 0
    for slot in 0..<node.slot where simulation.site(of: NodeID(UInt32(slot))) == site { number += 1 }
    add(node, site: site, number: number)
  }
}

extension ElectionTrigger {
  init(_ cause: LeaderLoss) {
    self =
      switch cause {
      case .crash: .crash
      case .pause: .pause
      case .partition: .partition
      case .stepDown: .stepDown
      case .transfer: .transfer
      case .removal: .removal
      }
  }
}

extension LeadershipChange {
  /// When it happened.
  var at: Instant {
    switch self {
    case .lost(_, _, let at), .resumed(_, let at), .elected(_, _, let at): at
    }
  }
}

/// Turns configurations, as they take effect for the first time anywhere, into membership rows.
struct MembershipWatch {
  private var current: Configuration
  private var lastIndex = LogIndex.zero
  private let group: Int
  /// Who decided that the group comes, when it was not there from the start.
  private let decidedBy: String

  init(_ configuration: Configuration, group: Int, decidedBy: String = "spec") {
    current = configuration
    self.group = group
    self.decidedBy = decidedBy
  }

  /// Reports the members of a group that came while the run went on.
  func reportAdded(at time: Instant, reason: String, into traces: RunTraces) {
    for node in current.voters { report(.addVoter, node, .follower, at: time, reason: reason, into: traces) }
  }

  /// Reports that the group is gone, with all its members.
  mutating func removed(at time: Instant, into traces: RunTraces) {
    let members = current.members
    current = Configuration(voters: [])
    for node in members { report(.remove, node, .follower, at: time, reason: "its group was removed", into: traces) }
  }

  func reportInitial(to traces: RunTraces) {
    for node in current.voters { report(.initial, node, .follower, at: .zero, reason: nil, into: traces) }
    for node in current.learners { report(.initial, node, .learner, at: .zero, reason: nil, into: traces) }
  }

  /// Takes a configuration in; the members that it removed, or nil when it is not news.
  mutating func applied(
    _ configuration: Configuration, at index: LogIndex, time: Instant, into traces: RunTraces
  ) -> [NodeID]? {
    guard index > lastIndex else { return nil }
    lastIndex = index
    let before = current
    current = configuration
    for node in configuration.voters where !before.voters.contains(node) {
      report(.addVoter, node, .follower, at: time, reason: "configuration at index \(index)", into: traces)
    }
    for node in configuration.learners where !before.learners.contains(node) {
      report(.addLearner, node, .learner, at: time, reason: "configuration at index \(index)", into: traces)
    }
    let removed = before.members.filter { !configuration.members.contains($0) }
    for node in removed {
      report(.remove, node, .follower, at: time, reason: "configuration at index \(index)", into: traces)
    }
    return removed
  }

  private func report(
    _ change: MembershipChange, _ node: NodeID, _ role: NodeRole, at time: Instant, reason: String?,
    into traces: RunTraces
  ) {
    traces.recorder.membershipChanged(
      group: group, at: time, change, node: node, role: role, decidedBy: decidedBy, reason: reason,
      counts: MembershipRow.Counts(voters: current.voters.count, learners: current.learners.count))
  }
}

/// Turns counters into a row for each node and window.
struct TrafficSampler {
  private let window: TimeSpan
  private var start = Instant.zero
  private var last: [MachineCounters]
  private(set) var next: Instant

  init(window: TimeSpan, nodes: [NodeID]) {
    self.window = window
    last = Array(repeating: MachineCounters(), count: nodes.count)
    next = .zero + window
  }

  private var lastFleet: [NodeID: MachineCounters] = [:]

  mutating func sample(_ simulation: borrowing Simulation, into traces: RunTraces) {
    let now = simulation.now
    guard now > start else { return }
    while last.count < simulation.machineCount { last.append(MachineCounters()) }
    for slot in 0..<simulation.machineCount {
      let id = NodeID(UInt32(slot))
      let counters = simulation.counters(id)
      let change = counters - last[slot]
      last[slot] = counters
      // A machine that was down for the whole window has nothing to report.
      if change == MachineCounters(), simulation.status(id) == .down || simulation.status(id) == .failed { continue }
      let isUp = simulation.status(id) == .running || simulation.status(id) == .paused
      let node = simulation.node(id)
      traces.recorder.traffic(
        from: start, to: now, node: id,
        role: node.configuration.isLearner(id) ? .learner : isUp ? NodeRole(node.role) : .voter,
        counters: TrafficCounters(change), cpuBusy: change.cpuBusy, nicBusy: change.egressBusy,
        diskBusy: change.diskBusy,
        log: LogGauges(last: node.lastPosition.index, commit: node.commitIndex, applied: node.appliedIndex))
    }
    sampleFleet(simulation, into: traces)
    start = now
    next = now + window
  }

  private mutating func sampleFleet(_ simulation: borrowing Simulation, into traces: RunTraces) {
    for id in simulation.fleet {
      let counters = simulation.counters(id)
      let change = counters - (lastFleet[id] ?? MachineCounters())
      lastFleet[id] = counters
      if change == MachineCounters(), simulation.fleetStatus(id) == .gone { continue }
      let applied = simulation.observerState(id)?.applied
      traces.recorder.traffic(
        from: start, to: simulation.now, node: id, role: applied == nil ? .secretary : .observer,
        counters: TrafficCounters(change), cpuBusy: change.cpuBusy, nicBusy: change.egressBusy,
        diskBusy: change.diskBusy,
        log: LogGauges(last: applied ?? .zero, commit: applied ?? .zero, applied: applied ?? .zero))
    }
  }
}

extension TrafficCounters {
  init(_ counters: MachineCounters) {
    self.init(
      messagesOut: counters.messagesOut, bytesOut: counters.bytesOut, messagesIn: counters.messagesIn,
      bytesIn: counters.bytesIn, wanBytesOut: counters.wanBytesOut, localBytesOut: counters.localBytesOut)
  }
}
