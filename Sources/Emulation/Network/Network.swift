import Raft

/// The network between all endpoints of a run: given a message and the time, it says when the message arrives.
///
/// ## What a link does
/// * A message leaves when the line is free for it (with a bandwidth: first in, first out, shared by all senders of the
///   ordered pair of sites), its last bit after `bytes * 8 / bandwidth`; then it travels for the delay of the route in
///   use plus a jitter of its own. With jitter, loss and bandwidth off it arrives at `send + delay` to the nanosecond.
/// * Unordered: each message is lost, duplicated and delayed on its own, and dropped when the queue is full.
/// * Ordered: on a connection (an ordered pair of endpoints) nothing arrives before what was sent before it; two may
///   arrive at the same instant, and the host keeps the order of the calls then. Every lost segment of 1448 bytes is
///   sent again after `max(200 ms, 2 · RTT)`, doubled each time up to a minute; what follows waits for it. After eight
///   retransmissions the message is given up. Acknowledgements, congestion windows and fast retransmission are not
///   modelled: traffic of a consensus protocol is too sparse for the last, and the others show only near saturation.
///   A full queue holds messages back: they take their turn as if the queue were longer.
/// * An endpoint reaches itself at once.
///
/// ## What a partition does
/// A message across a partition is dropped when it is sent (``Delivery/blocked``), and what is in flight must be dropped
/// by the host if ``isBlocked(from:to:)`` holds when it arrives: as if the connection had been reset. What arrives
/// after the partition healed was never in its way.
///
/// ## Determinism
/// Every direction of a link draws from streams of its own, which depend on the seed and its two sites; route changes
/// from another than messages. Calls for one link are to be made in the order of time; two links do not affect each other.
public struct Network: Sendable {
  /// The most endpoints of a network: 4096. The state of connections takes 8 bytes per ordered pair.
  public static let mostEndpoints = 4_096
  /// The most groups and one-way cuts of all partitions in force together; isolated endpoints do not count.
  public static let mostBarriers = 256
  /// The shortest wait for the first retransmission of a segment.
  public static let shortestRetransmission = TimeSpan.milliseconds(200)

  /// How many sites there are.
  public let siteCount: Int
  /// Each endpoint's site, by slot.
  public private(set) var sites: [SiteID] = []

  private let configured: [LinkModel]
  private var models: [LinkModel]
  private var links: [LinkState]
  /// The first wait for a retransmission, by ordered pair of sites.
  private var retransmissions: [TimeSpan]
  /// A time before all others: nothing was sent on the connection yet.
  private static let never = Instant(nanoseconds: .min)
  /// When the last message of each connection arrives: `lastArrivals[from * stride + to]`.
  private var lastArrivals: [Instant] = []
  private var stride = 0
  private var partitions = Partitions()

  /// Makes a network with endpoints at the given sites; their numbers are their places in the list.
  ///
  /// Throws ``NetworkError`` when a link's value is out of range, a site does not exist or endpoints are too many.
  public init(
    _ table: LinkTable, endpoints: [SiteID] = [], seed: UInt64, start: Instant = .zero
  ) throws(NetworkError) {
    let count = table.siteCount
    siteCount = count
    configured = table.models
    models = table.models
    links = []
    retransmissions = Array(repeating: Self.shortestRetransmission, count: count * count)
    links.reserveCapacity(count * count)
    for (slot, model) in models.enumerated() {
      let (from, to) = (SiteID(UInt16(slot / count)), SiteID(UInt16(slot % count)))
      if let fault = model.fault { throw .impossibleLink(from: from, to: to, fault: fault) }
      links.append(LinkState(model, from: from, to: to, seed: seed, start: start))
    }
    setRetransmissions()
    guard endpoints.count <= Self.mostEndpoints else { throw .tooManyEndpoints }
    resizeConnections(endpoints.count)
    for site in endpoints { _ = try addEndpoint(at: site) }
  }

  // MARK: Endpoints

  /// Adds an endpoint; partitions of its site hold for it at once.
  ///
  /// Throws ``NetworkError`` when the site does not exist or there are ``mostEndpoints`` already.
  public mutating func addEndpoint(at site: SiteID) throws(NetworkError) -> EndpointID {
    guard site.slot < siteCount else { throw .unknownSite(site) }
    guard sites.count < Self.mostEndpoints else { throw .tooManyEndpoints }
    if sites.count == stride { resizeConnections(min(max(8, stride * 2), Self.mostEndpoints)) }
    sites.append(site)
    partitions.rebuild(sites: sites)
    return EndpointID(UInt32(sites.count - 1))
  }

  /// Gives an endpoint's number to another machine, which may be at another site; its connections begin anew.
  ///
  /// Messages in flight to the former owner are the host's to drop.
  public mutating func replaceEndpoint(_ endpoint: EndpointID, at site: SiteID) throws(NetworkError) {
    guard endpoint.slot < sites.count else { throw .unknownEndpoint(endpoint) }
    guard site.slot < siteCount else { throw .unknownSite(site) }
    sites[endpoint.slot] = site
    partitions.rebuild(sites: sites)
    resetConnections(of: endpoint)
  }

  /// Forgets the order on every connection of an endpoint, as when its process starts again.
  public mutating func resetConnections(of endpoint: EndpointID) {
    precondition(endpoint.slot < sites.count, "connections of an endpoint that does not exist were reset")
    for other in 0..<stride {
      lastArrivals[endpoint.slot * stride + other] = Self.never
      lastArrivals[other * stride + endpoint.slot] = Self.never
    }
  }

