/// Why a text is no quantity of its kind.
public enum QuantityError: Error, Hashable, Sendable {
  /// It is not a number followed by a unit.
  case malformed(expected: String)
  /// It is a number without the unit that it needs.
  case missingUnit(expected: String)
  /// Its unit is none of the kind's.
  case unknownUnit(String, expected: String)
  /// It is finer than what the kind can hold, or too large for it.
  case outOfRange(expected: String)

  /// What would have been right, to follow the words "found …, expected ".
  public var expectation: String {
    switch self {
    case .malformed(let expected), .outOfRange(let expected): expected
    case .missingUnit(let expected): "\(expected): the unit is missing"
    case .unknownUnit(let unit, let expected): "\(expected): \(SpecNode.quote(unit)) is no unit here"
    }
  }
}

/// A number as people write it, before its unit is known: `-1.5h` is the digits 15, one of them a fraction, and `h`.
struct DecimalText {
  var isNegative = false
  var digits: Int128 = 0
  var fractionDigits = 0
  /// The number without its unit, as written.
  var number: Substring
  var unit: Substring

  /// Splits a text; nil when it does not start with a number of at most 38 digits, which is what 128 bits hold.
  init?(_ text: String) {
    var rest = text[...]
    if rest.first == "-" || rest.first == "+" { isNegative = rest.removeFirst() == "-" }
    var (count, sawPoint) = (0, false)
    while let character = rest.first {
      if character == ".", !sawPoint {
        sawPoint = true
      } else if let digit = character.isASCII ? character.wholeNumberValue : nil {
        guard count < 38 else { return nil }
        digits = digits * 10 + Int128(digit)
        count += 1
        if sawPoint { fractionDigits += 1 }
      } else {
        break
      }
      rest.removeFirst()
    }
    guard count > 0, !text.hasSuffix(".") else { return nil }
    number = text[..<rest.startIndex]
    unit = rest
    while unit.first == " " { unit.removeFirst() }
  }

  /// The number times `scale` when that is whole and fits, with its sign.
  func scaled(by scale: Int64) -> Int64? {
    var divisor: Int128 = 1
    for _ in 0..<fractionDigits { divisor *= 10 }
    let (product, overflow) = digits.multipliedReportingOverflow(by: Int128(scale))
    let (quotient, remainder) = product.quotientAndRemainder(dividingBy: divisor)
    guard !overflow, remainder == 0, let magnitude = Int64(exactly: quotient) else { return nil }
    return isNegative ? -magnitude : magnitude
  }

  /// The number divided by `divisor`, rounded to the nearest that a `Double` holds.
  func real(dividedBy divisor: Double = 1) -> Double { (Double(number) ?? 0) / divisor }
}

/// A named multiple of a quantity's base.
struct Unit: Sendable {
  var name: String
  var scale: Int64
}

extension [Unit] {
  /// The exact value of a text in the base of the units.
  func parse(_ text: String, expected: String) throws(QuantityError) -> Int64 {
    guard let decimal = DecimalText(text) else { throw .malformed(expected: expected) }
    let unit = decimal.unit
    if unit.isEmpty {
      if decimal.digits == 0 { return 0 }
      throw .missingUnit(expected: expected)
    }
    guard let match = first(where: { $0.name == unit }) else {
      throw .unknownUnit(String(unit), expected: expected)
    }
    guard let value = decimal.scaled(by: match.scale) else { throw .outOfRange(expected: expected) }
    return value
  }

  /// The value with the largest unit that leaves it whole; `self` goes from small to large.
  func format(_ value: Int64, zero: String) -> String {
    if value == 0 { return zero }
    let unit = last { value % $0.scale == 0 } ?? self[0]
    return "\(value / unit.scale)\(unit.name)"
  }
}
