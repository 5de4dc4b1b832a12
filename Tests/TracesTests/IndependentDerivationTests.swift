import Emulation
import KeyValue
import Raft
import Testing
import Workload

@testable import Traces

/// Outages and leaderless time derived a second time, slowly and in another way, and compared with the rows.
@Suite struct IndependentDerivationTests {
  private static let threshold = 500.0
  private static let horizon = 4_000.0
  private static let length = 60_000.0

  /// A made-up run, in whole milliseconds.
  private struct Run {
    /// Who leads from when to when; in between nobody does.
    var reigns: [(node: Int, start: Double, end: Double)] = []
    var operations: [OperationRecord] = []
  }

  private func makeRun(seed: UInt64) -> Run {
    var random = RandomSource(seed: seed)
    var run = Run()
    var now = Double(random.number(2_500))
    while now < Self.length {
      let end = min(now + 1 + Double(random.number(15_000)), Self.length)
      run.reigns.append((random.number(6), now, end))
      now = end + 1 + Double(random.number(5_000))
    }
    var intended = 0.0
    var sequence: UInt64 = 0
    while true {
      intended += random.nextBool(probability: 0.02) ? Double(random.number(8_000)) : Double(random.number(300))
      guard intended < Self.length else { break }
      sequence += 1
      let reign = run.reigns.first { $0.end > intended && $0.start < intended + Self.horizon }
      let served = reign.map { max(intended, $0.start) + 1 + Double(random.number(80)) }
      let isOK = served.map { $0 <= reign!.end && $0 <= intended + Self.horizon } ?? false
      let failure = intended + Double(random.number(Int(Self.horizon)))
      let ended = min(isOK ? served! : failure, Self.length)
      run.operations.append(
        operation(
          sequence: sequence, site: UInt16(random.number(3)), isRead: random.nextBool(probability: 0.5),
          intended: intended, ended: ended,
          outcome: isOK && served! <= Self.length ? .ok : random.pick([.failed, .unknown])))
    }
    run.operations.sort { ($0.ended, $0.sequence) < ($1.ended, $1.sequence) }
    return run
  }

  private func record(_ run: Run) throws -> (rows: TraceRows, summary: Summary) {
    var recorder = Recorder(
      names: threeSites(),
      settings: try RecorderSettings(
        horizon: TimeSpan(milliseconds: Self.horizon), outageThreshold: TimeSpan(milliseconds: Self.threshold)))
    var happenings: [(at: Double, apply: (inout Recorder) -> Void)] = []
    for (index, reign) in run.reigns.enumerated() {
      let (node, term) = (NodeID(UInt32(reign.node)), Term(UInt64(index + 1)))
      happenings.append(
        (
          reign.start,
          {
            $0.campaignStarted(node: node, term: term, at: at(reign.start - 1), campaign: .election)
            $0.leaderElected(node: node, term: term, at: at(reign.start))
          }
        ))
      if reign.end < Self.length {
        happenings.append((reign.end, { $0.leaderLost(node: node, at: at(reign.end), cause: .crash) }))
      }
    }
    var next = 0
    for operation in run.operations {
      while next < happenings.count, at(happenings[next].at) <= operation.ended {
        happenings[next].apply(&recorder)
        next += 1
      }
      recorder.record(operation)
    }
    for happening in happenings[next...] { happening.apply(&recorder) }
    let summary = recorder.finish(at: at(Self.length))
    return (recorder.rows, summary)
  }

  /// The outages of a kind, from the definition: millisecond by millisecond within every gap between successes.
  private func outages(_ run: Run, _ kind: OutageKind) -> [[Double]] {
    let operations = run.operations.filter { $0.operation.isRead == (kind == .read) }
    func milliseconds(_ instant: Instant) -> Int { Int(instant.nanoseconds / 1_000_000) }
    let successes = operations.filter { OutcomeWord($0.outcome) == .ok }.map { milliseconds($0.ended) }
    var found: [[Double]] = []
    // Operations are in the order of their ends; a gap holds those after one success, up to and including the next.
    var gapStart = 0
    var rest = operations[...]
    for success in successes + [nil] {
      var gap: [OperationRecord] = []
      while let operation = rest.first {
        rest.removeFirst()
        gap.append(operation)
        if success != nil, OutcomeWord(operation.outcome) == .ok { break }
      }
      // isWaiting[t - base]: somebody waits during the millisecond that begins at t.
      let base = gap.map { milliseconds($0.intended) }.min() ?? 0
      let last = gap.map { milliseconds($0.ended) }.max() ?? 0
      var isWaiting = [Bool](repeating: false, count: max(last - base, 0))
      for operation in gap {
        let from = max(milliseconds(operation.intended), gapStart)
        for moment in from..<max(from, milliseconds(operation.ended)) { isWaiting[moment - base] = true }
      }
      var start: Int?
      var lastWaiting = 0
      for moment in base..<base + isWaiting.count where isWaiting[moment - base] {
        if let begun = start, Double(moment - lastWaiting) > Self.threshold {
          if Double(lastWaiting - begun) > Self.threshold { found.append([Double(begun), Double(lastWaiting)]) }
          start = moment
        }
        start = start ?? moment
        lastWaiting = moment + 1
      }
      if let begun = start, Double(lastWaiting - begun) > Self.threshold {
        found.append([Double(begun), Double(lastWaiting)])
      }
      gapStart = success ?? gapStart
    }
    return found
  }

  @Test(arguments: Array(UInt64(1)...12)) func outagesAndLeaderlessTimeAreThoseOfTheHistory(seed: UInt64) throws {
    let run = makeRun(seed: seed)
    let (rows, summary) = try record(run)
    for kind in OutageKind.allCases {
      let recorded = rows.outages.filter { $0.kind == kind }.map { [$0.start.seconds * 1e3, $0.end.seconds * 1e3] }
      #expect(recorded.map { $0.map { $0.rounded() } } == outages(run, kind))
    }
    var leads = [Bool](repeating: false, count: Int(Self.length))
    for reign in run.reigns { for moment in Int(reign.start)..<Int(reign.end) { leads[moment] = true } }
    #expect(summary.leaderless == .milliseconds(Int64(leads.count { !$0 })))
    #expect(rows.elections.count == run.reigns.count)
    let gaps = zip([0] + run.reigns.map(\.end), run.reigns.map(\.start)).map { $1 - $0 }
    #expect(rows.elections.map { $0.leaderless.milliseconds } == gaps)
    let both = OutageKind.allCases.flatMap { outages(run, $0) }
    var isOut = [Bool](repeating: false, count: Int(Self.length))
    for outage in both { for moment in Int(outage[0])..<Int(outage[1]) { isOut[moment] = true } }
    #expect(summary.unavailable == .milliseconds(Int64(isOut.count { $0 })))
  }

  @Test func thereAreOutagesToCompare() throws {
    let counts = (UInt64(1)...12).map { seed in outages(makeRun(seed: seed), .write).count }
    #expect(counts.reduce(0, +) > 30)
  }
}
