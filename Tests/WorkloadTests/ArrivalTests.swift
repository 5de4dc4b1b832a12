import Raft
import Testing

@testable import Workload

@Suite("Arrivals")
struct ArrivalTests {
  func arrivals(_ arrival: Arrival, place: SitePlace = SitePlace(index: 0, of: 1), until end: Instant) -> [Instant] {
    var clock = ArrivalClock(arrival, phaseStart: .zero, place: place)
    var random = RandomSource(seed: 9)
    var times: [Instant] = []
    var time = clock.next(after: .zero, &random)
    while time < end {
      times.append(time)
      time = clock.next(after: time, &random)
    }
    return times
  }

  @Test("Poisson: the rate, and the spread of exponential gaps")
  func poisson() {
    let times = arrivals(.poisson(rate: 2_000), place: SitePlace(index: 1, of: 2), until: milliseconds(10_000))
    #expect(abs(Double(times.count) - 10_000) < 400)
    let gaps = zip(times.dropFirst(), times).map { ($0 - $1).milliseconds }
    let mean = gaps.reduce(0, +) / Double(gaps.count)
    let variance = gaps.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(gaps.count)
    #expect(abs(mean - 1) < 0.04)
    #expect(abs(variance.squareRoot() - 1) < 0.06)
  }

  @Test("Constant: sites take turns at equal gaps, without drift")
  func constant() {
    var all: [Instant] = []
    for site in 0..<3 {
      all += arrivals(.constant(rate: 300), place: SitePlace(index: site, of: 3), until: milliseconds(100_000))
    }
    all.sort()
    #expect(all.count == 30_000)
    #expect(all[3] == milliseconds(10))
    #expect(all[29_997] == milliseconds(99_990))
    #expect(Set(zip(all.dropFirst(), all).map { ($0 - $1).nanoseconds / 1_000 }) == [3_333])
  }

  @Test("A rate trace: each piece has its rate, also none, and the last one lasts")
  func trace() {
    let points = [
      RatePoint(time: .seconds(1), rate: 1_000), RatePoint(time: .seconds(2), rate: 0),
      RatePoint(time: .seconds(3), rate: 4_000),
    ]
    let times = arrivals(.trace(points: points), until: milliseconds(5_000))
    let counts = (0..<5).map { second in
      times.count { $0 >= milliseconds(second * 1_000) && $0 < milliseconds((second + 1) * 1_000) }
    }
    #expect(counts[0] == 0)
    #expect(abs(counts[1] - 1_000) < 130)
    #expect(counts[2] == 0)
    #expect(abs(counts[3] - 4_000) < 260)
    #expect(abs(counts[4] - 4_000) < 260)
    #expect(arrivals(.trace(points: [RatePoint(time: .zero, rate: 0)]), until: .distantFuture).isEmpty)
    #expect(arrivals(.poisson(rate: 1e-12), until: .distantFuture).count < 2)
  }

  @Test("A rate trace is read from CSV")
  func csv() throws {
    let points = try RateTrace.points(csv: "time_s,rate_per_s\n0,100\r\n1.5,2e3\n")
    #expect(points == [RatePoint(time: .zero, rate: 100), RatePoint(time: .milliseconds(1_500), rate: 2_000)])
  }

  static let bad: [(String, RateTraceError)] = [
    ("", .empty), ("time_s,rate_per_s\n", .empty), ("time,rate\n0,1\n", .badHeader),
    ("time_s,rate_per_s\n0,1\n1\n", .fieldCount(line: 3, found: 1)),
    ("time_s,rate_per_s\n0,1,2\n", .fieldCount(line: 2, found: 3)),
    ("time_s,rate_per_s\n\n0,1\n", .fieldCount(line: 2, found: 1)),
    ("time_s,rate_per_s\n0,nan\n", .notANumber(line: 2, column: .rate)),
    ("time_s,rate_per_s\n0x1,1\n", .notANumber(line: 2, column: .time)),
    ("time_s,rate_per_s\n,1\n", .notANumber(line: 2, column: .time)),
    ("time_s,rate_per_s\n0,-1\n", .negative(line: 2, column: .rate)),
    ("time_s,rate_per_s\n1e10,1\n", .tooLarge(line: 2, column: .time)),
    ("time_s,rate_per_s\n1,1\n1,2\n", .timeNotRising(line: 3)),
  ]

  @Test("What is wrong in a rate trace is named with its line and column", arguments: bad.indices)
  func badCSV(_ number: Int) {
    let (text, error) = ArrivalTests.bad[number]
    #expect(throws: error) { try RateTrace.points(csv: text) }
    #expect(!error.description.isEmpty)
  }
}
