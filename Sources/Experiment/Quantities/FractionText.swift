/// A part of a whole as text: `0.1%`, `0.001`, `200ppm`.
public enum FractionText {
  static let expected = "a fraction such as 0.001, 0.1% or 1000ppm"

  /// The number that a text says, with its sign and without bounds.
  public static func parse(_ text: String) throws(QuantityError) -> Double {
    guard let decimal = DecimalText(text) else { throw .malformed(expected: expected) }
    return switch decimal.unit {
    case "": decimal.real()
    case "%": decimal.real(dividedBy: 100)
    case "ppm": decimal.real(dividedBy: 1_000_000)
    default: throw .unknownUnit(String(decimal.unit), expected: expected)
    }
  }

  /// The probability that a text says, in 0 ... 1.
  public static func parseProbability(_ text: String) throws(QuantityError) -> Double {
    let value = try parse(text)
    guard (0...1).contains(value) else { throw .outOfRange(expected: "a probability between 0 and 1") }
    return value
  }

  /// The text that ``parse(_:)`` reads back as the same number.
  public static func format(_ value: Double) -> String { NumberText.format(value) }
}

/// A number without a unit, as text.
public enum NumberText {
  static let expected = "a number such as 0.99"

  /// The number that a text says, of at most 38 digits.
  public static func parse(_ text: String) throws(QuantityError) -> Double {
    guard let decimal = DecimalText(text), decimal.unit.isEmpty else { throw .malformed(expected: expected) }
    return decimal.real()
  }

  /// The shortest text without an exponent that is read back as the same number.
  public static func format(_ value: Double) -> String {
    let text = "\(value)"
    guard let exponentMark = text.firstIndex(of: "e"), let exponent = Int(text[text.index(after: exponentMark)...])
    else { return text.hasSuffix(".0") ? String(text.dropLast(2)) : text }
    let mantissa = text[..<exponentMark]
    let sign = mantissa.hasPrefix("-") ? "-" : ""
    let digits = mantissa.filter(\.isNumber)
    // Swift writes exponents for numbers below 1e-4 and from 2^54 on; the mantissa has one digit before its point.
    let whole = mantissa.hasSuffix(".0") && digits.count > 1 ? String(digits.dropLast()) : String(digits)
    if exponent < 0 { return sign + "0." + String(repeating: "0", count: -exponent - 1) + whole }
    return sign + whole + String(repeating: "0", count: max(0, exponent + 1 - whole.count))
  }
}
