import Raft

/// How far a run has come and when it will end: one line that is written over on a terminal, a line now and then
/// elsewhere.
///
/// What it returns goes to standard error as it is. It knows no clock: the caller says how much wall time has passed.
struct ProgressLine {
  /// The least wall time between two updates on a terminal, in seconds.
  static let terminalPeriod = 0.1
  /// The least wall time between two lines elsewhere, in seconds.
  static let plainPeriod = 5.0
  /// Goes back to the line's start and wipes it.
  private static let wipe = "\r\u{1B}[K"

  private let total: TimeSpan
  private let isTerminal: Bool
  private var last: Double?
  private var isShown = false

  /// Makes the progress of a run that lasts `total` on its own clock.
  init(total: TimeSpan, isTerminal: Bool) {
    self.total = total
    self.isTerminal = isTerminal
  }

  /// What to write now that the run has come to `done` of its own time after `wallSeconds` of wall time; nil when it
  /// is too early for another line.
  mutating func update(done: TimeSpan, wallSeconds: Double) -> String? {
    // A run that ends within the period elsewhere says nothing: its table is there at once.
    let since = wallSeconds - (last ?? (isTerminal ? -.infinity : 0))
    guard since >= (isTerminal ? Self.terminalPeriod : Self.plainPeriod) else { return nil }
    last = wallSeconds
    isShown = true
    let text = text(done: done, wallSeconds: wallSeconds)
    return isTerminal ? Self.wipe + text : text + "\n"
  }

  /// What to write before anything else is: wipes the line on a terminal; nil when there is nothing to wipe.
  mutating func clear() -> String? {
    guard isTerminal, isShown else { return nil }
    isShown = false
    return Self.wipe
  }

  private func text(done: TimeSpan, wallSeconds: Double) -> String {
    let share = total > .zero ? min(max(done.seconds / total.seconds, 0), 1) : 1
    var text = "\(Int(share * 100)) %: \(Render.number(done.seconds, decimals: 1)) of "
    text += "\(Render.number(total.seconds, decimals: 1)) s"
    guard share > 0, wallSeconds > 0 else { return text }
    text += ", \(Render.number(done.seconds / wallSeconds, decimals: 1)) x real time"
    if share < 1 { text += ", \(Self.clock(wallSeconds / share - wallSeconds)) left" }
    return text
  }

  /// A wall time in minutes and seconds, or hours, minutes and seconds, rounded up.
  static func clock(_ seconds: Double) -> String {
    // A hundred days are as good as for ever, and far from the end of the integer.
    let whole = Int(min(max(seconds, 0), 8_640_000).rounded(.up))
    func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
    let (minutes, rest) = (whole / 60, two(whole % 60))
    return minutes < 60 ? "\(minutes):\(rest)" : "\(minutes / 60):\(two(minutes % 60)):\(rest)"
  }
}
