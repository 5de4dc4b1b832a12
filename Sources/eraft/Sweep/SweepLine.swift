/// How far a sweep has come and when it will end, for standard error.
struct SweepLine {
  private var line: StatusLine

  init(isTerminal: Bool) { line = StatusLine(isTerminal: isTerminal) }

  /// What to write now; nil when it is too early for another line.
  mutating func update(_ progress: SweepProgress, wallSeconds: Double) -> String? {
    line.update(wallSeconds: wallSeconds) {
      let share = min(max(progress.share, 0), 1)
      var text = "\(Int(share * 100)) %: \(progress.ended) of \(progress.total) runs"
      if progress.failed > 0 { text += ", \(progress.failed) failed" }
      if share > 0, share < 1 { text += ", \(StatusLine.clock(wallSeconds / share - wallSeconds)) left" }
      return text
    }
  }

  /// What wipes the line; nil when there is nothing to wipe.
  mutating func clear() -> String? { line.clear() }
}
