import Emulation
import Experiment
import KeyValue
import Raft
import Runtime
import Server
import Simulation
import Traces
import Verification
import Workload

/// Puts the reports of all processes into one order, that of time, and turns them into traces and checks.
struct ReportLedger {
  /// Something that happened, and when.
  private struct Happening {
    enum What {
      case report(NodeID, NodeReport)
      case record(OperationRecord)
      case status(NodeID, running: Bool, cause: LeaderLoss)
      case network(Network)
    }

    var at: Instant
    var what: What
  }

  /// The network as it was when the run began.
  let firstNetwork: Network
  var membership: MembershipWatch
  /// When nodes are to be looked at next.
  private(set) var nextSample: Instant
  /// How much has been reported.
  private(set) var count = 0
  /// The end of the last operation.
  private(set) var last = Instant.zero

  private let plan: RunPlan
  private var watch: LeadershipWatch
  private var origin = Instant.zero
  private var pending: [Happening] = []
  private var audit = DurabilityAudit()
  private var history: History
  private var effects = AppliedCommands()
  private var upNodes: Set<NodeID> = []
  private var upSites: Set<SiteID> = []
  private var samples: SampleBook

  init(_ plan: RunPlan, network: Network) {
    self.plan = plan
    firstNetwork = network
    membership = MembershipWatch(plan.configuration, group: 0)
    history = History(boundedAge: plan.spec.group.boundedAge)
    watch = LeadershipWatch(plan.configuration, network: network, nodes: plan.nodes.count)
    samples = SampleBook()
    nextSample = .zero + plan.spec.record.windows
  }

  // MARK: Starting

  /// Whether a node's process runs.
  func isUp(_ node: NodeID) -> Bool { upNodes.contains(node) }
  /// Whether the process of a site's clients runs.
  func isUp(_ site: SiteID) -> Bool { upSites.contains(site) }
  /// Notes that the process of a site's clients runs.
  mutating func noteUp(_ site: SiteID) { upSites.insert(site) }

  /// The run counts from a moment of the machine's clock.
  mutating func begin(at origin: Instant) { self.origin = origin }

  // MARK: Taking

  /// Takes what a node's process reports, the `life`-th of the node.
  mutating func take(_ report: NodeReport, of node: NodeID, life: UInt64) {
    count += 1
    switch report {
    case .up: upNodes.insert(node)
    case .applied(let command):
      if effects.add(command, at: node) {
        audit.applied(client: command.client, sequence: command.sequence, at: command.index)
      }
    case .sample(let sample): samples.take(sample, of: node, life: life)
    case .role(_, _, let at), .campaign(_, _, let at), .configuration(_, _, let at): add(at, .report(node, report))
    case .ready, .failed, .hired, .lost, .snapshot: break
    }
  }

  /// Takes an operation that ended.
  mutating func take(_ record: OperationRecord) {
    count += 1
    var record = record
    record.intended = time(record.intended)
    record.started = time(record.started)
    record.ended = time(record.ended)
    last = max(last, record.ended)
    insert(Happening(at: record.ended, what: .record(record)))
  }

  /// Notes what the driver did to a node's process.
  mutating func set(_ node: NodeID, running: Bool, cause: LeaderLoss, at now: Instant) {
    insert(Happening(at: now, what: .status(node, running: running, cause: cause)))
  }

  /// Notes what the driver did to the network.
  mutating func set(_ network: Network, at now: Instant) { insert(Happening(at: now, what: .network(network))) }

  private func time(_ instant: Instant) -> Instant { .zero + (instant - origin) }

  private mutating func add(_ at: Instant, _ what: Happening.What) {
    insert(Happening(at: max(.zero, time(at)), what: what))
  }

  private mutating func insert(_ happening: Happening) {
    // Reports come nearly in order: the place is near the end.
    var place = pending.endIndex
    while place > 0, pending[place - 1].at > happening.at { place -= 1 }
    pending.insert(happening, at: place)
  }

  // MARK: Settling

