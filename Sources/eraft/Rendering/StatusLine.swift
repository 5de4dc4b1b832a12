/// A line of progress that is written over on a terminal, and a plain line now and then elsewhere.
///
/// What it returns goes to standard error as it is. It knows no clock: the caller says how much wall time has passed.
struct StatusLine {
  /// Goes back to the line's start and wipes it.
  private static let wipe = "\r\u{1B}[K"

  private let isTerminal: Bool
  private let period: Double
  private var last: Double?
  private var isShown = false

  /// Makes a line whose updates are at least so many seconds of wall time apart.
  init(isTerminal: Bool, terminalPeriod: Double = 0.1, plainPeriod: Double = 5) {
    self.isTerminal = isTerminal
    period = isTerminal ? terminalPeriod : plainPeriod
  }

  /// What to write after so much wall time; nil when it is too early for another line.
  mutating func update(wallSeconds: Double, _ text: () -> String) -> String? {
    // What ends within the period elsewhere says nothing: its result is there at once.
    guard wallSeconds - (last ?? (isTerminal ? -.infinity : 0)) >= period else { return nil }
    last = wallSeconds
    isShown = true
    return isTerminal ? Self.wipe + text() : text() + "\n"
  }

  /// What to write before anything else is: wipes the line on a terminal; nil when there is nothing to wipe.
  mutating func clear() -> String? {
    guard isTerminal, isShown else { return nil }
    isShown = false
    return Self.wipe
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
