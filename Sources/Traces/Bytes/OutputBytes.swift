/// Bytes on their way to a file: a buffer that is written at its end and emptied as a whole.
///
/// Rows are formatted here byte by byte, so it is memory of its own instead of an array: that saves a check of
/// uniqueness per byte. Room is reserved before every store, so no store leaves the memory.
struct OutputBytes: ~Copyable, @unchecked Sendable {
  private var base: UnsafeMutablePointer<UInt8>
  private var capacity: Int
  /// How many bytes there are.
  private(set) var count = 0

  init(capacity: Int) {
    self.capacity = max(capacity, 64)
    base = .allocate(capacity: self.capacity)
  }

  deinit { base.deallocate() }

  /// The bytes, valid during the call.
  func withBytes<Result, Failure: Error>(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try body(UnsafeRawBufferPointer(start: base, count: count))
  }

  mutating func removeAll() { count = 0 }

  /// Takes back the last bytes; used to complete a line that ends in one separator too many.
  mutating func removeLast() { count -= 1 }

  @inline(__always)
  private mutating func reserve(_ extra: Int) {
    if count + extra > capacity { grow(extra) }
  }

  @inline(never)
  private mutating func grow(_ extra: Int) {
    let larger = max(capacity * 2, count + extra)
    let new = UnsafeMutablePointer<UInt8>.allocate(capacity: larger)
    new.update(from: base, count: count)
    base.deallocate()
    base = new
    capacity = larger
  }

  @inline(__always)
  mutating func append(_ byte: UInt8) {
    reserve(1)
    base[count] = byte
    count += 1
  }

  @inline(__always)
  mutating func append(_ text: StaticString) {
    append(UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  @inline(__always)
  mutating func append(_ bytes: UnsafeBufferPointer<UInt8>) {
    guard let source = bytes.baseAddress else { return }
    reserve(bytes.count)
    (base + count).update(from: source, count: bytes.count)
    count += bytes.count
  }

  @inline(__always)
  mutating func append(text: String) {
    var text = text
    text.withUTF8 { append($0) }
  }

  /// Appends a number in decimal.
  @inline(__always)
  mutating func append(decimal value: UInt64) {
    reserve(20)
    let digits = Decimal.digits(value)
    Decimal.write(value, digits: digits, to: base + count)
    count += digits
  }

  /// Appends a number in decimal.
  @inline(__always)
  mutating func append(decimal value: Int64) {
    if value < 0 { append(UInt8(ascii: "-")) }
    append(decimal: value.magnitude)
  }

  /// Appends `value / 10^decimals` with exactly so many decimals.
  @inline(__always)
  mutating func append(_ value: Int64, decimals: Int) {
    if value < 0 { append(UInt8(ascii: "-")) }
    let scale: UInt64 = decimals == 3 ? 1_000 : decimals == 6 ? 1_000_000 : 1_000_000_000
    let (whole, fraction) = value.magnitude.quotientAndRemainder(dividingBy: scale)
    append(decimal: whole)
    reserve(10)
    base[count] = UInt8(ascii: ".")
    Decimal.write(fraction, digits: decimals, to: base + count + 1)
    count += decimals + 1
  }
}

/// Decimal digits, two at a time.
enum Decimal {
  /// How many digits a number has.
  @inline(__always)
  static func digits(_ value: UInt64) -> Int {
    if value < 10 { return 1 }
    if value < 100 { return 2 }
    var count = 2
    var limit: UInt64 = 100
    while value >= limit {
      count += 1
      let (next, overflow) = limit.multipliedReportingOverflow(by: 10)
      if overflow { break }
      limit = next
    }
    return count
  }

  /// Writes the last `digits` digits of a number, with leading zeros when it has fewer.
  @inline(__always)
  static func write(_ value: UInt64, digits: Int, to target: UnsafeMutablePointer<UInt8>) {
    let pairs: StaticString = """
      0001020304050607080910111213141516171819202122232425262728293031323334353637383940414243444546474849\
      5051525354555657585960616263646566676869707172737475767778798081828384858687888990919293949596979899
      """
    let table = pairs.utf8Start
    var rest = value
    var end = digits
    while end >= 2 {
      let (quotient, remainder) = rest.quotientAndRemainder(dividingBy: 100)
      rest = quotient
      end -= 2
      target[end] = table[Int(remainder) * 2]
      target[end + 1] = table[Int(remainder) * 2 + 1]
    }
    if end == 1 { target[0] = UInt8(ascii: "0") + UInt8(rest % 10) }
  }
}
