/// An amount of money: an exact count of billionths of a US dollar, so that bills add up.
///
/// It reaches to 9.2 billion USD either way; a sum beyond that is a programming error and traps.
public struct Money: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// Billionths of a US dollar.
  public var nanoUSD: Int64

  /// Makes an amount from billionths of a US dollar.
  public init(nanoUSD: Int64) { self.nanoUSD = nanoUSD }

  /// Nothing.
  public static let zero = Money(nanoUSD: 0)

  /// Whole US dollars.
  public static func usd(_ dollars: Int64) -> Money { Money(nanoUSD: dollars * 1_000_000_000) }

  /// The amount in US dollars, for display and plots; the sum of such numbers is not exact.
  public var usd: Double { Double(nanoUSD) / 1e9 }

  /// Orders by amount.
  public static func < (left: Money, right: Money) -> Bool { left.nanoUSD < right.nanoUSD }

  /// The exact sum.
  public static func + (left: Money, right: Money) -> Money { Money(nanoUSD: left.nanoUSD + right.nanoUSD) }

  /// The exact difference.
  public static func - (left: Money, right: Money) -> Money { Money(nanoUSD: left.nanoUSD - right.nanoUSD) }

  /// Adds an amount.
  public static func += (left: inout Money, right: Money) { left = left + right }

  /// The amount in US dollars with nine decimals, such as `0.031180000`: exact.
  public var description: String { DecimalText.text(billionths: nanoUSD) }
}
