import Emulation
import KeyValue
import Raft
import Server
import Simulation
import Workload

extension FuzzPlan {
  /// Draws the plan of a seed. The same seed and profile always mean the same plan.
  ///
  /// Throws only if a drawn value were out of a room's range, which is a defect of this code.
  public static func draw(seed: UInt64, profile: FuzzProfile) throws -> FuzzPlan {
    var drawing = PlanDrawing(seed: seed, profile: profile)
    return try drawing.plan()
  }
}

/// Draws one plan.
struct PlanDrawing {
  let seed: UInt64
  let profile: FuzzProfile
  var random: RandomSource

  init(seed: UInt64, profile: FuzzProfile) {
    self.seed = seed
    self.profile = profile
    random = RandomSource(seed: seed, stream: 0xF0_22ED)
  }

  // MARK: Draws

  mutating func chance(_ probability: Double) -> Bool { random.nextBool(probability: probability) }

  mutating func pick<Element>(_ choices: [Element]) -> Element {
    choices[Int(random.next(below: UInt64(choices.count)))]
  }

  mutating func number(_ range: ClosedRange<Int>) -> Int {
    range.lowerBound + Int(random.next(below: UInt64(range.count)))
  }

  /// The index of a weight, each as likely as it is heavy.
  mutating func index(of weights: [UInt64]) -> Int {
    var point = random.next(below: weights.reduce(0, +))
    for (index, weight) in weights.enumerated() {
      if point < weight { return index }
      point -= weight
    }
    return weights.count - 1
  }

  mutating func span(_ range: ClosedRange<TimeSpan>) -> TimeSpan { random.next(in: range) }

  // MARK: The plan

  mutating func plan() throws -> FuzzPlan {
    let raft = raftSettings()
    let timeout = raft.electionTimeout
    let sites = number(2...3)
    let voters = 1 + index(of: [4, 8, 34, 14, 22, 6, 7, 2, 3].prefix(profile.mostVoters).map { $0 })
    let learners = chance(0.25) ? number(1...2) : 0
    let machine = machineModel(timeout)
    let links = try linkTable(sites: sites, timeout)
    var nodes: [SimulationSetup.Node] = []
    // Now and then all nodes are at one site, and clients at others.
    let nodeSites = number(1...sites)
    for _ in 0..<(voters + learners) { nodes.append(.init(site: site(of: nodeSites), machine: machine)) }
    var spares: [SimulationSetup.Node] = []
    for _ in 0..<number(0...2) { spares.append(.init(site: site(of: nodeSites), machine: machine)) }
    let ids = (0..<nodes.count).map { NodeID(UInt32($0)) }
    var setup = SimulationSetup(
      links: links, nodes: nodes,
      configuration: Configuration(voters: Array(ids[..<voters]), learners: Array(ids[voters...])), raft: raft,
      server: serverSettings(timeout), seed: seed, checksEveryStep: true)
    setup.expectedEvents = 256
    let calm = Instant.zero + timeout.upperBound * Int64(number(10...20))
    var plan = FuzzPlan(
      seed: seed, setup: setup, spares: spares, fleet: [], clients: clients(sites: sites, timeout, setup),
      troubles: troubles(timeout, until: calm), calm: calm, clockError: clockError(raft))
    if profile.hasFleet { addFleet(to: &plan, sites: sites) }
    return plan
  }

  // MARK: The fleet

  /// Drawn last, so that the rest of a plan does not depend on it.
  private mutating func addFleet(to plan: inout FuzzPlan, sites: Int) {
    let timeout = plan.setup.raft.electionTimeout
    plan.setup.raft.relayTimeout = timeout.lowerBound * Int64(number(25...48)) / 100
    plan.setup.raft.relayReach = chance(0.7) ? .group : .locality
    plan.setup.raft.acknowledgements = chance(0.5) ? .carried : .direct
    plan.setup.raft.feedExpiry = timeout.upperBound * 2
    // No older than what clocks may make of it.
    plan.setup.server.boundedAge = timeout.lowerBound * Int64(number(1...20)) / 10
    for place in plan.clients.indices where chance(0.3) { plan.clients[place].phase.consistency = .bounded }
    for _ in 0..<number(1...5) {
      let role =
        chance(0.6) ? FleetRole.secretary(capacity: UInt16(number(1...8))) : .observer(observer(plan.setup.raft))
      plan.fleet.append(FuzzPlan.Hand(site: site(of: sites), role: role))
    }
  }

