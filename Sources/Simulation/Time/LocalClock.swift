import Raft

/// A machine's own clock: it agrees with virtual time, or runs faster or slower by a constant rate.
///
/// The mapping is exact in integers: with a rate of `r` parts per billion, `local = base + d + floor(d · r / 10^9)`.
struct LocalClock: Sendable {
  /// How far a clock's rate may be off: it runs between half and one and a half times as fast as it should.
  static let largestError: Int64 = 500_000_000
  private static let billion: Int64 = 1_000_000_000

  private(set) var rate: Int64 = 0
  private var virtualBase = Instant.zero
  private var localBase = Instant.zero

  /// What the clock shows at a virtual time, not before the rate was set.
  @inline(__always)
  func local(_ virtual: Instant) -> Instant {
    let passed = virtual.nanoseconds - virtualBase.nanoseconds
    if rate == 0 { return Instant(nanoseconds: localBase.nanoseconds + passed) }
    return Instant(nanoseconds: localBase.nanoseconds + passed + drift(over: passed))
  }

  /// The earliest virtual time at which the clock shows at least `local`.
  @inline(__always)
  func virtual(_ local: Instant) -> Instant {
    if local == .distantFuture { return .distantFuture }
    let shown = max(0, local.nanoseconds - localBase.nanoseconds)
    if rate == 0 { return Instant(nanoseconds: virtualBase.nanoseconds + shown) }
    // The smallest d with d · (10^9 + rate) >= shown · 10^9.
    let speed = LocalClock.billion + rate
    let (whole, rest) = shown.quotientAndRemainder(dividingBy: speed)
    let part = (rest * LocalClock.billion + speed - 1) / speed
    return Instant(nanoseconds: virtualBase.nanoseconds + whole * LocalClock.billion + part)
  }

  /// Changes the rate from `now` on; the clock does not jump.
  mutating func setRate(_ partsPerBillion: Int64, at now: Instant) {
    localBase = local(now)
    virtualBase = now
    rate = partsPerBillion
  }

  /// `floor(passed · rate / 10^9)` without leaving 64 bits.
  private func drift(over passed: Int64) -> Int64 {
    let (whole, rest) = passed.quotientAndRemainder(dividingBy: LocalClock.billion)
    let product = rest * rate
    let part = product >= 0 ? product / LocalClock.billion : -((-product + LocalClock.billion - 1) / LocalClock.billion)
    return whole * rate + part
  }
}