  private mutating func resizeConnections(_ capacity: Int) {
    var table = [Instant](repeating: Self.never, count: capacity * capacity)
    for from in sites.indices {
      for to in sites.indices { table[from * capacity + to] = lastArrivals[from * stride + to] }
    }
    lastArrivals = table
    stride = capacity
  }

  // MARK: Messages

  /// Sends a message of `bytes` from one endpoint to another; both must exist, and `bytes` must not be negative.
  public mutating func transmit(from: EndpointID, to: EndpointID, bytes: Int, at now: Instant) -> Delivery {
    let (sender, receiver) = (from.slot, to.slot)
    if sender == receiver { return .deliver(at: now) }
    let slot = sites[sender].slot * siteCount + sites[receiver].slot
    if partitions.isBlocked(sender, receiver) {
      links[slot].counters.blocked &+= 1
      return .blocked
    }
    if links[slot].routeIsOver(at: now) { links[slot].advanceRoute(of: models[slot], to: now) }
    let passage = links[slot].pass(bytes: bytes, at: now, retransmission: retransmissions[slot])
    switch passage {
    case .lost: return .lost
    case .twice(let first, let second): return .twice(first, second)
    case .once(let arrival):
      guard links[slot].isOrdered else { return .deliver(at: arrival) }
      let connection = sender * stride + receiver
      let inOrder = max(arrival, lastArrivals[connection])
      lastArrivals[connection] = inOrder
      return .deliver(at: inOrder)
    }
  }

  /// Whether a partition lies between the two now: then nothing arrives.
  public func isBlocked(from: EndpointID, to: EndpointID) -> Bool { partitions.isBlocked(from.slot, to.slot) }

  /// How long a message sent now would wait for the line between two sites; zero without a bandwidth.
  public func wait(from: SiteID, to: SiteID, at now: Instant) -> TimeSpan { links[slot(from, to)].wait(at: now) }

  /// What went over one direction of a link.
  public func counters(from: SiteID, to: SiteID) -> LinkCounters { links[slot(from, to)].counters }

  // MARK: Links

  /// A direction of a link as it is now, after all changes.
  public func link(from: SiteID, to: SiteID) -> LinkModel { models[slot(from, to)] }

  /// The route in use at `now`, as an index of the link's routes; 0 when it has none.
  public mutating func route(from: SiteID, to: SiteID, at now: Instant) -> Int {
    let slot = slot(from, to)
    if links[slot].routeIsOver(at: now) { links[slot].advanceRoute(of: models[slot], to: now) }
    return links[slot].route.index
  }

  /// Changes links from now on and returns how many directions changed; what is in flight arrives as it would have.
  ///
  /// Throws ``NetworkError`` when a site does not exist or a value is out of range; then nothing changes.
  @discardableResult
  public mutating func apply(_ change: LinkChange, at now: Instant) throws(NetworkError) -> Int {
    for site in change.links.namedSites where site.slot >= siteCount { throw .unknownSite(site) }
    var changed: [(slot: Int, model: LinkModel)] = []
    for slot in models.indices {
      let (from, to) = (SiteID(UInt16(slot / siteCount)), SiteID(UInt16(slot % siteCount)))
      guard change.links.contains(from, to) else { continue }
      let model = models[slot].applying(change.effect, configured: configured[slot])
      if let fault = model.fault { throw .impossibleLink(from: from, to: to, fault: fault) }
      if model != models[slot] { changed.append((slot, model)) }
    }
    for (slot, model) in changed {
      if model.routes != models[slot].routes { links[slot].restartRoutes(model.routes, at: now) }
      models[slot] = model
      links[slot].adopt(model)
    }
    setRetransmissions()
    return changed.count
  }

  /// Retransmission waits from the links' delays, without routes and jitter: a sender's estimate smooths those.
  private mutating func setRetransmissions() {
    for from in 0..<siteCount {
      for to in 0..<siteCount {
        let roundTrip = models[from * siteCount + to].delay + models[to * siteCount + from].delay
        retransmissions[from * siteCount + to] = max(Self.shortestRetransmission, roundTrip * 2)
      }
    }
  }

  private func slot(_ from: SiteID, _ to: SiteID) -> Int {
    precondition(from.slot < siteCount && to.slot < siteCount, "a link between sites that do not exist was asked for")
    return from.slot * siteCount + to.slot
  }

  // MARK: Partitions

  /// The partitions in force, oldest first.
  public var partitionsInForce: [PartitionID] { partitions.identifiers }

  /// Cuts the network; several partitions may hold at once, and what any of them cuts is cut.
  ///
  /// Throws ``NetworkError`` when a place does not exist, groups overlap or are too few, or partitions are too many.
  public mutating func begin(_ partition: Partition) throws(NetworkError) -> PartitionID {
    try partitions.begin(partition, sites: sites, siteCount: siteCount)
  }

  /// Ends one partition, leaving the others; false when it is not in force.
  @discardableResult
  public mutating func heal(_ partition: PartitionID) -> Bool { partitions.heal(partition, sites: sites) }

  /// Ends all partitions.
  public mutating func healAll() { partitions.healAll(sites: sites) }
}
