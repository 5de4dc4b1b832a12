/// Decimal numbers as text, exactly: no binary fraction stands between a price list and a bill.
enum DecimalText {
  /// The number in billionths, or nil when the text is no plain decimal number (`-1.25`, `0.009400`), has digits beyond
  /// the ninth decimal that are not zero, or does not fit.
  static func billionths(_ text: some StringProtocol) -> Int64? {
    var digits = text.utf8[...]
    let isNegative = digits.first == UInt8(ascii: "-")
    if isNegative { digits = digits.dropFirst() }
    var value: Int64 = 0
    var decimals: Int?
    var seen = 0
    for byte in digits {
      if byte == UInt8(ascii: "."), decimals == nil, seen > 0 {
        decimals = 0
        continue
      }
      guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { return nil }
      seen += 1
      if let count = decimals, count >= 9 {
        guard byte == UInt8(ascii: "0") else { return nil }
        continue
      }
      decimals = decimals.map { $0 + 1 }
      guard let next = appending(Int64(byte - UInt8(ascii: "0")), to: value) else { return nil }
      value = next
    }
    guard seen > 0, decimals != 0 else { return nil }
    for _ in (decimals ?? 0)..<9 {
      guard let next = appending(0, to: value) else { return nil }
      value = next
    }
    return isNegative ? -value : value
  }

  /// The number with nine decimals.
  static func text(billionths: Int64) -> String {
    let (whole, rest) = billionths.magnitude.quotientAndRemainder(dividingBy: 1_000_000_000)
    let decimals = String(rest)
    let zeros = String(repeating: "0", count: 9 - decimals.count)
    return "\(billionths < 0 ? "-" : "")\(whole).\(zeros)\(decimals)"
  }

  private static func appending(_ digit: Int64, to value: Int64) -> Int64? {
    let (shifted, overflow) = value.multipliedReportingOverflow(by: 10)
    let (sum, carry) = shifted.addingReportingOverflow(digit)
    return overflow || carry ? nil : sum
  }
}
