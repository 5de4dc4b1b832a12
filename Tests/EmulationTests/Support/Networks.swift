import Emulation
import Raft

/// The sites of small test networks.
let a = SiteID(0)
let b = SiteID(1)
let c = SiteID(2)

extension EndpointID: ExpressibleByIntegerLiteral {
  /// Makes an endpoint from a literal number.
  public init(integerLiteral value: UInt32) { self.init(value) }
}

extension Network {
  /// Three sites 20 ms apart (one way), endpoints 0 and 3 at the first, 1 and 4 at the second, 2 and 5 at the third.
  static func triangle(
    seed: UInt64 = 1, _ edit: (inout LinkModel) -> Void = { _ in }
  ) throws -> SharedNetwork {
    var model = LinkModel(delay: .zero)
    edit(&model)
    let matrix = try LatencyMatrix(
      sites: ["a", "b", "c"], roundTrip: .milliseconds(40), within: .microseconds(200))
    return SharedNetwork(try Network(LinkTable(matrix, between: model), endpoints: [a, b, c, a, b, c], seed: seed))
  }
}

/// A network behind a reference: what the testing macros take cannot be a mutating call.
final class SharedNetwork {
  private var network: Network

  init(_ network: Network) { self.network = network }

  /// Sends a message and returns when it arrives, or nil when it does not (or arrives twice).
  func arrival(_ from: EndpointID, _ to: EndpointID, bytes: Int = 100, at now: Instant) -> Instant? {
    guard case .deliver(let arrival) = transmit(from: from, to: to, bytes: bytes, at: now) else { return nil }
    return arrival
  }

  /// Every ordered pair of endpoints that is blocked.
  func blocked() -> Set<[UInt32]> {
    var pairs: Set<[UInt32]> = []
    for from in 0..<UInt32(network.sites.count) {
      for to in 0..<UInt32(network.sites.count) where isBlocked(from: EndpointID(from), to: EndpointID(to)) {
        pairs.insert([from, to])
      }
    }
    return pairs
  }

  var partitionsInForce: [PartitionID] { network.partitionsInForce }

  func transmit(from: EndpointID, to: EndpointID, bytes: Int, at now: Instant) -> Delivery {
    network.transmit(from: from, to: to, bytes: bytes, at: now)
  }

  func isBlocked(from: EndpointID, to: EndpointID) -> Bool { network.isBlocked(from: from, to: to) }

  func wait(from: SiteID, to: SiteID, at now: Instant) -> TimeSpan { network.wait(from: from, to: to, at: now) }

  func counters(from: SiteID, to: SiteID) -> LinkCounters { network.counters(from: from, to: to) }

  func link(from: SiteID, to: SiteID) -> LinkModel { network.link(from: from, to: to) }

  func route(from: SiteID, to: SiteID, at now: Instant) -> Int { network.route(from: from, to: to, at: now) }

  @discardableResult
  func apply(_ change: LinkChange, at now: Instant) throws(NetworkError) -> Int {
    try network.apply(change, at: now)
  }

  func addEndpoint(at site: SiteID) throws(NetworkError) -> EndpointID { try network.addEndpoint(at: site) }

  func replaceEndpoint(_ endpoint: EndpointID, at site: SiteID) throws(NetworkError) {
    try network.replaceEndpoint(endpoint, at: site)
  }

  func resetConnections(of endpoint: EndpointID) { network.resetConnections(of: endpoint) }

  func begin(_ partition: Partition) throws(NetworkError) -> PartitionID { try network.begin(partition) }

  @discardableResult
  func heal(_ partition: PartitionID) -> Bool { network.heal(partition) }

  func healAll() { network.healAll() }
}

extension Instant {
  static func milliseconds(_ count: Int64) -> Instant { .zero + .milliseconds(count) }
  static func microseconds(_ count: Int64) -> Instant { .zero + .microseconds(count) }
}
