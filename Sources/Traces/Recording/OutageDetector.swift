import Raft

/// Finds outages of one group and one kind of operation while operations end.
///
/// Between two successes, every operation that ends (the second success included) waited from its intended start, or
/// from the first success when that is later, until its end. Waits that overlap, or lie no further apart than the
/// threshold, make one interval; an interval longer than the threshold is an outage. An operation that is still
/// waiting when another one succeeds says nothing about the time before that success.
struct OutageDetector: Sendable {
  /// An interval of waiting without success.
  struct Interval: Hashable, Sendable {
    var start: Instant
    var end: Instant

    var length: TimeSpan { end - start }
  }

  private let threshold: TimeSpan
  private let horizon: TimeSpan
  private var lastSuccess = Instant.zero
  /// Waits since the last success: in order, further apart than the threshold.
  private var waits: [Interval] = []

  init(threshold: TimeSpan, horizon: TimeSpan) {
    self.threshold = threshold
    self.horizon = horizon
  }

  /// The earliest start that a future outage can have.
  func earliestStart(now: Instant) -> Instant { min(waits.first?.start ?? now, now - horizon) }

  /// Notes an operation that ended; calls `found` with the outages that are certain now.
  @inline(__always)
  mutating func record(intended: Instant, ended: Instant, isSuccess: Bool, found: (Interval) -> Void) {
    let start = max(intended, lastSuccess)
    if isSuccess, waits.isEmpty, ended - start <= threshold {
      lastSuccess = max(lastSuccess, ended)
      return
    }
    recordWait(from: start, to: ended, isSuccess: isSuccess, found: found)
  }

  @inline(never)
  private mutating func recordWait(from start: Instant, to end: Instant, isSuccess: Bool, found: (Interval) -> Void) {
    guard start <= end else { return }
    let horizonStart = end - horizon
    while let first = waits.first, first.end + threshold < horizonStart {
      report(first, found)
      waits.removeFirst()
    }
    var wait = Interval(start: start, end: end)
    while let last = waits.last, wait.start <= last.end + threshold {
      wait.start = min(wait.start, last.start)
      wait.end = max(wait.end, last.end)
      waits.removeLast()
    }
    waits.append(wait)
    if isSuccess {
      finish(found: found)
      lastSuccess = max(lastSuccess, end)
    }
  }

  /// Reports what is left at the end of the run.
  mutating func finish(found: (Interval) -> Void) {
    for wait in waits { report(wait, found) }
    waits.removeAll(keepingCapacity: true)
  }

  private func report(_ wait: Interval, _ found: (Interval) -> Void) {
    if wait.length > threshold { found(wait) }
  }
}
