/// How far a sweep has come and when it will end, for standard error: a line that is written over on a terminal, now
/// and then a plain one elsewhere.
struct SweepLine {
  private static let wipe = "\r\u{1B}[K"

  private let isTerminal: Bool
  private var last: Double?
  private var isShown = false

  init(isTerminal: Bool) { self.isTerminal = isTerminal }

  /// What to write now; nil when it is too early for another line.
  mutating func update(_ progress: SweepProgress, wallSeconds: Double) -> String? {
    let since = wallSeconds - (last ?? (isTerminal ? -.infinity : 0))
    guard since >= (isTerminal ? ProgressLine.terminalPeriod : ProgressLine.plainPeriod) else { return nil }
    last = wallSeconds
    isShown = true
    let share = min(max(progress.share, 0), 1)
    var text = "\(Int(share * 100)) %: \(progress.ended) of \(progress.total) runs"
    if progress.failed > 0 { text += ", \(progress.failed) failed" }
    if share > 0, share < 1 { text += ", \(ProgressLine.clock(wallSeconds / share - wallSeconds)) left" }
    return isTerminal ? Self.wipe + text : text + "\n"
  }

  /// What wipes the line; nil when there is nothing to wipe.
  mutating func clear() -> String? {
    guard isTerminal, isShown else { return nil }
    isShown = false
    return Self.wipe
  }
}
