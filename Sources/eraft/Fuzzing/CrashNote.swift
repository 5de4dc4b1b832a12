import Foundation

/// Says which seeds were under way when the process dies of a trap: a precondition of the core that a seed breaks is a
/// finding, and must not go without its seed.
///
/// There is one note in a process at a time. What the signal handler reads is plain memory that it may read at any time.
struct CrashNote {
  private static let signals = [SIGILL, SIGTRAP, SIGSEGV, SIGBUS, SIGFPE, SIGABRT]

  /// Begins to watch over as many threads.
  init(jobs: Int, profile: String, mutant: String?) {
    CrashMemory.begin(jobs: jobs, command: " --profile \(profile)" + (mutant.map { " --mutant \($0)" } ?? ""))
    for number in Self.signals { CrashMemory.watch(number) }
  }

  /// Notes that a thread begins a seed.
  func began(_ job: Int, _ seed: UInt64) { CrashMemory.note(job, seed) }

  /// Ends the watch.
  func end() {
    for number in Self.signals { CrashMemory.unwatch(number) }
  }
}

/// The memory that a signal handler can read: fixed buffers, no locks.
private enum CrashMemory {
  nonisolated(unsafe) private static var seeds = UnsafeMutablePointer<UInt64>.allocate(capacity: 1_024)
  nonisolated(unsafe) private static var count = 0
  nonisolated(unsafe) private static var command = UnsafeMutablePointer<UInt8>.allocate(capacity: 256)
  nonisolated(unsafe) private static var commandLength = 0
  /// By signal: who handled it before, such as the runtime's own reporter.
  nonisolated(unsafe) private static var former = UnsafeMutablePointer<sigaction>.allocate(capacity: 64)

  static func begin(jobs: Int, command text: String) {
    count = min(jobs, 1_024)
    for job in 0..<count { seeds[job] = .max }
    commandLength = 0
    for byte in text.utf8.prefix(256) {
      command[commandLength] = byte
      commandLength += 1
    }
  }

  static func watch(_ number: Int32) {
    var action = sigaction()
    action.__sigaction_handler.sa_handler = handler
    sigaction(number, &action, former + Int(number))
  }

  static func unwatch(_ number: Int32) { sigaction(number, former + Int(number), nil) }

  static func note(_ job: Int, _ seed: UInt64) { if job < count { seeds[job] = seed } }

  static let handler: @convention(c) (Int32) -> Void = { number in
    CrashMemory.write("\neraft: the process was stopped by a trap; one of these seeds broke a precondition:\n")
    for job in 0..<CrashMemory.count where CrashMemory.seeds[job] != .max {
      CrashMemory.write("  eraft fuzz --jobs 1 --seeds ")
      CrashMemory.write(CrashMemory.seeds[job])
      _ = Foundation.write(STDERR_FILENO, CrashMemory.command, CrashMemory.commandLength)
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
