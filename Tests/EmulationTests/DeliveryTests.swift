import Raft
import Testing

@testable import Emulation

struct DeliveryTests {
  @Test(arguments: LatencyTable.builtIn, Ordering.allCases)
  func withNothingInTheWayArrivalIsSendPlusDelay(table: LatencyTable, ordering: Ordering) throws {
    let matrix = try table.matrix(of: table.sites)
    var model = LinkModel(delay: .zero)
    model.ordering = ordering
    let sites = table.sites.indices.flatMap { [SiteID(UInt16($0)), SiteID(UInt16($0))] }
    let network = SharedNetwork(
      try Network(LinkTable(matrix, between: model, within: model), endpoints: sites, seed: 9))
    for from in sites.indices {
      for to in sites.indices where to != from {
        let now = Instant(nanoseconds: Int64(from * 1_000_003 + to))
        let expected = now + matrix.delay(from: sites[from], to: sites[to])
        let delivery = network.transmit(
          from: EndpointID(UInt32(from)), to: EndpointID(UInt32(to)), bytes: 1 << 20, at: now)
        if delivery != .deliver(at: expected) { Issue.record("\(from) to \(to): \(delivery), not \(expected)") }
      }
    }
  }

  @Test func anEndpointReachesItselfAtOnce() throws {
    let network = try Network.triangle { $0.loss = 1 }
    #expect(network.arrival(0, 0, at: .milliseconds(5)) == .milliseconds(5))
  }

  @Test func directionsAreIndependent() throws {
    let matrix = try LatencyMatrix(
      sites: ["a", "b"], delays: [.zero, .milliseconds(10), .milliseconds(90), .zero])
    var table = LinkTable(matrix)
    table[b, a].jitter = .gamma(shape: 2, scale: .milliseconds(1))
    table[b, a].loss = 0.5
    table[b, a].ordering = .unordered
    let network = SharedNetwork(try Network(table, endpoints: [a, b], seed: 4))
    var slow: [Instant] = []
    for _ in 0..<200 {
      #expect(network.arrival(0, 1, at: .zero) == .milliseconds(10))
      if let arrival = network.arrival(1, 0, at: .zero) { slow.append(arrival) }
    }
    #expect((60...140).contains(slow.count))
    #expect(slow.allSatisfy { $0 > .milliseconds(90) })
  }

  @Test func orderedConnectionsKeepOrderUnderJitterAndLoss() throws {
    let network = try Network.triangle(seed: 8) {
      $0.jitter = .pareto(shape: 1.2, scale: .milliseconds(5))
      $0.loss = 0.01
    }
    var last = [Instant](repeating: .zero, count: 2)
    var sped = 0
    for index in 0..<3_000 {
      let now = Instant.microseconds(Int64(index * 100))
      for (connection, receiver) in [EndpointID(1), EndpointID(4)].enumerated() {
        guard let arrival = network.arrival(0, receiver, at: now) else { continue }
        if arrival < last[connection] { Issue.record("message \(index) overtook") }
        last[connection] = arrival
      }
      if last[0] != last[1] { sped += 1 }
    }
    // Order binds one connection, not two.
    #expect(sped > 2_000)
  }

  @Test func unorderedMessagesOvertake() throws {
    let network = try Network.triangle {
      $0.jitter = .normal(deviation: .milliseconds(2))
      $0.ordering = .unordered
    }
    let arrivals = (0..<500).compactMap { network.arrival(0, 1, at: .microseconds($0 * 100)) }
    #expect(arrivals.count == 500)
    #expect(zip(arrivals, arrivals.dropFirst()).filter { $0 > $1 }.count > 100)
  }

  @Test func aRestartedProcessBeginsNewConnections() throws {
    let network = try Network.triangle(seed: 2) { $0.loss = 0.9 }
    var first = network.arrival(0, 1, at: .zero)
    while first.map({ $0 < .milliseconds(500) }) ?? true { first = network.arrival(0, 1, at: .zero) }
    let late = try #require(first)
    try network.apply(LinkChange(.all, .setLoss(0)), at: .zero)
    #expect(network.arrival(0, 1, at: .milliseconds(1)) == late)
    network.resetConnections(of: 1)
    #expect(network.arrival(0, 1, at: .milliseconds(1)) == .milliseconds(21))
    try network.replaceEndpoint(1, at: a)
    #expect(network.arrival(0, 1, at: .milliseconds(2)) == .microseconds(2_100))
  }

  @Test func endpointsMayBeAddedAnyTime() throws {
    let network = try Network.triangle()
    #expect(network.arrival(0, 1, at: .zero) == .milliseconds(20))
    for count in 6..<100 { #expect(try network.addEndpoint(at: b) == EndpointID(UInt32(count))) }
    #expect(network.arrival(99, 0, at: .zero) == .milliseconds(20))
    #expect(network.arrival(99, 98, at: .zero) == .microseconds(100))
    #expect(throws: NetworkError.unknownSite(SiteID(3))) { try network.addEndpoint(at: SiteID(3)) }
  }

  @Test func oneSeedIsOneNetworkAndLinksDoNotShareStreams() throws {
    func arrivals(seed: UInt64, disturb: Bool) throws -> [Delivery] {
      let network = try Network.triangle(seed: seed) {
        $0.jitter = .lognormal(median: .milliseconds(1), sigma: 1)
        $0.loss = 0.02
        $0.duplication = 0.02
        $0.ordering = .unordered
        $0.routes = .cloud
      }
      return (0..<400).map { index in
        let now = Instant.milliseconds(Int64(index) * 500)
        if disturb { for _ in 0...(index % 3) { _ = network.transmit(from: 0, to: 2, bytes: 1, at: now) } }
        return network.transmit(from: 0, to: 1, bytes: 100, at: now)
      }
    }
    let run = try arrivals(seed: 7, disturb: false)
    #expect(try arrivals(seed: 7, disturb: false) == run)
    #expect(try arrivals(seed: 7, disturb: true) == run)
    #expect(try arrivals(seed: 8, disturb: false) != run)
  }
}
