/// Operations per second as text: `500/s`, `30/min`.
public enum RateText {
  static let expected = "a rate such as 500/s (/s, /min, /h)"

  /// The operations per second that a text says, up to a thousand million.
  public static func parse(_ text: String) throws(QuantityError) -> Double {
    guard let decimal = DecimalText(text) else { throw .malformed(expected: expected) }
    let seconds: Double
    switch decimal.unit {
    case "/s": seconds = 1
    case "/min": seconds = 60
    case "/h": seconds = 3_600
    case "": throw .missingUnit(expected: expected)
    default: throw .unknownUnit(String(decimal.unit), expected: expected)
    }
    let rate = decimal.real(dividedBy: seconds)
    guard rate <= 1e9 else { throw .outOfRange(expected: "a rate of at most 1000000000/s") }
    return rate
  }

  /// The text that ``parse(_:)`` reads back as the same rate.
  public static func format(_ rate: Double) -> String { NumberText.format(rate) + "/s" }
}
