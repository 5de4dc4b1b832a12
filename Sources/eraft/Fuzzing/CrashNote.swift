import Foundation

/// Says which seeds were under way when the process dies of a trap: a precondition of the core that a seed breaks is a
/// finding, and must not go without its seed.
///
/// There is one note in a process at a time. What the signal handler reads is plain memory that it may read at any time.
struct CrashNote {
  private static let signals = [SIGILL, SIGTRAP, SIGSEGV, SIGBUS, SIGFPE, SIGABRT]

  /// Begins to watch over as many threads.
  init(jobs: Int) {
    CrashMemory.begin(jobs: jobs)
    for number in Self.signals { CrashMemory.watch(number) }
  }

  /// Notes that a thread begins a seed.
  func began(_ job: Int, _ seed: UInt64, profile: String, mutant: String?) {
    CrashMemory.note(job, seed, " --profile \(profile)" + (mutant.map { " --mutant \($0)" } ?? ""))
  }

  /// Ends the watch.
  func end() {
    for number in Self.signals { CrashMemory.unwatch(number) }
  }
}

/// The memory that a signal handler can read: fixed buffers, no locks. A thread writes to its own part only.
private enum CrashMemory {
  /// What follows a seed on the command line, in bytes, its length first.
  private static let wordsLength = 128

  nonisolated(unsafe) private static let seeds = UnsafeMutablePointer<UInt64>.allocate(capacity: 1_024)
  nonisolated(unsafe) private static let words = UnsafeMutablePointer<UInt8>.allocate(capacity: 1_024 * wordsLength)
  nonisolated(unsafe) private static var count = 0
  /// By signal: who handled it before, such as the runtime's own reporter.
  nonisolated(unsafe) private static let former = UnsafeMutablePointer<sigaction>.allocate(capacity: 64)

  static func begin(jobs: Int) {
    for job in 0..<min(jobs, 1_024) { seeds[job] = .max }
    count = min(jobs, 1_024)
  }

  static func watch(_ number: Int32) {
    var action = sigaction()
    action.__sigaction_handler.sa_handler = handler
    sigaction(number, &action, former + Int(number))
  }

  static func unwatch(_ number: Int32) { sigaction(number, former + Int(number), nil) }

  static func note(_ job: Int, _ seed: UInt64, _ text: String) {
    guard job < count else { return }
    let place = words + job * wordsLength
    var length = 0
    for byte in text.utf8.prefix(wordsLength - 1) {
      length += 1
      place[length] = byte
    }
    place[0] = UInt8(length)
    seeds[job] = seed
  }

  static let handler: @convention(c) (Int32) -> Void = { number in
    CrashMemory.write("\neraft: the process was stopped by a trap; one of these seeds broke a precondition:\n")
    for job in 0..<CrashMemory.count where CrashMemory.seeds[job] != .max {
      CrashMemory.write("  eraft fuzz --jobs 1 --seeds ")
      CrashMemory.write(CrashMemory.seeds[job])
      let place = CrashMemory.words + job * CrashMemory.wordsLength
      _ = Foundation.write(STDERR_FILENO, place + 1, Int(place[0]))
      CrashMemory.write("\n")
    }
    // What would have happened follows, such as the runtime's own report.
    CrashMemory.unwatch(number)
    raise(number)
  }

  private static func write(_ text: StaticString) {
    _ = Foundation.write(STDERR_FILENO, text.utf8Start, text.utf8CodeUnitCount)
  }

  private static func write(_ number: UInt64) {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 20) { digits in
      var rest = number
      var place = 20
      repeat {
        place -= 1
        digits[place] = UInt8(ascii: "0") + UInt8(rest % 10)
        rest /= 10
      } while rest > 0
      _ = Foundation.write(STDERR_FILENO, digits.baseAddress! + place, 20 - place)
    }
  }
}
