import Emulation
import Raft

/// One site while a plan for an epoch grows.
struct SiteState {
  /// An instance that can be had, and what it costs in the epoch.
  struct Supply {
    var source: PlannedUnit.Source
    var cost: Money
  }

  let site: SiteID
  /// How many more instances there may be here.
  private(set) var room: Int
  private let reads: Double
  private let followers: Int
  /// Voters and observers so far.
  private var servers: Int
  private var hasSecretary = false
  /// Nodes at work that may be kept, the cheapest last, of two that cost alike the older one.
  private var keptSecretaries: [Supply]
  private var keptObservers: [Supply]
  private let hired: Supply?

  init(_ load: SiteLoad, _ planner: FleetPlanner, _ offers: [Offer], _ reusing: [NodeObservation]) {
    site = load.site
    reads = load.readsPerSecond
    room = planner.limits.instancesPerSite - planner.others[load.site, default: 0]
    servers = planner.layout.voters[load.site, default: 0]
    followers = planner.layout.followers[load.site, default: 0]
    var cheapest: Offer?
    for offer in offers where offer.placement.site == load.site {
      if let market = planner.market, offer.placement.market != market { continue }
      if cheapest.map({ (offer.price, offer.placement) < ($0.price, $0.placement) }) ?? true { cheapest = offer }
    }
    hired = cheapest.map { Supply(source: .hire($0.placement), cost: $0.price.cost(of: planner.epochLength)) }
    func kept(_ role: FleetRole) -> [Supply] {
      reusing.filter { $0.site == load.site && $0.fleetRole == role }
        .sorted { $0.price != $1.price ? $0.price > $1.price : $0.id > $1.id }
        .map { Supply(source: .keep($0.id), cost: $0.price.cost(of: planner.epochLength)) }
    }
    keptSecretaries = kept(.secretary)
    keptObservers = kept(.observer)
  }

  /// How many copies of the log a first secretary spares the leader.
  var sparedCopies: Int { hasSecretary ? 0 : max(0, followers - 1) }

  /// What one more of a role adds to the predicted goodput, in operations per second.
  func gain(of role: FleetRole, _ model: CapacityModel, writes: Double, copies: Int) -> Double {
    switch role {
    case .observer:
      min(reads, model.readsPerServer * Double(servers + 1)) - min(reads, model.readsPerServer * Double(servers))
    case .secretary:
      sparedCopies == 0
        ? 0 : min(writes, model.writes(inCopies: copies - sparedCopies)) - min(writes, model.writes(inCopies: copies))
    }
  }

  /// The next instance for a role: one that is at work already, else a new one.
  func supply(of role: FleetRole) -> Supply? {
    switch role {
    case .secretary: keptSecretaries.last ?? hired
    case .observer: keptObservers.last ?? hired
    }
  }

  /// Takes that instance.
  mutating func take(_ role: FleetRole) {
    room -= 1
    switch role {
    case .observer:
      _ = keptObservers.popLast()
      servers += 1
    case .secretary:
      _ = keptSecretaries.popLast()
      hasSecretary = true
    }
  }
}
