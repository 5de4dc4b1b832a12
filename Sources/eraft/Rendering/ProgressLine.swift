import Raft

/// How far a run has come and when it will end, for standard error.
struct ProgressLine {
  private var line: StatusLine

  /// Makes the progress of a run that has not begun.
  init(isTerminal: Bool) { line = StatusLine(isTerminal: isTerminal) }

  /// What to write now that the run has come to `done` of the `total` that it simulates, after `wallSeconds` of wall
  /// time; nil when it is too early for another line.
  mutating func update(done: TimeSpan, of total: TimeSpan, wallSeconds: Double) -> String? {
    line.update(wallSeconds: wallSeconds) { Self.text(done: done, of: total, wallSeconds: wallSeconds) }
  }

  /// What to write before anything else is: wipes the line on a terminal; nil when there is nothing to wipe.
  mutating func clear() -> String? { line.clear() }

  private static func text(done: TimeSpan, of total: TimeSpan, wallSeconds: Double) -> String {
    let share = total > .zero ? min(max(done.seconds / total.seconds, 0), 1) : 1
    var text = "\(Int(share * 100)) %: \(Render.number(done.seconds, decimals: 1)) of "
    text += "\(Render.number(total.seconds, decimals: 1)) s"
    guard share > 0, wallSeconds > 0 else { return text }
    text += ", \(Render.number(done.seconds / wallSeconds, decimals: 1)) x real time"
    if share < 1 { text += ", \(StatusLine.clock(wallSeconds / share - wallSeconds)) left" }
    return text
  }
}
