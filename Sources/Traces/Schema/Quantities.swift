import Raft

/// A share of one in whole millionths, so that it is written and read back exactly.
public struct Ratio: Hashable, Comparable, Sendable {
  /// Millionths of one.
  public var millionths: Int64

  /// Makes a ratio from millionths.
  public init(millionths: Int64) { self.millionths = millionths }

  /// `part` of `whole`, rounded to the nearest millionth, halves upwards; none when `whole` is not positive.
  public init?(_ part: Int64, of whole: Int64) {
    guard whole > 0 else { return nil }
    millionths = Fixed.quotient(part, times: 1_000_000, by: whole)
  }

  /// Orders by size.
  public static func < (left: Ratio, right: Ratio) -> Bool { left.millionths < right.millionths }

  /// The ratio as a floating-point number, for display.
  public var value: Double { Double(millionths) / 1e6 }
}

/// Events per second in whole thousandths.
public struct Rate: Hashable, Comparable, Sendable {
  /// Thousandths of an event per second.
  public var thousandths: Int64

  /// Makes a rate from thousandths.
  public init(thousandths: Int64) { self.thousandths = thousandths }

  /// `count` events in `span`, rounded to the nearest thousandth, halves upwards; none when the span is not positive.
  public init?(_ count: Int64, in span: TimeSpan) {
    guard span > .zero else { return nil }
    thousandths = Fixed.quotient(count, times: 1_000_000_000_000, by: span.nanoseconds)
  }

  /// Orders by size.
  public static func < (left: Rate, right: Rate) -> Bool { left.thousandths < right.thousandths }

  /// The rate as a floating-point number, for display.
  public var perSecond: Double { Double(thousandths) / 1e3 }
}

/// Integer arithmetic for what is written with a fixed number of decimals.
enum Fixed {
  /// `count * scale / divisor` to the nearest integer, halves upwards; saturates instead of overflowing.
  static func quotient(_ count: Int64, times scale: Int64, by divisor: Int64) -> Int64 {
    let scaled = Int128(count) * Int128(scale)
    let doubled = 2 * scaled + Int128(divisor)
    let twice = 2 * Int128(divisor)
    let (quotient, remainder) = doubled.quotientAndRemainder(dividingBy: twice)
    return Int64(clamping: remainder < 0 ? quotient - 1 : quotient)
  }

  /// Nanoseconds in whole microseconds: to the nearest, halves away from zero.
  @inline(__always)
  static func microseconds(_ nanoseconds: Int64) -> Int64 {
    let half: Int64 = nanoseconds < 0 ? -500 : 500
    let (sum, overflow) = nanoseconds.addingReportingOverflow(half)
    return overflow ? nanoseconds / 1_000 : sum / 1_000
  }

  /// The span between two instants as the file shows them, each in whole microseconds.
  static func span(from start: Instant, to end: Instant) -> TimeSpan {
    TimeSpan(nanoseconds: (microseconds(end.nanoseconds) - microseconds(start.nanoseconds)) * 1_000)
  }
}
