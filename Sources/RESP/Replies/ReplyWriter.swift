/// Writes replies at the end of a buffer that grows once and is used again.
public struct ReplyWriter: Sendable {
  /// The replies, one after the other.
  public private(set) var bytes: [UInt8] = []

  /// A writer with room for some bytes.
  public init(capacity: Int = 0) { bytes.reserveCapacity(capacity) }

  /// How many bytes there are.
  public var count: Int { bytes.count }

  /// Forgets the bytes and keeps the room, unless there is more of it than `limit`.
  public mutating func removeAll(keeping limit: Int = .max) {
    bytes.removeAll(keepingCapacity: bytes.capacity <= limit)
  }

  /// Forgets the first bytes, which were written.
  public mutating func removeFirst(_ count: Int) {
    if count == bytes.count { bytes.removeAll(keepingCapacity: true) } else { bytes.removeFirst(count) }
  }

  /// A status, such as `+OK`.
  public mutating func status(_ text: StaticString) {
    byte(UInt8(ascii: "+"))
    literal(text)
    endLine()
  }

  /// `+OK`.
  public mutating func ok() { literal("+OK\r\n") }

  /// An integer.
  public mutating func integer(_ value: Int64) { number(value, after: UInt8(ascii: ":")) }

  /// Bytes, with their length.
  public mutating func bulk(_ value: [UInt8]) {
    number(Int64(value.count), after: UInt8(ascii: "$"))
    bytes.append(contentsOf: value)
    endLine()
  }

  /// A text's UTF-8 bytes, with their length.
  public mutating func bulk(_ value: String) {
    number(Int64(value.utf8.count), after: UInt8(ascii: "$"))
    bytes.append(contentsOf: value.utf8)
    endLine()
  }

  /// The absence of a value.
  public mutating func null() { literal("$-1\r\n") }

  /// The absence of an array.
  public mutating func nullArray() { literal("*-1\r\n") }

  /// A value or its absence.
  public mutating func bulkOrNull(_ value: [UInt8]?) {
    if let value { bulk(value) } else { null() }
  }

  /// Announces an array of as many replies as follow.
  public mutating func array(_ count: Int) { number(Int64(count), after: UInt8(ascii: "*")) }

  /// Bytes that are replies already.
  public mutating func encoded(_ replies: [UInt8]) { bytes.append(contentsOf: replies) }

  mutating func byte(_ value: UInt8) { bytes.append(value) }

  mutating func literal(_ text: StaticString) {
    bytes.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  mutating func endLine() {
    bytes.append(UInt8(ascii: "\r"))
    bytes.append(UInt8(ascii: "\n"))
  }

  /// Text within a line: whatever would end the line becomes a blank.
  mutating func text(_ value: some Sequence<UInt8>) {
    for byte in value { bytes.append(byte == 0x0D || byte == 0x0A ? 0x20 : byte) }
  }

  private mutating func number(_ value: Int64, after mark: UInt8) {
    byte(mark)
    decimal(value)
    endLine()
  }

  /// A number in decimal.
  mutating func decimal(_ value: Int64) {
    var rest = value.magnitude
    if value < 0 { byte(UInt8(ascii: "-")) }
    if rest < 10 { return byte(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest)) }
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 20) { digits in
      var start = 20
      while rest > 0 {
        start -= 1
        digits.initializeElement(at: start, to: UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10))
        rest /= 10
      }
      bytes.append(contentsOf: UnsafeBufferPointer(rebasing: digits[start..<20]))
    }
  }
}
