import KeyValue
import Raft
import Server
import Testing
import Workload

@testable import Traces

@Suite struct RowRoundTripTests {
  private func check<Row: TraceRow>(_ rows: [Row]) throws {
    let scratch = try Scratch()
    let path = scratch.file(Row.schema.file.name)
    let writer = try CSVWriter<Row>(path: path)
    try writer.write(contentsOf: rows)
    let digest = try writer.close()
    let read = try CSVReader<Row>.readAll(path: path)
    #expect(read.rows == rows)
    #expect(!read.isTruncated)
    let text = try scratch.read(Row.schema.file.name)
    #expect(digest.rows == rows.count && digest.bytes == text.utf8.count)
    #expect(text.hasPrefix(Row.schema.header + "\n"))
  }

  @Test(arguments: [UInt64(1), 2]) func everyRowComesBackAsItWasWritten(seed: UInt64) throws {
    var random = RandomSource(seed: seed)
    try check((0..<200).map { _ in latency(&random) })
    try check((0..<100).map { _ in latencyWindow(&random) })
    try check((0..<100).map { _ in election(&random) })
    try check((0..<100).map { _ in availability(&random) })
    try check(
      (0..<100).map { _ in
        let start = random.moment()
        return OutageRow(
          group: random.text(), kind: random.pick(OutageKind.allCases), start: start, end: start + random.span(),
          cause: random.text())
      })
    try check((0..<100).map { _ in membership(&random) })
    try check((0..<100).map { _ in traffic(&random) })
    try check(
      (0..<100).map { _ in
        FaultRow(
          at: random.moment(), until: random.optional(random.moment()), fault: random.text(), target: random.text(),
          resolved: random.optional(random.text()), outcome: random.pick(FaultOutcome.allCases),
          detail: random.optional(random.text()))
      })
  }

  @Test func fileWithoutRowsHasAHeaderAndIsComplete() throws { try check([LatencyRow]()) }

  private func latency(_ random: inout RandomSource) -> LatencyRow {
    LatencyRow(
      intended: random.moment(), started: random.moment(), site: random.text(), client: ClientID(random.next()),
      operation: random.pick(OperationKind.allCases),
      consistency: random.optional(random.pick(ReadConsistency.allCases)),
      group: "g0", server: random.optional(random.text()), role: random.optional(random.pick(NodeRole.allCases)),
      latency: random.span(), attempts: random.number(1 << 40), outcome: random.pick(OutcomeWord.allCases))
  }

  private func latencyWindow(_ random: inout RandomSource) -> LatencyWindowRow {
    let percentiles = LatencyWindowRow.Percentiles(
      p50: random.span(), p90: random.span(), p95: random.span(), p99: random.span(), p999: random.span(),
      max: random.span())
    let isEmpty = random.nextBool(probability: 0.3)
    return LatencyWindowRow(
      start: random.moment(), end: random.moment(), site: random.text(), operation: random.text(),
      count: isEmpty ? 0 : 1 + random.number(1_000), latencies: isEmpty ? nil : percentiles,
      goodput: Rate(thousandths: Int64(random.number(1 << 50))))
  }

  private func election(_ random: inout RandomSource) -> ElectionRow {
    let lost = random.moment()
    return ElectionRow(
      group: "g0", term: Term(random.next()), trigger: random.pick(ElectionTrigger.allCases),
      oldLeader: random.optional(random.text()), oldSite: random.optional(random.text()), newLeader: random.text(),
      newSite: random.text(), lost: lost, started: random.moment(), won: lost + random.span(), rounds: random.number(9))
  }

  private func availability(_ random: inout RandomSource) -> AvailabilityRow {
    AvailabilityRow(
      start: random.moment(), end: random.moment(), site: random.text(), operation: random.text(),
      ok: random.number(3), failed: random.number(3), unknown: random.number(3),
      withinSLO: random.optional(Ratio(millionths: Int64(random.number(1_000_001)))))
  }

  private func membership(_ random: inout RandomSource) -> MembershipRow {
    MembershipRow(
      at: random.moment(), group: "g0", change: random.pick(MembershipChange.allCases), node: random.text(),
      role: random.pick(NodeRole.allCases), site: random.text(), market: random.optional(random.text()),
      decidedBy: random.text(), reason: random.optional(random.text()),
      counts: .init(voters: random.number(9), learners: 1, secretaries: 2, observers: random.number(99)))
  }

  private func traffic(_ random: inout RandomSource) -> TrafficRow {
    func ratio() -> Ratio? { random.optional(Ratio(millionths: Int64(random.number(1_000_001)))) }
    return TrafficRow(
      start: random.moment(), end: random.moment(), node: random.text(), site: random.text(),
      role: random.pick(NodeRole.allCases),
      counters: TrafficCounters(
        messagesOut: random.number(.max), bytesOut: random.number(.max), messagesIn: 1, bytesIn: 2, wanBytesOut: 3,
        localBytesOut: 4),
      cpuBusy: ratio(), nicBusy: ratio(), diskBusy: ratio(),
      log: LogGauges(last: LogIndex(.max), commit: LogIndex(random.next()), applied: LogIndex(0)))
  }
}
