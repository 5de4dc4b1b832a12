import Raft
import Testing
import Verification

@testable import Traces
@testable import eraft

@Suite("Rendering")
struct RenderTests {
  @Test("Tables align text at the left and numbers at the right")
  func tables() {
    var table = TextTable([.left("site"), .right("count"), .left("note")])
    table.add(["us-east-1", "7", "first"])
    table.addRule()
    table.add(["x", "1,234"])
    #expect(
      table.text == """
        site       count  note
        -----------------------
        us-east-1      7  first
        -----------------------
        x          1,234
        """)
  }

  @Test("A table without rows is its headings")
  func emptyTable() {
    #expect(TextTable([.left("a"), .right("b")]).text == "a  b")
  }

  @Test(
    "Counts have groups of three digits",
    arguments: [(0, "0"), (999, "999"), (1_000, "1,000"), (1_002_003, "1,002,003"), (-45_006, "-45,006")])
  func counts(_ value: Int, _ text: String) { #expect(Render.count(value) == text) }

  @Test("Words are wrapped at the width")
  func wrapping() {
    #expect(Render.wrapped(["one", "two", "three"], separator: ",", width: 9) == "one, two,\nthree")
    #expect(Render.wrapped(["longer-than-all"], separator: ",", width: 4) == "longer-than-all")
    #expect(Render.wrapped([], separator: ",", width: 4) == "")
  }

  @Test("Control characters from files do not reach the terminal")
  func control() {
    #expect(Render.printable("a\u{1B}[2J\r\nb\u{9B}") == "a\\u{1b}[2J\\u{d}\nb\\u{9b}")
    #expect(Render.printable("Zürich\nok") == "Zürich\nok")
  }

  @Test("The table at the end has the figures of the summary")
  func summary() {
    func line(_ site: String, _ operation: String, _ ok: Int, _ failed: Int = 0, _ unknown: Int = 0) -> Summary.Line {
      let span = TimeSpan.microseconds(12_340)
      return Summary.Line(
        site: site, operation: operation, ok: ok, failed: failed, unknown: unknown,
        latencies: ok == 0
          ? nil : .init(p50: span, p90: span * 2, p95: span * 3, p99: span * 4, p999: span * 5, max: span * 6),
        goodput: Rate(Int64(ok), in: .seconds(10)))
    }
    let summary = Summary(
      start: .zero + .seconds(5), end: .zero + .seconds(15),
      lines: [
        line("us-east-1", "read", 1_500), line("us-east-1", "scan", 0), line("us-east-1", "all", 1_500),
        line("eu-west-1", "read", 0, 2, 3), line("eu-west-1", "all", 0, 2, 3), line("all", "read", 1_500, 2, 3),
        line("all", "all", 1_500, 2, 3),
      ],
      elections: 2, leaderless: .milliseconds(1_250), readsUnavailable: .seconds(1), writesUnavailable: .seconds(2),
      unavailable: .seconds(3), late: 0)
    #expect(
      Render.summary(summary) == """
        site       operation  operations     ok  failed  unknown  goodput/s  p50 ms  p95 ms  p99 ms
        -------------------------------------------------------------------------------------------
        us-east-1  read            1,500  1,500       0        0      150.0    12.3    37.0    49.4
                   all             1,500  1,500       0        0      150.0    12.3    37.0    49.4
        -------------------------------------------------------------------------------------------
        eu-west-1  read                5      0       2        3        0.0       -       -       -
                   all                 5      0       2        3        0.0       -       -       -
        -------------------------------------------------------------------------------------------
        all        read            1,505  1,500       2        3      150.0    12.3    37.0    49.4
                   all             1,505  1,500       2        3      150.0    12.3    37.0    49.4

        measured     10.000 s after the warm-up of 5.000 s
        elections    2 won in the whole run; without a leader for 1.250 s
        unavailable  3.000 s (reads 1.000 s, writes 2.000 s)
        """)
  }

  @Test("A run that ended in its warm-up has a table too")
  func emptySummary() {
    let all = Summary.Line(
      site: "all", operation: "all", ok: 0, failed: 0, unknown: 0, latencies: nil, goodput: nil)
    let summary = Summary(
      start: .zero + .seconds(5), end: .zero + .seconds(1), lines: [all], elections: 0, leaderless: .zero,
      readsUnavailable: .zero, writesUnavailable: .zero, unavailable: .zero, late: 4)
    let text = Render.summary(summary)
    #expect(text.contains("measured     0.000 s after the warm-up of 5.000 s"))
    #expect(text.contains("late         4 operations"))
    #expect(text.split(separator: "\n").contains { $0.hasPrefix("all") && $0.hasSuffix("-       -       -") })
  }

  @Test("A report has a line per check and ends with the verdict")
  func report() {
    var report = CheckReport()
    #expect(Render.report(report) == "verdict: none, nothing was checked")
    report.add(.invariants, .pass)
    report.add(.linearizability, .unknown, details: ["gave up", "12 operations"])
    report.add(.durability, .pass, details: ["5 writes"])
    #expect(
      Render.report(report) == """
        invariants       pass
        linearizability  unknown
          gave up
          12 operations
        durability       pass: 5 writes
        verdict: unknown
        """)
    report.add(.digests, .fail)
    #expect(Render.report(report).hasSuffix("verdict: FAIL"))
  }
}
