import Cloud
import Emulation
import Raft
import Testing

@Suite struct TraceReplayTests {
  private static func market(
    _ counts: [(Double, Int)], _ rule: CountRule, notice: NoticeRule = .none, seed: UInt64 = 1
  ) throws -> SpotMarkets {
    let model = RevocationModel(.trace(.counts(steps(counts), rule)))
    return try SpotMarkets([.plain(0, "p3.2xlarge", model, notice: notice)], random: RandomSource(seed: seed))
  }

  @Test("Counts as a capacity: no more are given out, and a fall takes what is above it, with notice")
  func capacity() throws {
    var markets = try Self.market(
      [(0, 4), (100, 2), (200, 5), (300, 0)], .capacity, notice: NoticeRule(notice: .init(lead: .seconds(30))))
    try markets.fill(5)
    let start = markets.advance(to: .at(69))
    #expect(start.filter { $0.kind == .launched }.count == 4)
    #expect(start.filter { $0.kind == .refused(.noCapacity) }.map(\.instance.rawValue) == [4])
    let fall = markets.advance(to: .at(199))
    #expect(fall.map(\.at) == [.at(70), .at(70), .at(100), .at(100)])
    #expect(fall.prefix(2).allSatisfy { $0.kind == .notice(kill: .at(100), .trace) })
    #expect(fall.suffix(2).map(\.instance) == fall.prefix(2).map(\.instance))
    let rest = markets.advance(to: .at(1_000))
    #expect(rest.map(\.at) == [.at(270), .at(270), .at(300), .at(300)])
    #expect(markets.instances.allSatisfy { !$0.phase.isAlive })
  }

  @Test("What is launched between the decision and the fall dies unannounced when it is too much")
  func lateLaunches() throws {
    var markets = try Self.market(
      [(0, 4), (100, 1)], .capacity, notice: NoticeRule(notice: .init(lead: .seconds(30))))
    try markets.fill(1)
    #expect(markets.advance(to: .at(80)).filter(\.isNotice).isEmpty)
    try markets.fill(2)
    let events = markets.advance(to: .at(200))
    #expect(events.filter(\.isKill).map(\.at) == [.at(100), .at(100)])
    #expect(events.filter(\.isNotice).isEmpty)
    #expect(markets.instances.filter(\.phase.isAlive).count == 1)
  }

  @Test("A fall that an instance's user forestalled takes no one else")
  func dismissedInTime() throws {
    var markets = try Self.market([(0, 4), (100, 3)], .capacity)
    try markets.fill(4)
    _ = markets.advance(to: .at(50))
    try markets.dismiss(InstanceID(2))
    #expect(markets.advance(to: .at(200)).isEmpty)
  }

  @Test("Counts as a share: a fall takes its part of a fleet of any size, on average exactly")
  func share() throws {
    var killed = 0
    for seed in 0..<2_000 as Range<UInt64> {
      var markets = try Self.market([(0, 8), (100, 6)], .share, seed: seed)
      try markets.fill(3)
      let count = markets.advance(to: .at(200)).filter(\.isKill).count
      #expect((0...1).contains(count))
      killed += count
    }
    // 3 × 2/8 = 0.75; four standard deviations of 2,000 trials are 0.039.
    #expect(abs(Double(killed) / 2_000 - 0.75) < 0.039)
    var markets = try Self.market([(0, 8), (100, 4), (200, 0)], .share)
    try markets.fill(20)
    #expect(markets.advance(to: .at(150)).filter(\.isKill).count == 10)
    #expect(markets.advance(to: .at(250)).filter(\.isKill).count == 10)
    try markets.fill(1)
    #expect(markets.advance(to: .at(260)).map(\.kind) == [.refused(.noCapacity)])
  }