  private mutating func observer(_ raft: Settings) -> ObserverSettings {
    var settings = ObserverSettings()
    settings.requestInterval = raft.heartbeatInterval
    settings.sourceTimeout = raft.heartbeatInterval * Int64(number(3...6))
    settings.sourceAvoidance = raft.electionTimeout.upperBound
    settings.window = chance(0.5) ? UInt32(number(1...20)) : 4_096
    settings.feed = chance(0.2) ? .leader : .nearest
    settings.readIndex = chance(0.3) ? .quorum : .leader
    return settings
  }

  private mutating func site(of sites: Int) -> SiteID { SiteID(UInt16(random.next(below: UInt64(sites)))) }

  private mutating func raftSettings() -> Settings {
    var settings = Settings()
    let lower = TimeSpan.milliseconds(pick([60, 100, 150, 300]))
    settings.electionTimeout = lower...(lower + lower * Int64(number(3...10)) / 10)
    settings.heartbeatInterval = lower / Int64(number(3...7))
    settings.usesPreVote = chance(0.7)
    settings.checksQuorum = chance(0.7)
    settings.maximumEntriesPerMessage = chance(0.6) ? number(1...6) : 1_024
    settings.maximumBytesPerMessage = chance(0.3) ? number(40...400) : 1 << 20
    settings.maximumInflightMessages = chance(0.6) ? number(1...4) : 256
    settings.maximumUncommittedBytes = chance(0.2) ? number(100...2_000) : 64 << 20
    settings.snapshotChunkBytes = chance(0.7) ? number(32...400) : 256 << 10
    settings.promotionLag = chance(0.5) ? number(0...8) : 1_024
    settings.readBatchInterval = chance(0.5) ? .zero : .milliseconds(Int64(number(1...5)))
    if chance(profile.leases) {
      settings.checksQuorum = true
      settings.readConfirmation = .lease(clockDriftPartsPerMillion: pick([1_000, 50_000, 200_000]))
    }
    // Long enough for several rounds of messages over slow links and disks, or no leader could stay.
    if chance(0.2) {
      settings.commitStallTimeout = lower * Int64(number(6...12))
      // A follower that catches up through a small window takes longer than that: no leader would ever commit.
      settings.maximumEntriesPerMessage = 1_024
      settings.maximumBytesPerMessage = 1 << 20
      settings.maximumInflightMessages = 256
    }
    return settings
  }

  private mutating func serverSettings(_ timeout: ClosedRange<TimeSpan>) -> ServerSettings {
    var settings = ServerSettings()
    settings.snapshotEvery = chance(0.7) ? number(3...40) : 0
    settings.keepEntries = chance(0.6) ? number(0...10) : 5_000
    settings.maximumPending = chance(0.1) ? number(1...4) : 65_536
    settings.readTimeoutMilliseconds = max(1, timeout.upperBound.nanoseconds * 4 / 1_000_000)
    settings.servesFollowerReads = chance(0.5)
    settings.reportsApplied = true
    if chance(0.15) { settings.limits = StoreLimits(sessions: number(1...4)) }
    return settings
  }

  private mutating func machineModel(_ timeout: ClosedRange<TimeSpan>) -> MachineModel {
    var model = MachineModel.ideal
    model.name = "drawn"
    if chance(0.8) { model.diskSync = span(.microseconds(50)...(timeout.lowerBound / 8)) }
    if chance(0.4) {
      model.cpuPerMessage = span(.microseconds(1)...(.microseconds(200)))
      model.cpuPerOperation = span(.zero...(.microseconds(100)))
    }
    return model
  }

