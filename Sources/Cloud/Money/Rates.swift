/// A price per hour, as markets and price lists state it.
public struct HourlyRate: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// The highest rate that is accepted: 1,000 USD per hour.
  public static let highest = HourlyRate(nanoUSDPerHour: 1_000_000_000_000)

  /// Billionths of a US dollar per hour.
  public var nanoUSDPerHour: Int64

  /// Makes a rate from billionths of a US dollar per hour.
  public init(nanoUSDPerHour: Int64) { self.nanoUSDPerHour = nanoUSDPerHour }

  /// A rate in millionths of a US dollar per hour.
  public static func microUSD(_ count: Int64) -> HourlyRate { HourlyRate(nanoUSDPerHour: count * 1_000) }

  /// Free of charge.
  public static let free = HourlyRate(nanoUSDPerHour: 0)

  /// The rate written as a decimal number of USD per hour with at most nine decimals, such as `0.0312`; nil when the
  /// text is something else, negative or above ``highest``.
  public init?(usdPerHour text: some StringProtocol) {
    guard let rate = DecimalText.billionths(text), rate >= 0, rate <= Self.highest.nanoUSDPerHour else { return nil }
    self.init(nanoUSDPerHour: rate)
  }

  /// The rate in USD per hour, for display and plots.
  public var usdPerHour: Double { Double(nanoUSDPerHour) / 1e9 }

  /// Orders by price.
  public static func < (left: HourlyRate, right: HourlyRate) -> Bool { left.nanoUSDPerHour < right.nanoUSDPerHour }

  /// The rate in USD per hour with nine decimals: exact.
  public var description: String { DecimalText.text(billionths: nanoUSDPerHour) + " USD/h" }
}

/// A price per gigabyte (10^9 bytes) of data sent, as price lists state it.
public struct TransferRate: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// The highest rate that is accepted: 1,000 USD per gigabyte.
  public static let highest = TransferRate(nanoUSDPerGigabyte: 1_000_000_000_000)

  /// Billionths of a US dollar per gigabyte.
  public var nanoUSDPerGigabyte: Int64

  /// Makes a rate from billionths of a US dollar per gigabyte.
  public init(nanoUSDPerGigabyte: Int64) { self.nanoUSDPerGigabyte = nanoUSDPerGigabyte }

  /// A rate in millionths of a US dollar per gigabyte.
  public static func microUSD(_ count: Int64) -> TransferRate { TransferRate(nanoUSDPerGigabyte: count * 1_000) }

  /// Free of charge.
  public static let free = TransferRate(nanoUSDPerGigabyte: 0)

  /// Orders by price.
  public static func < (left: TransferRate, right: TransferRate) -> Bool {
    left.nanoUSDPerGigabyte < right.nanoUSDPerGigabyte
  }

  /// The price of this many bytes, rounded half up to a billionth of a US dollar.
  public func price(ofBytes bytes: UInt64) -> Money {
    var sum = ProductSum(divisor: 1_000_000_000)
    sum.add(nanoUSDPerGigabyte, times: Int64(clamping: bytes))
    return sum.rounded
  }

  /// The rate in USD per gigabyte with nine decimals: exact.
  public var description: String { DecimalText.text(billionths: nanoUSDPerGigabyte) + " USD/GB" }
}
