/// Builds an encoding in a buffer whose size is known beforehand.
struct ByteWriter {
  private(set) var result: [UInt8] = []

  init(capacity: Int) { result.reserveCapacity(capacity) }

  mutating func byte(_ value: UInt8) { result.append(value) }

  /// LEB128: seven bits a byte, lowest first, the top bit set on all bytes but the last.
  mutating func varint(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      result.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    result.append(UInt8(truncatingIfNeeded: rest))
  }

  /// A varint of the zigzag form, in which small negative numbers stay short.
  mutating func signedVarint(_ value: Int64) { varint(ByteWriter.zigzag(value)) }

  /// A length and as many bytes.
  mutating func bytes(_ value: [UInt8]) {
    varint(UInt64(value.count))
    result.append(contentsOf: value)
  }

  /// A byte that tells whether there are bytes, and the bytes.
  mutating func optionalBytes(_ value: [UInt8]?) {
    byte(value == nil ? 0 : 1)
    if let value { bytes(value) }
  }

  /// Eight bytes, lowest first.
  mutating func word(_ value: UInt64) {
    for shift in stride(from: UInt64(0), to: 64, by: 8) { result.append(UInt8(truncatingIfNeeded: value >> shift)) }
  }

  static func zigzag(_ value: Int64) -> UInt64 { UInt64(bitPattern: (value << 1) ^ (value >> 63)) }

  static func size(ofVarint value: UInt64) -> Int { max(1, (70 - value.leadingZeroBitCount) / 7) }

  static func size(ofSignedVarint value: Int64) -> Int { size(ofVarint: zigzag(value)) }

  static func size(ofBytes value: [UInt8]) -> Int { size(ofVarint: UInt64(value.count)) + value.count }

  static func size(ofOptionalBytes value: [UInt8]?) -> Int { 1 + (value.map(size(ofBytes:)) ?? 0) }
}
