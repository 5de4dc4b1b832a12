/// Integers as Redis reads them.
enum DecimalText {
  /// A decimal integer of 64 bits in its only form: no sign but a minus, no superfluous zero, nothing around it.
  static func integer(_ text: UnsafeRawBufferPointer) -> Int64? {
    var place = 0
    let isNegative = !text.isEmpty && text[0] == UInt8(ascii: "-")
    if isNegative { place = 1 }
    guard place < text.count, text.count <= 20 else { return nil }
    if text[place] == UInt8(ascii: "0") { return text.count == 1 ? 0 : nil }
    var value: UInt64 = 0
    while place < text.count {
      let digit = text[place] &- UInt8(ascii: "0")
      guard digit <= 9 else { return nil }
      let (tenfold, first) = value.multipliedReportingOverflow(by: 10)
      let (next, second) = tenfold.addingReportingOverflow(UInt64(digit))
      if first || second { return nil }
      value = next
      place += 1
    }
    if isNegative { return value <= 1 << 63 ? Int64(truncatingIfNeeded: 0 &- value) : nil }
    return Int64(exactly: value)
  }
}