  /// Half of the bound between two clocks when leases depend on it, so that no two clocks are further apart.
  private mutating func clockError(_ raft: Settings) -> Int64 {
    if case .lease(let drift) = raft.readConfirmation { return Int64(drift) / 2 }
    return 200_000
  }

  // MARK: Links

  private mutating func linkTable(sites: Int, _ timeout: ClosedRange<TimeSpan>) throws -> LinkTable {
    let names = (0..<sites).map { "s\($0)" }
    var delays: [TimeSpan] = []
    for from in 0..<sites {
      for to in 0..<sites {
        let longest = from == to ? TimeSpan.milliseconds(2) : timeout.lowerBound / 5
        // The way back may be longer than the way there.
        let isMirrored = to < from && !chance(0.2)
        delays.append(isMirrored ? delays[to * sites + from] : span(.microseconds(50)...longest))
      }
    }
    var model = LinkModel(delay: .zero)
    if chance(0.5) { model.ordering = .unordered }
    if chance(profile.noise) {
      model.loss = pick([0, 0.005, 0.05, 0.2])
      model.duplication = model.ordering == .unordered ? pick([0, 0.01, 0.1]) : 0
      let scale = timeout.lowerBound / Int64(number(10...60))
      model.jitter = pick([.none, .normal(deviation: scale), .gamma(shape: 2, scale: scale)])
    }
    return LinkTable(try LatencyMatrix(sites: names, delays: delays), between: model, within: model)
  }

  // MARK: Clients

  private mutating func clients(
    sites: Int, _ timeout: ClosedRange<TimeSpan>, _ setup: SimulationSetup
  ) -> [FuzzPlan.SitePlan] {
    let mix = pick([
      OperationMix.everything, .everything, .everything, .increments, .appends, .swaps, .ycsbA, .ycsbF,
    ])
    let keys = number(1...6)
    // A request that arrives twice may take effect after one copy of it was refused.
    let link = setup.links[SiteID(0), SiteID(0)]
    let mayRepeat = link.duplication > 0 || link.ordering == .unordered
    return (0..<(chance(0.8) ? sites : 1)).map { site in
      var settings = ClientSettings()
      settings.attemptTimeout = span(timeout.lowerBound...(timeout.upperBound * 2))
      settings.operationDeadline = timeout.upperBound * Int64(number(3...10))
      settings.firstBackoff = .milliseconds(2)
      settings.longestBackoff = .milliseconds(40)
      settings.linearizableReads = chance(0.5) ? .nearest : .leader
      settings.serverAvoidance = timeout.upperBound
      settings.trustsRefusals = !mayRepeat
      let phase = LoadPhase(
        start: .zero, mix: mix,
        arrival: .closed(clients: number(1...3), think: span(.milliseconds(5)...(timeout.upperBound / 3))),
        keys: .uniform, keyCount: keys, value: .uniform(16...40), consistency: .linearizable)
      return FuzzPlan.SitePlan(
        site: SiteID(UInt16(site)), nearest: number(0...8), phase: phase, settings: settings)
    }
  }

  // MARK: Troubles

  private mutating func troubles(_ timeout: ClosedRange<TimeSpan>, until calm: Instant) -> [Trouble] {
    var weights = profile.weights.filter { _ in chance(profile.presence) }
    if weights.isEmpty { weights = [pick(profile.weights)] }
    let begin = Instant.zero + timeout.upperBound
    var troubles = (0..<number(4...20)).map { _ in
      Trouble(
        number: 0, at: begin + span(.zero...(calm - begin)),
        span: span((timeout.lowerBound / 2)...(timeout.upperBound * 5)),
        kind: weights[index(of: weights.map(\.weight))].kind)
    }
    // Some kinds can be impossible throughout: one that never is makes sure that something happens.
    if !troubles.contains(where: { $0.kind.isAlwaysPossible }) { troubles[0].kind = .crash }
    troubles.sort { $0.at < $1.at }
    for place in troubles.indices { troubles[place].number = place }
    return troubles
  }
}
