import Raft
import Testing

@testable import Simulation

@Suite struct LocalClockTests {
  @Test(arguments: [-500_000_000, -1_000, -1, 0, 1, 100_000, 123_456_789, 500_000_000] as [Int64])
  func theInverseIsTheFirstInstantThatShowsTheTime(rate: Int64) {
    var random = RandomSource(seed: 3, stream: UInt64(bitPattern: rate))
    var clock = LocalClock()
    clock.setRate(rate, at: Instant(nanoseconds: 1_234_567))
    var faults = 0
    for _ in 0..<2_000 {
      let ahead = Int64(random.next(below: 40_000_000_000_000_000))
      let local = clock.local(Instant(nanoseconds: 1_234_567)) + .nanoseconds(ahead)
      let virtual = clock.virtual(local)
      if clock.local(virtual) < local { faults += 1 }
      if virtual.nanoseconds > 1_234_567, clock.local(virtual - .nanoseconds(1)) >= local { faults += 1 }
    }
    #expect(faults == 0)
  }

  @Test func aRateIsExactAndAChangeDoesNotJump() {
    var clock = LocalClock()
    clock.setRate(-100_000, at: .zero + .seconds(10))
    #expect(clock.local(.zero + .seconds(10)) == .zero + .seconds(10))
    #expect(clock.local(.zero + .seconds(11)) == .zero + .nanoseconds(10_999_900_000))
    clock.setRate(0, at: .zero + .seconds(11))
    #expect(clock.local(.zero + .seconds(12)) == .zero + .nanoseconds(11_999_900_000))
    #expect(clock.virtual(.distantFuture) == .distantFuture)
  }
}
