/// A point in time: nanoseconds since an origin that the host chose (monotonic, never wall-clock time).
@frozen
public struct Instant: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// Nanoseconds since the origin.
  public var nanoseconds: Int64

  /// Makes an instant from nanoseconds since the origin.
  @inlinable
  public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

  /// The origin.
  @inlinable
  public static var zero: Instant { Instant(nanoseconds: 0) }

  /// A point in time that is never reached.
  @inlinable
  public static var distantFuture: Instant { Instant(nanoseconds: .max) }

  /// Orders by number.
  @inlinable
  public static func < (left: Instant, right: Instant) -> Bool { left.nanoseconds < right.nanoseconds }

  /// The instant `span` later; saturates at ``distantFuture``.
  @inlinable
  public static func + (instant: Instant, span: TimeSpan) -> Instant {
    let (sum, overflow) = instant.nanoseconds.addingReportingOverflow(span.nanoseconds)
    return Instant(nanoseconds: overflow ? .max : sum)
  }

  /// The instant `span` earlier.
  @inlinable
  public static func - (instant: Instant, span: TimeSpan) -> Instant {
    Instant(nanoseconds: instant.nanoseconds - span.nanoseconds)
  }

  /// The span from `right` to `left`.
  @inlinable
  public static func - (left: Instant, right: Instant) -> TimeSpan {
    TimeSpan(nanoseconds: left.nanoseconds - right.nanoseconds)
  }

  /// Seconds since the origin.
  public var seconds: Double { Double(nanoseconds) / 1e9 }

  /// The value as text.
  public var description: String { TimeSpan(nanoseconds: nanoseconds).description }
}

/// A length of time in nanoseconds.
///
/// `Swift.Duration` counts attoseconds in 128 bits; on the path of a message that costs more than it gives.
@frozen
public struct TimeSpan: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// The length in nanoseconds.
  public var nanoseconds: Int64

  /// Makes a span from nanoseconds.
  @inlinable
  public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

  /// No time.
  @inlinable
  public static var zero: TimeSpan { TimeSpan(nanoseconds: 0) }

  /// A span of whole nanoseconds.
  @inlinable
  public static func nanoseconds(_ count: Int64) -> TimeSpan { TimeSpan(nanoseconds: count) }

  /// A span of whole microseconds.
  @inlinable
  public static func microseconds(_ count: Int64) -> TimeSpan { TimeSpan(nanoseconds: count * 1_000) }

  /// A span of whole milliseconds.
  @inlinable
  public static func milliseconds(_ count: Int64) -> TimeSpan { TimeSpan(nanoseconds: count * 1_000_000) }

  /// A span of whole seconds.
  @inlinable
  public static func seconds(_ count: Int64) -> TimeSpan { TimeSpan(nanoseconds: count * 1_000_000_000) }

  /// A span of fractional seconds, rounded to the nearest nanosecond.
  public init(seconds: Double) { nanoseconds = Int64((seconds * 1e9).rounded()) }

  /// A span of fractional milliseconds, rounded to the nearest nanosecond.
  public init(milliseconds: Double) { nanoseconds = Int64((milliseconds * 1e6).rounded()) }

  /// The length in seconds.
  public var seconds: Double { Double(nanoseconds) / 1e9 }

  /// The length in milliseconds.
  public var milliseconds: Double { Double(nanoseconds) / 1e6 }

  /// Orders by number.
  @inlinable
  public static func < (left: TimeSpan, right: TimeSpan) -> Bool { left.nanoseconds < right.nanoseconds }

  /// The two spans one after the other.
  @inlinable
  public static func + (left: TimeSpan, right: TimeSpan) -> TimeSpan {
    TimeSpan(nanoseconds: left.nanoseconds + right.nanoseconds)
  }

  /// What remains of `left` after `right`; negative when `right` is longer.
  @inlinable
  public static func - (left: TimeSpan, right: TimeSpan) -> TimeSpan {
    TimeSpan(nanoseconds: left.nanoseconds - right.nanoseconds)
  }

  /// The span repeated `count` times.
  @inlinable
  public static func * (span: TimeSpan, count: Int64) -> TimeSpan { TimeSpan(nanoseconds: span.nanoseconds * count) }

  /// The span in `parts` equal parts, rounded towards zero.
  @inlinable
  public static func / (span: TimeSpan, parts: Int64) -> TimeSpan { TimeSpan(nanoseconds: span.nanoseconds / parts) }

  /// The span with a unit people read, such as `12.5ms`.
  public var description: String {
    switch nanoseconds.magnitude {
    case 0: "0s"
    case ..<1_000: "\(nanoseconds)ns"
    case ..<1_000_000: "\(Double(nanoseconds) / 1e3)us"
    case ..<1_000_000_000: "\(Double(nanoseconds) / 1e6)ms"
    default: "\(Double(nanoseconds) / 1e9)s"
    }
  }
}
