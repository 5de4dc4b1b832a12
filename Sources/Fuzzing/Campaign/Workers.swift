import Foundation

/// Threads that do the same work side by side.
///
/// Dispatch decides by itself how many threads a parallel loop is worth and may settle for one on a busy machine; a
/// campaign or a sweep was told how many to use.
package enum Workers {
  /// Calls `work` on `count` threads, each with its number, and returns when all have ended.
  package static func run(_ count: Int, _ work: @escaping @Sendable (Int) -> Void) {
    let ended = DispatchSemaphore(value: 0)
    for number in 1..<max(1, count) {
      let thread = Thread {
        work(number)
        ended.signal()
      }
      thread.stackSize = 8 << 20
      thread.start()
    }
    work(0)
    for _ in 1..<max(1, count) { ended.wait() }
  }
}
