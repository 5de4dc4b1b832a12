import Raft

/// Formats the fields of rows as RFC 4180 has it, with LF at the end of lines.
///
/// Numbers are formatted by integer arithmetic alone, so the bytes depend on nothing but the values.
public struct RowEncoder: ~Copyable {
  var output: OutputBytes
  private var fields = 0

  init(capacity: Int) { output = OutputBytes(capacity: capacity) }

  /// Ends a row; `columns` is how many fields it must have had.
  mutating func endRow(columns: Int) {
    precondition(fields == columns, "a row has \(fields) fields and its schema \(columns) columns")
    output.removeLast()
    output.append(UInt8(ascii: "\n"))
    fields = 0
  }

  @inline(__always)
  private mutating func endField() {
    output.append(UInt8(ascii: ","))
    fields += 1
  }

  /// An empty field.
  @inline(__always)
  mutating func none() { endField() }

  /// A text, quoted when it has to be.
  mutating func text(_ value: String) {
    var value = value
    value.withUTF8 { bytes in
      if RowEncoder.needsQuotes(bytes) { quoted(bytes) } else { output.append(bytes) }
    }
    endField()
  }

  /// A text, or an empty field.
  @inline(__always)
  mutating func text(_ value: String?) {
    if let value { text(value) } else { none() }
  }

  private static func needsQuotes(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    for byte in bytes where byte <= UInt8(ascii: ",") {
      switch byte {
      case UInt8(ascii: ","), UInt8(ascii: "\""), UInt8(ascii: "\n"), UInt8(ascii: "\r"): return true
      default: continue
      }
    }
    return false
  }

  private mutating func quoted(_ bytes: UnsafeBufferPointer<UInt8>) {
    output.append(UInt8(ascii: "\""))
    for byte in bytes {
      if byte == UInt8(ascii: "\"") { output.append(byte) }
      output.append(byte)
    }
    output.append(UInt8(ascii: "\""))
  }

  /// A word of a closed set; it needs no quotes.
  @inline(__always)
  mutating func word<Word: RawRepresentable<String>>(_ value: Word) {
    output.append(text: value.rawValue)
    endField()
  }

  /// A word of a closed set, or an empty field.
  @inline(__always)
  mutating func word<Word: RawRepresentable<String>>(_ value: Word?) {
    if let value { word(value) } else { none() }
  }

  /// A whole number.
  @inline(__always)
  mutating func count(_ value: Int) {
    output.append(decimal: Int64(value))
    endField()
  }

  /// A whole number.
  @inline(__always)
  mutating func count(_ value: UInt64) {
    output.append(decimal: value)
    endField()
  }

  /// Seconds since the start of the run.
  @inline(__always)
  mutating func seconds(_ value: Instant) {
    output.append(Fixed.microseconds(value.nanoseconds), decimals: 6)
    endField()
  }

  /// Seconds since the start of the run, or an empty field.
  @inline(__always)
  mutating func seconds(_ value: Instant?) {
    if let value { seconds(value) } else { none() }
  }

  /// A length in seconds.
  @inline(__always)
  mutating func seconds(_ value: TimeSpan) {
    output.append(Fixed.microseconds(value.nanoseconds), decimals: 6)
    endField()
  }

  /// A length in milliseconds.
  @inline(__always)
  mutating func milliseconds(_ value: TimeSpan) {
    output.append(Fixed.microseconds(value.nanoseconds), decimals: 3)
    endField()
  }

  /// A length in milliseconds, or an empty field.
  @inline(__always)
  mutating func milliseconds(_ value: TimeSpan?) {
    if let value { milliseconds(value) } else { none() }
  }

  /// A share of one, or an empty field.
  @inline(__always)
  mutating func ratio(_ value: Ratio?) {
    guard let value else { return none() }
    output.append(value.millionths, decimals: 6)
    endField()
  }

  /// A length in seconds, or an empty field.
  mutating func seconds(_ value: TimeSpan?) {
    if let value { seconds(value) } else { none() }
  }

  /// A whole number, or an empty field.
  mutating func count(_ value: Int?) {
    if let value { count(value) } else { none() }
  }

  /// An amount in billionths of a US dollar.
  mutating func usd(_ nanoUSD: Int64) {
    output.append(nanoUSD, decimals: 9)
    endField()
  }

  /// A rate per second.
  @inline(__always)
  mutating func rate(_ value: Rate) {
    output.append(value.thousandths, decimals: 3)
    endField()
  }
}
