import Raft

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A distribution of how long an instance lives, from its launch to the kill, independent of all others.
///
/// Draws use the C library's `exp`, `log`, `pow` and `cos`, whose last bit may differ between machines; they are
/// rounded to the nanosecond before anything depends on them, and cut at ``longest``.
public protocol LifetimeModel: Hashable, Sendable {
  /// The probability of having been revoked by this age: F(age).
  func cumulative(_ age: TimeSpan) -> Double
  /// Draws a lifetime, in 1 ns ... ``longest``.
  func draw(_ random: inout RandomSource) -> TimeSpan
  /// What is wrong with the parameters, or nil.
  var fault: String? { get }
}

extension LifetimeModel {
  /// The longest lifetime: 100 years of 365 days.
  public static var longest: TimeSpan { .seconds(100 * 365 * 86_400) }

  /// Hours as a lifetime, rounded and cut; "not a number" becomes the shortest.
  static func lifetime(hours: Double) -> TimeSpan {
    let nanoseconds = hours * 3.6e12
    guard nanoseconds > 1 else { return TimeSpan(nanoseconds: 1) }
    return nanoseconds < Double(longest.nanoseconds) ? TimeSpan(nanoseconds: Int64(nanoseconds.rounded())) : longest
  }

  /// What is wrong with a span that must lie in 1 s ... ``longest``, or nil.
  static func fault(of name: String, _ span: TimeSpan) -> String? {
    span >= .seconds(1) && span <= longest ? nil : "the \(name) is \(span); it must lie in 1s ... 100 years"
  }

  /// What is wrong with a number that must lie in a range, or nil.
  static func fault(of name: String, _ number: Double, in range: ClosedRange<Double>) -> String? {
    range.contains(number)
      ? nil : "the \(name) is \(number); it must lie in \(range.lowerBound) ... \(range.upperBound)"
  }
}

extension TimeSpan {
  /// A span of fractional hours, rounded to the nearest nanosecond.
  public static func hours(_ count: Double) -> TimeSpan { TimeSpan(seconds: count * 3_600) }

  /// The length in hours.
  public var hours: Double { seconds / 3_600 }
}

/// The natural logarithm.
func naturalLogarithm(_ number: Double) -> Double { log(number) }

/// A number to the power of another.
func power(_ base: Double, _ exponent: Double) -> Double { pow(base, exponent) }

/// The standard normal distribution function.
func standardNormal(_ x: Double) -> Double { 0.5 * erfc(-x / 2.0.squareRoot()) }
