/// A sum of products divided by one number, kept exactly and rounded once at its end.
///
/// A bill at a changing price is such a sum (rate × seconds / 3600); rounding each term would add up to an error.
struct ProductSum: Hashable, Sendable {
  let divisor: Int64
  private var whole: Int64 = 0
  private var remainder: Int64 = 0

  init(divisor: Int64) { self.divisor = divisor }

  /// Adds `factor × count`, neither of them negative; traps when the quotient exceeds 64 bits.
  mutating func add(_ factor: Int64, times count: Int64) {
    precondition(factor >= 0 && count >= 0, "a charge of a negative rate or quantity")
    let product = factor.magnitude.multipliedFullWidth(by: count.magnitude)
    let (quotient, rest) = divisor.magnitude.dividingFullWidth(product)
    remainder += Int64(rest)
    whole += Int64(quotient) + remainder / divisor
    remainder %= divisor
  }

  /// The sum rounded half up.
  var rounded: Money { Money(nanoUSD: whole + (remainder >= divisor - remainder ? 1 : 0)) }
}
