import Raft
import Testing

@testable import Emulation

struct LossTests {
  /// Whether `count` of `trials` lies within four standard deviations of the binomial mean.
  private func isPlausible(_ count: Int, of trials: Int, _ probability: Double) -> Bool {
    let mean = Double(trials) * probability
    return abs(Double(count) - mean) <= 4 * (mean * (1 - probability)).squareRoot()
  }

  @Test(arguments: [0.0, 0.001, 0.05, 0.5, 1.0])
  func datagramsAreLostAtTheStatedRate(loss: Double) throws {
    let network = try Network.triangle(seed: 3) {
      $0.loss = loss
      $0.ordering = .unordered
    }
    let trials = 10_000
    let lost = (0..<trials).filter { _ in network.transmit(from: 0, to: 1, bytes: 9_000, at: .zero) == .lost }.count
    #expect(isPlausible(lost, of: trials, loss), "\(lost)")
    #expect(network.counters(from: a, to: b).lost == UInt64(lost))
  }

  @Test(arguments: [0.01, 0.3])
  func datagramsAreDuplicatedAtTheStatedRate(duplication: Double) throws {
    let network = try Network.triangle(seed: 6) {
      $0.duplication = duplication
      $0.ordering = .unordered
      $0.jitter = .normal(deviation: .milliseconds(1))
    }
    var twice = 0
    for _ in 0..<6_000 {
      if case .twice(let first, let second) = network.transmit(from: 0, to: 1, bytes: 1, at: .zero) {
        twice += 1
        if first > second || first < .milliseconds(20) { Issue.record("copies at \(first) and \(second)") }
      }
    }
    #expect(isPlausible(twice, of: 6_000, duplication), "\(twice)")
    #expect(network.counters(from: a, to: b).duplicated == UInt64(twice))
  }

  @Test func orderedLinksDeliverOnce() throws {
    let network = try Network.triangle { $0.duplication = 1 }
    #expect(network.arrival(0, 1, at: .zero) == .milliseconds(20))
  }

  /// A first loss costs 200 ms, a second 400 ms more, and so on.
  @Test func aLostSegmentIsRetransmittedAfterDoublingWaits() throws {
    let network = try Network.triangle(seed: 5) { $0.loss = 0.2 }
    var late = [Int](repeating: 0, count: 4)
    let trials = 6_000
    for index in 0..<trials {
      // A new connection each time, so that no message waits for another.
      network.resetConnections(of: 0)
      let now = Instant.seconds(Int64(index))
      let arrival = try #require(network.arrival(0, 1, bytes: 100, at: now))
      for count in late.indices {
        let waits = TimeSpan.milliseconds(200) * Int64((1 << count) - 1)
        if arrival == now + .milliseconds(20) + waits { late[count] += 1 }
      }
    }
    for count in late.indices {
      let chance = 0.8 * (0..<count).reduce(1.0) { product, _ in product * 0.2 }
      #expect(isPlausible(late[count], of: trials, chance), "\(count) losses: \(late[count])")
    }
  }

  @Test func whatFollowsALostSegmentWaitsForIt() throws {
    let network = try Network.triangle(seed: 1) { $0.loss = 0.5 }
    var arrival = try #require(network.arrival(0, 1, at: .zero))
    while arrival == .milliseconds(20) { arrival = network.arrival(0, 1, at: .zero) ?? .milliseconds(20) }
    try network.apply(LinkChange(.all, .setLoss(0)), at: .zero)
    #expect(network.arrival(0, 1, at: .milliseconds(1)) == arrival)
    // Another connection of the same link does not.
    #expect(network.arrival(0, 4, at: .milliseconds(1)) == .milliseconds(21))
  }

  @Test func aLongLinkWaitsForTwiceItsRoundTrip() throws {
    let matrix = try LatencyMatrix(sites: ["a", "b"], roundTrip: .milliseconds(300), within: .zero)
    var model = LinkModel(delay: .zero)
    model.loss = 0.5
    let network = SharedNetwork(try Network(LinkTable(matrix, between: model), endpoints: [a, b], seed: 1))
    var seen: Set<Instant> = []
    for _ in 0..<50 {
      network.resetConnections(of: 0)
      if let arrival = network.arrival(0, 1, at: .zero) { seen.insert(arrival) }
    }
    #expect(seen.sorted().prefix(3) == [.milliseconds(150), .milliseconds(750), .milliseconds(1_950)])
  }

  @Test func aDeadLinkGivesUp() throws {
    let network = try Network.triangle { $0.loss = 1 }
    #expect(network.transmit(from: 0, to: 1, bytes: 100, at: .zero) == .lost)
  }

  @Test func longMessagesMeetMoreLosses() {
    #expect(LinkState.chanceOfAnyLoss(0.1, segments: 1) == 0.1)
    #expect(abs(LinkState.chanceOfAnyLoss(0.1, segments: 10) - 0.6513215599) < 1e-9)
    #expect(LinkState.chanceOfAnyLoss(1, segments: 3) == 1)
    #expect(LinkState.chanceOfAnyLoss(0, segments: 1_000_000) == 0)
  }
}

extension Instant {
  fileprivate static func seconds(_ count: Int64) -> Instant { .zero + .seconds(count) }
}
