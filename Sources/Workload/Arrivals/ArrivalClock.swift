import Raft

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Tells when the next operation of an open loop arrives at one site.
///
/// The rate is piecewise constant. Exponential gaps are drawn as an area under the rate and walked off along the
/// pieces, which is exact for any rates; equal gaps are counted from the start of the phase, so that rounding does
/// not add up.
struct ArrivalClock: Sendable {
  private enum Kind: Sendable {
    case none
    case equal(start: Instant, gap: Double, offset: Double, next: Int)
    case exponential(pieces: [Piece], current: Int)
  }

  /// A rate of this site in operations per nanosecond from a moment on.
  private struct Piece: Sendable {
    var start: Instant
    var rate: Double
  }

  private var kind: Kind

  init(_ arrival: Arrival, phaseStart: Instant, place: SitePlace) {
    let share = 1e-9 / Double(place.count)
    switch arrival {
    case .closed:
      kind = .none
    case .poisson(let rate):
      kind = .exponential(pieces: [Piece(start: phaseStart, rate: rate * share)], current: 0)
    case .constant(let rate) where rate > 0:
      kind = .equal(
        start: phaseStart, gap: 1 / (rate * share), offset: Double(place.index) / Double(place.count), next: 0)
    case .constant:
      kind = .none
    case .trace(let points):
      kind = .exponential(
        pieces: points.map { Piece(start: phaseStart + $0.time, rate: $0.rate * share) }, current: 0)
    }
  }

  /// The next arrival after the one at `now`, or after the phase's start; `distantFuture` when there is none.
  mutating func next(after now: Instant, _ random: inout RandomSource) -> Instant {
    switch kind {
    case .none:
      return .distantFuture
    case .equal(let start, let gap, let offset, let number):
      kind = .equal(start: start, gap: gap, offset: offset, next: number + 1)
      return start.adding((Double(number) + offset) * gap)
    case .exponential(let pieces, var current):
      defer { kind = .exponential(pieces: pieces, current: current) }
      var area = -log(1 - random.nextUnit())
      var time = now
      while current < pieces.count {
        let piece = pieces[current]
        time = max(time, piece.start)
        let end = current + 1 < pieces.count ? pieces[current + 1].start : .distantFuture
        if piece.rate > 0 {
          let arrival = time.adding(area / piece.rate)
          if arrival < end { return arrival }
          area = max(0, area - piece.rate * Double((end - time).nanoseconds))
        }
        if end == .distantFuture { return .distantFuture }
        time = end
        current += 1
      }
      return .distantFuture
    }
  }
}

extension Instant {
  /// The instant a fractional number of nanoseconds later, rounded to whole ones; `distantFuture` beyond 2^62.
  fileprivate func adding(_ nanoseconds: Double) -> Instant {
    nanoseconds < 0x1p62 ? self + TimeSpan(nanoseconds: Int64(nanoseconds.rounded())) : .distantFuture
  }
}
