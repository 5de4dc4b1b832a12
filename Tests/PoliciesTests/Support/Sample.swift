import Emulation
import Policies
import Raft

/// Hand-made observations: three sites `a`, `b`, `c`; a voter costs 100,000 micro-USD an hour, spot capacity 10,000.
struct Sample {
  static let sites = [SiteID(0), SiteID(1), SiteID(2)]
  static let instance = InstanceType("c5.large")
  static let hour = TimeSpan.seconds(3_600)
  static let shard = GroupID(0)

  var epoch = 0
  var system = SystemKind.geoRaft
  var nodes: [NodeObservation] = []
  var voters: [NodeID] = []
  var leader: NodeID? = NodeID(0)
  var isChangePending = false
  var reads: [Double] = [0, 0, 0]
  var writes: [Double] = [0, 0, 0]
  var offers: [Offer] = Self.offers()
  var forecasts: [EpochForecast] = []
  var budget = Budget(epochsLeft: 10)
  var limits = Limits(
    instancesPerSite: 20, instances: 40, votersPerGroup: 3, mostVotersPerGroup: 9, newGroupSites: sites, groups: 4,
    fleetRoles: [.secretary, .observer])
  var moreGroups: [GroupObservation] = []

  /// Voters at these sites, the first of which leads; they run on demand.
  init(voters places: [Int] = [0, 1, 2]) {
    for place in places {
      let id = NodeID(UInt32(nodes.count))
      voters.append(id)
      nodes.append(Self.node(id, .voter, at: Self.placement(place, .onDemand)))
    }
  }

  static func placement(_ site: Int, _ market: Market = .spot, _ instance: InstanceType = instance) -> Placement {
    Placement(site: sites[site], instance: instance, market: market)
  }

  static func node(
    _ id: NodeID, _ role: NodeObservation.Role, at placement: Placement, state: NodeObservation.State = .running
  ) -> NodeObservation {
    let price: Int64 = placement.market == .spot ? 10_000 : 100_000
    return NodeObservation(
      id: id, group: shard, role: role, state: state, placement: placement,
      price: HourlyPrice(microUSDPerHour: price))
  }

  static func offers(spot: Int64 = 10_000) -> [Offer] {
    (0..<3).flatMap { site in
      [
        Offer(placement: placement(site, .onDemand), price: HourlyPrice(microUSDPerHour: 100_000)),
        Offer(
          placement: placement(site, .spot), price: HourlyPrice(microUSDPerHour: spot), interruptionsPerHour: 0.05),
      ]
    }
  }

  static func operations(_ rate: Double) -> OperationObservation {
    OperationObservation(
      offeredPerSecond: rate, okPerSecond: rate, failedPerSecond: 0, goodputPerSecond: rate,
      median: .milliseconds(2), p95: .milliseconds(9))
  }

  static func forecast(reads: [Double], writes: [Double] = [0, 0, 0], spot: Int64 = 10_000) -> EpochForecast {
    EpochForecast(
      loads: (0..<3).map { SiteLoad(site: sites[$0], readsPerSecond: reads[$0], writesPerSecond: writes[$0]) },
      offers: offers(spot: spot))
  }

  /// Adds a node and says which.
  @discardableResult
  mutating func add(
    _ role: NodeObservation.Role, at site: Int, _ market: Market = .spot, state: NodeObservation.State = .running
  ) -> NodeID {
    // A number is never given twice, also not that of a lost voter.
    let id = NodeID(((nodes.map(\.id) + voters).map(\.rawValue).max() ?? 0) + 1)
    nodes.append(Self.node(id, role, at: Self.placement(site, market), state: state))
    return id
  }

  /// Makes the CPU of the nodes that fit busy.
  mutating func busy(_ ratio: Double, where fits: (NodeObservation) -> Bool) {
    for place in nodes.indices where fits(nodes[place]) { nodes[place].cpuBusyRatio = ratio }
  }

  mutating func change(_ id: NodeID, _ change: (inout NodeObservation) -> Void) {
    for place in nodes.indices where nodes[place].id == id { change(&nodes[place]) }
  }

  var observation: Observation {
    Observation(
      epoch: epoch, at: .zero + Self.hour * Int64(epoch + 1), epochLength: Self.hour, system: system,
      sites: (0..<3).map {
        SiteObservation(
          id: Self.sites[$0], name: ["a", "b", "c"][$0], reads: Self.operations(reads[$0]),
          writes: Self.operations(writes[$0]))
      }, nodes: nodes,
      groups: [GroupObservation(id: Self.shard, voters: voters, leader: leader, isChangePending: isChangePending)]
        + moreGroups, offers: offers, forecasts: forecasts, budget: budget,
      serviceLevel: ServiceLevel(read: .milliseconds(150), write: .milliseconds(400)), limits: limits)
  }
}

extension [ProposedAction] {
  /// The actions without their reasons.
  var steps: [Action] { map(\.action) }
}
