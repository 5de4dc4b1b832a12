import Cloud

extension Codec<HourlyRate> {
  private static let expectedRate = "US dollars per hour with at most nine decimals, such as 0.036"

  /// US dollars per hour.
  static let usdPerHour = Codec.scalar(
    "USD per hour", expected: expectedRate,
    parse: { text throws(QuantityError) in
      guard let rate = HourlyRate(usdPerHour: text) else { throw .malformed(expected: expectedRate) }
      return rate
    },
    format: { String($0.description.dropLast(" USD/h".count)) })
}

extension Codec<Money> {
  private static let expectedMoney = "US dollars with at most nine decimals, such as 2.50"

  /// US dollars, not negative.
  static let usd = Codec.scalar(
    "USD", expected: expectedMoney,
    parse: { text throws(QuantityError) in
      // A rate is a decimal number of dollars, too.
      guard let rate = HourlyRate(usdPerHour: text) else { throw .malformed(expected: expectedMoney) }
      return Money(nanoUSD: rate.nanoUSDPerHour)
    },
    format: { $0.description })
}
