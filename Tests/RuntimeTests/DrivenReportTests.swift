import Emulation
import KeyValue
import Raft
import Server
import Testing
import Workload

@testable import Runtime

/// What driven processes report is read back as it was.
@Suite struct DrivenReportTests {
  private func line(_ write: (inout ReportLine) -> Void) -> String {
    var line = ReportLine()
    write(&line)
    #expect(line.bytes.last == UInt8(ascii: "\n"))
    return String(decoding: line.bytes.dropLast(), as: UTF8.self)
  }

  @Test func reportsOfNodesAreReadBack() {
    let at = Instant(nanoseconds: 123_456_789)
    let configuration = Configuration(
      voters: [NodeID(0), NodeID(2)], outgoing: [NodeID(0), NodeID(1)], learners: [NodeID(7)], learnersNext: [],
      leavesAutomatically: true)
    let sample = NodeSample(
      at: at, links: [.init(node: NodeID(1), framesOut: 1, bytesOut: 2, framesIn: 3, bytesIn: 4)],
      processor: .milliseconds(5), role: .preCandidate, last: LogIndex(9), commit: LogIndex(8), applied: LogIndex(7),
      digest: .max)
    let reports: [NodeReport] = [
      .up, .ready(at: at), .failed("cannot listen: in use"), .role(.leader, term: Term(3), at: at),
      .role(.preCandidate, term: Term(3), at: at), .campaign(.transfer, term: Term(4), at: at),
      .campaign(.preVote, term: Term(4), at: at), .configuration(configuration, index: LogIndex(12), at: at),
      .hired(NodeID(5), at: at), .lost(NodeID(5), at: at), .snapshot(last: LogIndex(100), at: at),
      .applied(AppliedCommand(client: ClientID(1_000_001), sequence: SequenceNumber(2), index: LogIndex(3))),
      .sample(sample),
    ]
    for report in reports {
      let text = line { report.write(to: &$0) }
      #expect(NodeReport(line: text) == report, "\(text)")
    }
  }

  @Test func reportsOfLoadsAreReadBack() {
    let key = Key([0, 10, 32, 255])
    let outcomes: [(Operation, OperationRecord.Outcome, NodeID?, Responder?)] = [
      (.get(key), .ok(.value(nil)), NodeID(1), .observer), (.get(key), .ok(.value([10, 13])), NodeID(1), .leader),
      (.put(key, [1, 2, 3]), .ok(.stored), NodeID(2), .follower), (.put(key, []), .unknown, nil, nil),
      (.get(key), .failed, NodeID(1), .follower),
    ]
    for (operation, outcome, server, role) in outcomes {
      let record = OperationRecord(
        client: ClientID(7), sequence: SequenceNumber(8), site: SiteID(2), operation: operation, kind: .read,
        consistency: .bounded, intended: Instant(nanoseconds: 1), started: Instant(nanoseconds: 2),
        ended: Instant(nanoseconds: 3), server: server, role: role, attempts: 4, outcome: outcome)
      let text = line { LoadReport.operation(record).write(to: &$0) }
      #expect(LoadReport(line: text) == .operation(record), "\(text)")
    }
  }

  @Test func otherLinesAreNoReports() {
    for text in [
      "", "rolle 1 leader 2", "role x leader 2", "role 1 king 2", "sample 1", "applied 1 2", "configuration 1 2 a",
    ] {
      #expect(NodeReport(line: text) == nil, "\(text)")
    }
    for text in ["", "operation read 0 1 2 3 1 - zz -", "operation read 0 1 2 3 1 - 00 00 server ended", "done?"] {
      #expect(LoadReport(line: text) == nil, "\(text)")
    }
  }
}
