import Raft

/// An amount of money in whole micro-USD, so that sums are exact on every machine.
public struct Money: Hashable, Comparable, Sendable {
  /// The amount in millionths of a US dollar.
  public var microUSD: Int64

  /// Makes an amount from millionths of a US dollar.
  public init(microUSD: Int64) { self.microUSD = microUSD }

  /// Nothing.
  public static var zero: Money { Money(microUSD: 0) }

  /// Orders by amount.
  public static func < (left: Money, right: Money) -> Bool { left.microUSD < right.microUSD }

  /// The sum; saturates.
  public static func + (left: Money, right: Money) -> Money {
    let (sum, overflow) = left.microUSD.addingReportingOverflow(right.microUSD)
    return Money(microUSD: overflow ? (right.microUSD > 0 ? .max : .min) : sum)
  }

  /// What remains of `left` after `right`; negative when `right` is more; saturates.
  public static func - (left: Money, right: Money) -> Money {
    let (rest, overflow) = left.microUSD.subtractingReportingOverflow(right.microUSD)
    return Money(microUSD: overflow ? (right.microUSD > 0 ? .min : .max) : rest)
  }

  /// The share `part / whole` of the amount, rounded towards zero; all of it when `whole` is not positive.
  public func share(_ part: Int, of whole: Int) -> Money {
    guard whole > 0, part < whole else { return self }
    let (quotient, remainder) = microUSD.quotientAndRemainder(dividingBy: Int64(whole))
    return Money(microUSD: quotient * Int64(part) + remainder * Int64(part) / Int64(whole))
  }
}

/// The price of running something: micro-USD per hour.
public struct HourlyPrice: Hashable, Comparable, Sendable {
  /// Millionths of a US dollar per hour.
  public var microUSDPerHour: Int64

  /// Makes a price from millionths of a US dollar per hour.
  public init(microUSDPerHour: Int64) { self.microUSDPerHour = microUSDPerHour }

  /// Orders by amount.
  public static func < (left: HourlyPrice, right: HourlyPrice) -> Bool { left.microUSDPerHour < right.microUSDPerHour }

  /// What running for `span` costs, rounded up to a micro-USD; nothing for a span that is not positive; saturates.
  public func cost(of span: TimeSpan) -> Money {
    guard span > .zero, microUSDPerHour > 0 else { return .zero }
    let product = UInt64(microUSDPerHour).multipliedFullWidth(by: UInt64(span.nanoseconds))
    let hour: UInt64 = 3_600_000_000_000
    guard product.high < hour else { return Money(microUSD: .max) }
    let (quotient, remainder) = hour.dividingFullWidth(product)
    return Money(microUSD: Int64(clamping: quotient + (remainder > 0 ? 1 : 0)))
  }
}
