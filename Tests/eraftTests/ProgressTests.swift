import Raft
import Testing

@testable import eraft

@Suite("Progress")
struct ProgressTests {
  @Test("A terminal's line is written over, ten times a second at most")
  func terminal() {
    var progress = ProgressLine(isTerminal: true)
    #expect(progress.update(done: .zero, of: .seconds(60), wallSeconds: 0) == "\r\u{1B}[K0 %: 0.0 of 60.0 s")
    #expect(progress.update(done: .seconds(1), of: .seconds(60), wallSeconds: 0.05) == nil)
    #expect(
      progress.update(done: .seconds(15), of: .seconds(60), wallSeconds: 2)
        == "\r\u{1B}[K25 %: 15.0 of 60.0 s, 7.5 x real time, 0:06 left")
    #expect(
      progress.update(done: .seconds(61), of: .seconds(60), wallSeconds: 8)
        == "\r\u{1B}[K100 %: 61.0 of 60.0 s, 7.6 x real time")
    #expect(progress.clear() == "\r\u{1B}[K")
    #expect(progress.clear() == nil)
  }

  @Test("Elsewhere there is a line every few seconds")
  func plain() {
    var progress = ProgressLine(isTerminal: false)
    var lines: [String] = []
    for step in 0...120 {
      let wall = Double(step) / 10
      if let line = progress.update(done: .seconds(Int64(step / 2)), of: .seconds(100), wallSeconds: wall) {
        lines.append(line)
      }
    }
    #expect(
      lines == [
        "25 %: 25.0 of 100.0 s, 5.0 x real time, 0:15 left\n", "50 %: 50.0 of 100.0 s, 5.0 x real time, 0:10 left\n",
      ])
    #expect(progress.clear() == nil)
  }

  @Test("A run of no length is done")
  func noLength() {
    var progress = ProgressLine(isTerminal: true)
    #expect(progress.update(done: .zero, of: .zero, wallSeconds: 1) == "\r\u{1B}[K100 %: 0.0 of 0.0 s, 0.0 x real time")
  }

  @Test(
    "Times are read as on a clock",
    arguments: [
      (0, "0:00"), (0.2, "0:01"), (61, "1:01"), (3_600, "1:00:00"), (36_125, "10:02:05"), (-1, "0:00"),
      (.infinity, "2400:00:00"),
    ] as [(Double, String)])
  func clock(_ seconds: Double, _ text: String) { #expect(StatusLine.clock(seconds) == text) }
}
