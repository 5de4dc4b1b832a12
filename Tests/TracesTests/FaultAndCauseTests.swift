import Raft
import Testing

@testable import Traces

@Suite struct FaultAndCauseTests {
  private func recorder() throws -> Recorder {
    var recorder = Recorder(names: threeSites(), settings: try RecorderSettings())
    recorder.campaignStarted(node: NodeID(0), term: Term(1), at: at(100), campaign: .election)
    recorder.leaderElected(node: NodeID(0), term: Term(1), at: at(200))
    recorder.record(operation(intended: 9_900, ended: 10_000))
    return recorder
  }

  private func cause(_ recorder: inout Recorder) -> String? {
    recorder.record(operation(intended: 10_100, ended: 13_000))
    return recorder.rows.outages.first?.cause
  }

  @Test func aFaultIsTheCause() throws {
    var recorder = try recorder()
    let id = recorder.faultBegan(
      FaultRow(at: at(9_990), fault: "crash", target: "leader", resolved: "us-east-1.0", outcome: .injected))
    recorder.leaderLost(node: NodeID(0), at: at(9_990), cause: .crash)
    #expect(cause(&recorder) == "crash us-east-1.0")
    recorder.faultEnded(id, at: at(14_000))
    recorder.faultEnded(id, at: at(15_000))
    #expect(recorder.rows.faults.map(\.until) == [at(14_000)])
  }

  @Test func faultsThatWereNotDoneOrAreLongOverAreNot() throws {
    var recorder = try recorder()
    recorder.fault(
      FaultRow(at: at(10_000), fault: "crash", target: "leader", resolved: nil, outcome: .skipped))
    recorder.fault(
      FaultRow(at: at(1_000), until: at(2_000), fault: "pause", target: "n", resolved: nil, outcome: .injected))
    recorder.fault(FaultRow(at: at(12_000), fault: "heal", target: "all", resolved: nil, outcome: .injected))
    #expect(cause(&recorder) == "unexplained")
  }

  @Test func severalFaultsAreJoined() throws {
    var recorder = try recorder()
    recorder.fault(
      FaultRow(at: at(9_000), until: at(99_000), fault: "partition", target: "a|b", resolved: nil, outcome: .injected))
    recorder.fault(FaultRow(at: at(10_500), fault: "transfer", target: "x", resolved: nil, outcome: .injected))
    #expect(cause(&recorder) == "partition a|b; transfer x")
  }

  @Test func withoutFaultsTheLossOfTheLeaderIsTheCause() throws {
    var recorder = try recorder()
    recorder.leaderLost(node: NodeID(0), at: at(10_050), cause: .stepDown)
    #expect(cause(&recorder) == "step-down us-east-1.0")
    var first = Recorder(names: threeSites(), settings: try RecorderSettings())
    first.record(operation(intended: 0, ended: 3_000))
    #expect(first.rows.outages.first?.cause == "initial election")
  }

  @Test func faultsThatNeverEndAreWrittenAtTheEnd() throws {
    var recorder = try recorder()
    _ = recorder.faultBegan(FaultRow(at: at(1), fault: "crash", target: "a", resolved: nil, outcome: .injected))
    _ = recorder.finish(at: at(11_000))
    #expect(recorder.rows.faults.map(\.until) == [nil])
  }

  @Test func whatCannotMatterAnyMoreIsForgotten() throws {
    var recorder = Recorder(names: threeSites(), settings: try RecorderSettings(window: .seconds(1_000)))
    for index in 0..<5_000 {
      let moment = Double(index) * 1_000 + 20_000
      recorder.record(operation(intended: moment, ended: moment + 1))
      recorder.fault(FaultRow(at: at(moment), fault: "transfer", target: "x", resolved: nil, outcome: .injected))
    }
    #expect(recorder.rememberedCauses < 256)
  }

  @Test func membershipAndTrafficTakeNamesAndShares() throws {
    var recorder = try recorder()
    recorder.membershipChanged(
      at: at(5), .addLearner, node: NodeID(3), role: .learner, decidedBy: "spec", counts: .init(voters: 3, learners: 1))
    recorder.traffic(
      from: at(0), to: at(1_000), node: NodeID(9), role: .follower, counters: TrafficCounters(bytesOut: 7),
      cpuBusy: .milliseconds(250), log: LogGauges(last: LogIndex(3), commit: LogIndex(2), applied: LogIndex(1)))
    #expect(recorder.rows.membership.first?.node == "us-west-2.1" && recorder.rows.membership.first?.market == nil)
    let row = recorder.rows.traffic.first
    #expect(row?.cpuBusy == Ratio(millionths: 250_000) && row?.nicBusy == nil)
    #expect(row?.node == "n9" && row?.site == "unknown")
  }
}
