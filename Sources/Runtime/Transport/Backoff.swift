import Raft

/// The pause before a connection is tried again: doubled after each failure up to a cap, and drawn at random from its
/// upper half, so that nodes that lost each other together do not call each other together.
struct Backoff {
  /// The first pause.
  static let shortest = TimeSpan.milliseconds(20)
  /// The longest pause.
  static let longest = TimeSpan.seconds(1)

  /// Nothing is tried before this.
  private(set) var until = Instant(nanoseconds: .min)
  private var span = Backoff.shortest

  /// Whether it is time to try.
  func isOver(at now: Instant) -> Bool { now >= until }

  /// Notes a failure.
  mutating func fail(at now: Instant, _ random: inout RandomSource) {
    let half = span / 2
    until = now + half + TimeSpan(nanoseconds: Int64(random.next(below: UInt64(half.nanoseconds + 1))))
    span = min(span + span, Backoff.longest)
  }

  /// Notes a success.
  mutating func succeed() { self = Backoff() }
}
