import Emulation
import Policies
import Raft

/// A world in which busy times follow from the load by plain formulas, and what the legality layer allows happens.
struct ToyWorld {
  var sample: Sample
  /// Reads per second that keep one server wholly busy.
  var readsPerServer = 1_000.0
  /// Writes per second times copies that keep the leader wholly busy.
  var copiesPerSecond = 10_000.0
  /// Epochs before a new node serves.
  var startUp = 0
  private(set) var spent = Money.zero
  private(set) var goodput = 0.0
  private(set) var log: [[Action]] = []
  private(set) var skipped: [SkipReason] = []
  private var ages: [NodeID: Int] = [:]

  init(_ sample: Sample) { self.sample = sample }

  private func servers(at site: Int) -> [NodeObservation] {
    sample.nodes.filter {
      $0.site == Sample.sites[site] && $0.state == .running && ($0.role == .voter || $0.role == .observer)
    }
  }

  private var copies: Int {
    (0..<3).reduce(0) { sum, site in
      let here = sample.nodes.filter { $0.site == Sample.sites[site] && $0.state == .running }
      let followers = here.filter { $0.role == .voter && $0.id != sample.leader }.count
      let secretaries = here.filter { $0.role == .secretary }.count
      return sum + (secretaries > 0 ? min(secretaries, followers) : followers)
    }
  }

  /// Carries the load of an epoch: sets the busy ratios, counts goodput and pays.
  private mutating func carry(reads: [Double], writes: Double) {
    sample.reads = reads
    sample.writes = [writes, 0, 0]
    for place in sample.nodes.indices {
      sample.nodes[place].cpuBusyRatio = 0
      sample.nodes[place].readsPerSecond = 0
    }
    for site in 0..<3 {
      let servers = servers(at: site)
      let answered = min(reads[site], readsPerServer * Double(servers.count))
      goodput += answered
      for server in servers {
        let share = answered / Double(servers.count)
        sample.change(server.id) {
          $0.readsPerSecond = share
          $0.cpuBusyRatio = share / readsPerServer
        }
      }
    }
    let shipped = min(writes, copiesPerSecond / Double(max(1, copies)))
    goodput += shipped
    if let leader = sample.leader {
      let ratio = shipped * Double(copies) / copiesPerSecond
      sample.change(leader) { $0.egressBusyRatio = ratio }
    }
    spent = sample.nodes.reduce(spent) { $0 + $1.price.cost(of: Sample.hour) }
  }

  /// Asks the policy, does what may be done, then lets an epoch pass under this load.
  mutating func epoch(_ policy: inout any MembershipPolicy, reads: [Double], writes: Double) {
    let decisions = Legality().decide(policy.decide(sample.observation), in: sample.observation)
    var done: [Action] = []
    for decision in decisions {
      switch decision.verdict {
      case .allowed:
        done.append(decision.proposal.action)
        apply(decision.proposal.action)
      case .skipped(let reason): skipped.append(reason)
      }
    }
    log.append(done)
    for place in sample.nodes.indices {
      let id = sample.nodes[place].id
      if let age = ages[id], age >= startUp { sample.nodes[place].state = .running }
      if ages[id] != nil { ages[id]! += 1 }
    }
    let before = spent
    carry(reads: reads, writes: writes)
    if let remaining = sample.budget.remaining { sample.budget.remaining = remaining - (spent - before) }
    sample.budget.epochsLeft -= 1
    sample.epoch += 1
  }

  private mutating func apply(_ action: Action) {
    func book(_ role: NodeObservation.Role, _ placement: Placement) -> NodeID {
      let id = NodeID(((sample.nodes.map(\.id) + sample.voters).map(\.rawValue).max() ?? 0) + 1)
      var node = Sample.node(id, role, at: placement, state: .starting)
      node.price = sample.offers.first { $0.placement == placement }!.price
      sample.nodes.append(node)
      ages[id] = 0
      return id
    }
    switch action {
    case .hire(let role, _, let placement): _ = book(role == .secretary ? .secretary : .observer, placement)
    case .dismiss(let id): sample.nodes.removeAll { $0.id == id }
    case .addVoter(_, let placement): sample.voters.append(book(.voter, placement))
    case .removeVoter(let id):
      sample.voters.removeAll { $0 == id }
      sample.nodes.removeAll { $0.id == id }
    case .transferLeadership(_, let id): sample.leader = id
    case .addGroup, .removeGroup: break
    }
  }

  func count(_ role: NodeObservation.Role, at site: Int) -> Int {
    sample.nodes.filter { $0.role == role && $0.site == Sample.sites[site] }.count
  }
}