  @Test("Availability: all die when it ends, none is given out until it is back, and a trace can repeat")
  func availability() throws {
    let json = #"{"metadata": {"gap_seconds": 60, "zone": "us-west-2a"}, "data": [1, 1, 0]}"#
    let series = try TraceReplay.availability(json: json.utf8, repeats: true)
    var markets = try SpotMarkets(
      [.plain(0, "p3.2xlarge", RevocationModel(.trace(.availability(series))))], random: RandomSource(seed: 1))
    var lines: [String] = []
    for at in [0.0, 119, 120, 179, 180, 400] {
      lines += markets.advance(to: .at(at)).map(\.line)
      try markets.fill(1)
    }
    #expect(
      lines.filter { !$0.hasSuffix("ready") } == [
        "0.0 i-0 launched", "119.0 i-1 launched", "120.0 i-0 killed trace", "120.0 i-1 killed trace",
        "120.0 i-2 refused no-capacity", "179.0 i-3 refused no-capacity", "180.0 i-4 launched",
        "300.0 i-4 killed trace",
      ])
  }

  @Test("A repeating trace of counts falls again in every round")
  func repeating() throws {
    let series = try TraceReplay.counts(csv: "0,2\n0,3\n100,3\n100,1\n200,2\n".utf8, unit: .seconds, repeats: true)
    #expect(series.period == .seconds(200))
    #expect(series.steps.map(\.value) == [3, 1])
    var markets = try SpotMarkets(
      [.plain(0, "p2.xlarge", RevocationModel(.trace(.counts(series, .capacity))))], random: RandomSource(seed: 1))
    var kills: [Double] = []
    for round in 0..<50 {
      _ = markets.advance(to: .at(Double(round) * 200))
      try markets.fill(round == 0 ? 3 : 2)
      kills += markets.advance(to: .at(Double(round) * 200 + 150)).filter(\.isKill).map(\.at.seconds)
    }
    let falls = (0..<50).map { round in Double(round) * 200 + 100 }
    #expect(kills == falls.flatMap { [$0, $0] })
  }

  @Test(
    "The published traces are replayed loss by loss",
    .enabled(if: SharedData.isPresent, "the traces are neither under ERAFT_SHARED nor in ../shared of the package"),
    arguments: [
      ("parcae_aws_p3.2xlarge_32.csv", TraceReplay.TimeUnit.milliseconds, 167, 79, 6),
      ("bamboo_aws_p2.xlarge_2020-11.csv", .hours, 172, 106, 8),
      ("bamboo_aws_g4dn.xlarge_us-east-1c_2020-11.csv", .seconds, 85, 35, 10),
    ])
  func publishedTraces(_ file: String, _ unit: TraceReplay.TimeUnit, losses: Int, times: Int, most: Int) throws {
    let text = try #require(SharedData.text(of: "traces/\(file)"))
    let series = try TraceReplay.counts(csv: text.utf8, unit: unit)
    var markets = try SpotMarkets(
      [.plain(0, "p3.2xlarge", RevocationModel(.trace(.counts(series, .capacity))))], random: RandomSource(seed: 1))
    var kills: [Instant] = []
    // A fleet that always takes all there is loses exactly what the recorded one lost.
    for step in series.steps {
      kills += markets.advance(to: .zero + step.at).filter(\.isKill).map(\.at)
      try markets.fill(max(0, step.value - markets.instances.filter(\.phase.isAlive).count))
      let refused = markets.advance(to: .zero + step.at).contains { $0.kind == .refused(.noCapacity) }
      #expect(!refused)
      #expect(markets.instances.filter(\.phase.isAlive).count == step.value)
    }
    #expect(kills.count == losses)
    let sizes = Dictionary(grouping: kills, by: \.self).values.map(\.count)
    #expect(sizes.count == times && sizes.max() == most)
  }

  @Test(
    "The fitted bathtubs are near the lifetimes they were fitted to, and far from the other reading of the data",
    .enabled(if: SharedData.isPresent, "the traces are neither under ERAFT_SHARED nor in ../shared of the package"))
  func fittedBathtubs() throws {
    let rows = try #require(SharedData.rows(of: "traces/gcp_preemptible_lifetimes_2019.csv"))
    let lives = rows.map { (hours: Double($0["lifetime_s"]!)! / 3_600, died: $0["end_event"] == "preempted") }
      .sorted { $0.hours < $1.hours }
    #expect(lives.count == 1_442 && lives.filter(\.died).count == 717)
    var surviving = 1.0
    var censored: [Double] = []
    for (index, life) in lives.enumerated() {
      if life.died { surviving *= 1 - 1 / Double(lives.count - index) }
      censored.append(1 - surviving)
    }
    let all = lives.indices.map { Double($0 + 1) / Double(lives.count) }
    /// The root mean square distance on a grid of six minutes up to 24 h.
    func distance(_ preset: String, _ observed: [Double]) throws -> Double {
      let model = try #require(RevocationPresets.named(preset)?.model.lifetime)
      let squares = (1...240).map { tenth -> Double in
        let hours = Double(tenth) / 10
        let index = lives.lastIndex { $0.hours <= hours }
        let error = (index.map { observed[$0] } ?? 0) - model.cumulative(.hours(hours))
        return error * error
      }
      return (squares.reduce(0, +) / 240).squareRoot()
    }
    #expect(try distance("bathtub-gcp-2019", censored) < 0.06)
    #expect(try distance("bathtub-gcp-2019-uncensored", all) < 0.06)
    #expect(try distance("bathtub-gcp-2019", all) > 0.3)
    #expect(try distance("bathtub-gcp-2019-uncensored", censored) > 0.3)
  }

  @Test("Faults of a trace name place, found and expected")
  func parserErrors() {
    let counts: [(String, String)] = [
      ("", "the text: found no row, expected a row or more"),
      ("0,1\n5", "line 2: found 1 fields, expected 2: time,count"),
      ("0,1\n5,many", "line 2, column count: found 'many', expected a whole number in 0 ... 1000000"),
      ("0,1\n5,-1", "line 2, column count: found '-1', expected a whole number in 0 ... 1000000"),
      ("5,1\n4,2", "line 2, column time: found '4', expected a time no earlier than the row before"),
      ("1e3,1", "line 1, column time: found '1e3', expected a decimal number of at most 9,000,000,000 seconds"),
      ("-1,1", "line 1, column time: found '-1', expected a decimal number of at most 9,000,000,000 seconds"),
    ]
    for (text, message) in counts {
      let error = #expect(throws: ParseError.self) { try TraceReplay.counts(csv: text.utf8, unit: .seconds) }
      #expect(error?.description == message)
    }
    let availability: [(String, String)] = [
      (#"{"data": [1]}"#, "the text: found no metadata with gap_seconds, expected the time between two values"),
      (
        #"{"metadata": {"gap_seconds": 60}, "data": []}"#,
        "the text: found no value in data, expected a list of 0 and 1"
      ),
      (#"{"metadata": {"gap_seconds": 60}, "data": [1, 2]}"#, "record 2, data: found '2', expected 0 or 1"),
      (#"{"metadata": {"gap_seconds": 0}}"#, "byte 28: found '0', expected gap_seconds in 1 ... 86400"),
      (#"{"metadata": {"gap_seconds": 60}, "data": [1}"#, "byte 44: found '}', expected ',' or ']' in an array"),
      ("[1]", "byte 0: found '[1]', expected an object"),
    ]
    for (text, message) in availability {
      let error = #expect(throws: ParseError.self) { try TraceReplay.availability(json: text.utf8) }
      #expect(error?.description == message)
    }
  }
}
