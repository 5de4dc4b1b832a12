import Raft
import Testing

@testable import Emulation

struct BandwidthTests {
  private func shaped(
    _ megabits: UInt64, queue: Int = 1 << 30, _ ordering: Ordering = .ordered
  ) throws -> SharedNetwork {
    try Network.triangle {
      $0.bandwidth = Bandwidth(bitsPerSecond: megabits * 1_000_000)
      $0.queueLimit = queue
      $0.ordering = ordering
    }
  }

  @Test func aMessageTakesItsTimeOnTheLine() throws {
    let network = try shaped(8)
    #expect(network.arrival(0, 1, bytes: 1_000, at: .zero) == .milliseconds(21))
    #expect(network.arrival(0, 1, bytes: 1_000, at: .zero) == .milliseconds(22))
    #expect(network.wait(from: a, to: b, at: .zero) == .milliseconds(2))
    // Idle again: no credit is saved up, no debt remains.
    #expect(network.arrival(0, 1, bytes: 1_000, at: .milliseconds(100)) == .milliseconds(121))
    #expect(network.arrival(1, 0, bytes: 1_000, at: .milliseconds(100)) == .milliseconds(121))
    #expect(network.wait(from: a, to: c, at: .zero) == .zero)
  }

  /// All senders of the ordered pair of sites share the line, and get what it can carry.
  @Test(arguments: Ordering.allCases)
  func measuredRateIsTheBandwidth(ordering: Ordering) throws {
    let network = try shaped(100, queue: 1 << 30, ordering)
    var last = Instant.zero
    let senders: [EndpointID] = [0, 3]
    for index in 0..<2_000 {
      last = try #require(network.arrival(senders[index % 2], 1, bytes: 1_250, at: .microseconds(Int64(index))))
    }
    // 2,000 × 10,000 bits at 100 Mbit/s.
    #expect(last == .milliseconds(200 + 20))
  }

  @Test func aFullQueueDropsDatagrams() throws {
    let network = try shaped(8, queue: 10_000, .unordered)
    let arrived = (0..<50).filter { _ in network.arrival(0, 1, bytes: 1_000, at: .zero) != nil }
    #expect(arrived.count == 10)
    #expect(network.counters(from: a, to: b).overflowed == 40)
    // Room for one more after each millisecond.
    #expect(network.arrival(0, 1, bytes: 1_000, at: .milliseconds(1)) != nil)
    #expect(network.arrival(0, 1, bytes: 1_000, at: .milliseconds(1)) == nil)
    // A message larger than the queue passes when nothing is before it.
    #expect(network.arrival(0, 1, bytes: 20_000, at: .milliseconds(50)) == .milliseconds(90))
  }

  @Test func aFullQueueHoldsStreamsBack() throws {
    let network = try shaped(8, queue: 10_000)
    let arrivals = (0..<50).compactMap { _ in network.arrival(0, 1, bytes: 1_000, at: .zero) }
    #expect(arrivals.count == 50)
    #expect(arrivals.last == .milliseconds(70))
    #expect(network.counters(from: a, to: b).overflowed == 40)
  }

  @Test func capacityMayChangeOnTheWay() throws {
    let network = try shaped(8)
    #expect(network.arrival(0, 1, bytes: 1_000, at: .zero) == .milliseconds(21))
    try network.apply(LinkChange(.from([a], to: [b]), .setBandwidth(Bandwidth(bitsPerSecond: 80_000_000))), at: .zero)
    #expect(network.arrival(0, 1, bytes: 1_000, at: .zero) == .microseconds(21_100))
    try network.apply(LinkChange(.all, .setBandwidth(nil)), at: .zero)
    #expect(network.arrival(0, 4, bytes: 1_000, at: .zero) == .milliseconds(20))
  }

  @Test func timesAreRoundedUpAndNeverOverflow() {
    #expect(Bandwidth(bitsPerSecond: 3_000_000_000).time(forBytes: 1) == .nanoseconds(3))
    #expect(Bandwidth(bitsPerSecond: 8_000).time(forBytes: 0) == .zero)
    #expect(Bandwidth(bitsPerSecond: 8).time(forBytes: 1 << 30) == .seconds(1 << 30))
    #expect(Bandwidth(bitsPerSecond: 1).time(forBytes: .max).nanoseconds == .max)
    #expect(Bandwidth(bitsPerSecond: 0).time(forBytes: 1).nanoseconds == .max)
  }
}