  /// Turns all that happened until a moment into traces.
  mutating func settle(through moment: Instant, into traces: RunTraces) throws {
    let due = pending.prefix { $0.at <= moment }
    guard !due.isEmpty else { return }
    pending.removeFirst(due.count)
    for happening in due {
      switch happening.what {
      case .record(let record): try settle(record, into: traces)
      case .report(let node, let report): settle(report, of: node, at: happening.at, into: traces)
      case .status(let node, let running, let cause):
        note(watch.set(node, running: running, cause: cause, at: happening.at), into: traces)
      case .network(let network): note(watch.set(network, at: happening.at), into: traces)
      }
    }
  }

  private mutating func settle(_ record: OperationRecord, into traces: RunTraces) throws {
    try traces.record(record)
    guard plan.spec.record.checks != .none else { return }
    if plan.spec.record.history { history.append(record) }
    audit.acknowledged(record)
  }

  private mutating func settle(_ report: NodeReport, of node: NodeID, at now: Instant, into traces: RunTraces) {
    switch report {
    case .role(let role, let term, _): note(watch.role(role, of: node, term: term, at: now), into: traces)
    case .campaign(let campaign, let term, _):
      watch.campaign(campaign, term: term)
      traces.recorder.campaignStarted(node: node, term: term, at: now, campaign: campaign)
    case .configuration(let configuration, let index, _):
      watch.took(configuration, at: index)
      _ = membership.applied(configuration, at: index, time: now, into: traces)
    default: break
    }
  }

  private func note(_ changes: [LeadershipChange], into traces: RunTraces) {
    for change in changes {
      switch change {
      case .lost(let node, let cause, let at):
        traces.recorder.leaderLost(node: node, at: at, cause: ElectionTrigger(cause))
      case .resumed(let node, let at): traces.recorder.leaderResumed(node: node, at: at)
      case .elected(let node, let term, let at): traces.recorder.leaderElected(node: node, term: term, at: at)
      }
    }
  }

  // MARK: Samples

  /// A look at these nodes begins.
  mutating func beginSample(of nodes: [SampleBook.Subject], at now: Instant, into traces: RunTraces) {
    samples.write(into: traces)
    samples.begin(nodes, at: now)
    while nextSample <= now { nextSample = nextSample + plan.spec.record.windows }
  }

  /// Whether all nodes that were looked at have answered.
  var hasAllSamples: Bool { samples.isComplete }

  /// The last look is over.
  mutating func endSamples(into traces: RunTraces) { samples.write(into: traces) }

  /// How many bytes went from one site to another, by what nodes counted.
  func bytes(from: SiteID, to: SiteID) -> UInt64 { samples.bytes(from: from, to: to) }

  // MARK: Checking

  /// What the checks find.
  func check(failures: [String]) -> CheckReport {
    var report = CheckReport()
    guard plan.spec.record.checks != .none else { return report }
    var details = failures
    if let found = watch.twoLeaders { details.append("\(found.first) and \(found.second) both led term \(found.term)") }
    details += effects.disagreements
    report.add(.invariants, details.isEmpty ? .pass : .fail, details: details)
    report.add(ReplicaDigest.disagreements(among: samples.replicas))
    report.add(audit.result())
    if plan.spec.record.history { report.add(LinearizabilityChecker().check(history)) }
    return report
  }
}

/// Which command stands at each place of the log, by what any node applied there.
struct AppliedCommands {
  private var commands: ContiguousArray<AppliedCommand?> = []
  /// Places at which two nodes applied different commands, the first few.
  private(set) var disagreements: [String] = []

  /// Takes what a node applied; whether it is news.
  mutating func add(_ command: AppliedCommand, at node: NodeID) -> Bool {
    let place = Int(clamping: command.index.rawValue)
    guard place < 1 << 26 else { return false }
    while commands.count <= place { commands.append(nil) }
    guard let known = commands[place] else {
      commands[place] = command
      return true
    }
    if known != command, disagreements.count < 10 {
      disagreements.append(
        "\(node) applied command \(command.sequence.rawValue) of client \(command.client.rawValue) at index "
          + "\(command.index), others command \(known.sequence.rawValue) of client \(known.client.rawValue)")
    }
    return false
  }
}
