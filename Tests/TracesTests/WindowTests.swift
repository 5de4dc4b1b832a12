import Raft
import Testing
import Workload

@testable import Traces

@Suite struct WindowTests {
  @Test func latencyWindowsCountEndsAndAvailabilityWindowsIntendedStarts() throws {
    let settings = try RecorderSettings(
      horizon: .seconds(2), objective: LatencyObjective(read: .milliseconds(100), write: .milliseconds(400)),
      kinds: [.read, .update])
    var recorder = Recorder(names: threeSites(), settings: settings)
    recorder.record(operation(isRead: true, intended: 0, ended: 100))
    recorder.record(operation(isRead: true, intended: 500, ended: 1_000))
    recorder.record(operation(intended: 900, ended: 1_200))
    recorder.record(operation(site: 1, intended: 950, ended: 2_900, outcome: .unknown))
    recorder.record(operation(site: 1, intended: 2_950, ended: 2_990, outcome: .failed))
    let summary = recorder.finish(at: at(3_500))
    let windows = recorder.rows.latencyWindows
    #expect(windows.count == 4 * 4 * 3)
    let total = windows.filter { $0.site == "all" && $0.operation == "all" }
    #expect(total.map(\.count) == [2, 1, 0, 0])
    #expect(total.map(\.start) == [at(0), at(1_000), at(2_000), at(3_000)])
    #expect(total.last?.end == at(3_500))
    #expect(total.map(\.goodput.thousandths) == [1_000, 1_000, 0, 0])
    #expect(total[0].latencies?.max == .milliseconds(500))
    let reads = windows.filter { $0.site == "us-east-1" && $0.operation == "read" }
    #expect(reads.map(\.count) == [2, 0, 0, 0])
    let offered = recorder.rows.availability.filter { $0.site == "all" && $0.operation == "all" }
    #expect(offered.map(\.offered) == [4, 0, 1, 0])
    #expect(offered.map(\.ok) == [3, 0, 0, 0])
    #expect(offered[0].withinSLO == Ratio(millionths: 500_000) && offered[1].success == nil)
    #expect(summary.total?.offered == 5 && summary.total?.unknown == 1 && summary.late == 0)
    #expect(summary.total?.goodput == Rate(2, in: .milliseconds(3_500)))
  }

  @Test func windowsAreWrittenAsSoonAsTheyCannotChange() throws {
    var recorder = Recorder(names: threeSites(), settings: try RecorderSettings(horizon: .seconds(2)))
    recorder.advance(to: at(1_000))
    #expect(recorder.rows.latencyWindows.isEmpty)
    recorder.advance(to: at(1_001))
    #expect(recorder.rows.latencyWindows.count == 4 && recorder.rows.availability.isEmpty)
    recorder.advance(to: at(3_001))
    #expect(recorder.rows.availability.count == 4)
  }

  @Test func operationThatOutlivesTheHorizonIsCountedAndReported() throws {
    var recorder = Recorder(names: threeSites(), settings: try RecorderSettings(horizon: .seconds(1)))
    recorder.record(operation(intended: 0, ended: 5_500))
    let summary = recorder.finish(at: at(6_000))
    #expect(summary.late == 1)
    #expect(recorder.rows.availability.filter { $0.site == "all" && $0.operation == "all" }.map(\.ok).reduce(0, +) == 1)
  }

  @Test func whatIsMeantToStartAtTheEndBelongsToTheLastWindow() throws {
    var recorder = Recorder(names: threeSites(), settings: try RecorderSettings())
    recorder.record(operation(intended: 2_000, ended: 2_000, outcome: .unknown))
    _ = recorder.finish(at: at(2_000))
    #expect(recorder.rows.availability.filter { $0.site == "all" && $0.operation == "all" }.map(\.unknown) == [0, 1])
    #expect(recorder.rows.availability.last?.end == at(2_000))
  }

  @Test func summaryLeavesTheWarmUpOut() throws {
    var recorder = Recorder(names: threeSites(), settings: try RecorderSettings(warmup: .seconds(1)))
    recorder.record(operation(intended: 500, ended: 600))
    recorder.record(operation(intended: 1_000, ended: 1_050))
    let summary = recorder.finish(at: at(2_000))
    #expect(summary.total?.ok == 1 && summary.total?.latencies?.p50 == .milliseconds(50))
    #expect(summary.start == at(1_000) && summary.total?.goodput == Rate(thousandths: 1_000))
  }

  @Test(arguments: [Int64(0), 100_000, 1_000_000]) func sampleIsAShareThatDependsOnNothingElse(share: Int64) throws {
    var counts: [Int] = []
    for order in [1, -1] {
      var recorder = Recorder(
        names: threeSites(), settings: try RecorderSettings(latencies: .share(Ratio(millionths: share))))
      for index in stride(from: order == 1 ? 0 : 4_999, through: order == 1 ? 4_999 : 0, by: order) {
        recorder.record(operation(client: UInt64(index % 7), sequence: UInt64(index), intended: 0, ended: 1))
      }
      counts.append(recorder.rows.latency.count)
    }
    #expect(counts[0] == counts[1])
    #expect(abs(Int64(counts[0]) * 1_000_000 - share * 5_000) < 100 * 1_000_000)
  }

  @Test func settingsThatMakeNoSenseAreRefused() {
    #expect(throws: RecorderError.notPositive("window")) { try RecorderSettings(window: .zero) }
    #expect(throws: RecorderError.notPositive("outage threshold")) { try RecorderSettings(outageThreshold: .zero) }
    #expect(throws: RecorderError.negative("warm-up")) { try RecorderSettings(warmup: .seconds(-1)) }
    #expect(throws: RecorderError.tooManyWindows) {
      try RecorderSettings(window: .nanoseconds(1), horizon: .seconds(1))
    }
  }
}
