/// Takes an encoding apart; no byte of it is believed.
struct ByteReader {
  private let source: [UInt8]
  private let end: Int
  private(set) var offset: Int

  init(_ source: [UInt8]) { self.init(source, in: 0..<source.count) }

  /// Reads a part of `source`, which must contain `range`.
  init(_ source: [UInt8], in range: Range<Int>) {
    precondition(range.upperBound <= source.count, "a reader was made for bytes that are not there")
    self.source = source
    offset = range.lowerBound
    end = range.upperBound
  }

  var remaining: Int { end - offset }

  mutating func byte() throws(CodingError) -> UInt8 {
    guard offset < end else { throw .truncated(at: offset) }
    defer { offset += 1 }
    return source[offset]
  }

  mutating func varint() throws(CodingError) -> UInt64 {
    let start = offset
    var value: UInt64 = 0
    var shift: UInt64 = 0
    while true {
      let next = try byte()
      // The tenth byte has room for one bit, and a last byte of zero would be superfluous.
      if shift == 63, next > 1 { throw .malformedNumber(at: start) }
      value |= UInt64(next & 0x7F) << shift
      if next < 0x80 {
        if next == 0, shift > 0 { throw .malformedNumber(at: start) }
        return value
      }
      shift += 7
    }
  }

  mutating func signedVarint() throws(CodingError) -> Int64 {
    let value = try varint()
    return Int64(bitPattern: value >> 1) ^ -Int64(value & 1)
  }

  mutating func bytes() throws(CodingError) -> [UInt8] {
    let count = try varint()
    guard count <= UInt64(remaining) else { throw .truncated(at: offset) }
    defer { offset += Int(count) }
    return Array(source[offset..<offset + Int(count)])
  }

  mutating func optionalBytes() throws(CodingError) -> [UInt8]? {
    let flag = try byte()
    switch flag {
    case 0: return nil
    case 1: return try bytes()
    default: throw .unknownKind(flag)
    }
  }

  mutating func word() throws(CodingError) -> UInt64 {
    var value: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 64, by: 8) { value |= UInt64(try byte()) << shift }
    return value
  }

  func expectEnd() throws(CodingError) {
    if remaining > 0 { throw .trailingBytes(remaining) }
  }
}
