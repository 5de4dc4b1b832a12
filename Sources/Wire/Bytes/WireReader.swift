import Raft

/// Takes the body of a frame apart; no byte of it is believed.
///
/// Fixed fields are read in two steps: ``need(_:_:)`` checks once that all of them are there, and ``number(_:)`` reads
/// each. A field that was not asked for before stops the program rather than read beyond the end.
struct WireReader {
  private let base: UnsafeRawPointer
  private let end: Int
  private(set) var offset = 0
  /// What offsets in errors are counted from, as an offset in the frame.
  private let origin: Int
  let limits: FrameLimits

  @inline(__always)
  init(_ body: UnsafeRawBufferPointer, origin: Int = FrameHeader.size, limits: FrameLimits) {
    base = body.baseAddress ?? UnsafeRawPointer(bitPattern: 1)!
    end = body.count
    self.origin = origin
    self.limits = limits
  }

  @inline(__always)
  var remaining: Int { end - offset }

  /// What is left, unread.
  var rest: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: base + offset, count: remaining) }

  /// An error at a place that lies `back` bytes before the next one to be read.
  func error(_ problem: WireError.Problem, back: Int = 0) -> WireError {
    WireError(offset: origin + offset - back, problem: problem)
  }

  @inline(__always)
  func need(_ count: Int, _ field: WireField) throws(WireError) {
    if count > remaining { throw error(.truncated(field, needed: count, present: remaining)) }
  }

  @inline(__always)
  mutating func number<Number: FixedWidthInteger>(_ type: Number.Type) -> Number {
    let size = MemoryLayout<Number>.size
    precondition(size <= remaining, "a field was read that was not asked for")
    defer { offset += size }
    return Number(littleEndian: (base + offset).loadUnaligned(as: Number.self))
  }

  @inline(__always)
  mutating func byte() -> UInt8 { number(UInt8.self) }

  @inline(__always)
  mutating func flag(_ field: WireField = .flag) throws(WireError) -> Bool {
    let value = byte()
    guard value <= 1 else { throw error(.unknownValue(field, found: UInt64(value)), back: 1) }
    return value == 1
  }

  /// As many bytes as were asked for before, copied.
  @inline(__always)
  mutating func raw(_ count: Int) -> [UInt8] {
    precondition(count <= remaining, "bytes were read that were not asked for")
    defer { offset += count }
    if count == 0 { return [] }
    return Array(UnsafeRawBufferPointer(start: base + offset, count: count))
  }

  /// A reader of the next `count` bytes, which were asked for before, and this one goes on after them.
  @inline(__always)
  mutating func part(_ count: Int) -> WireReader {
    precondition(count <= remaining, "bytes were read that were not asked for")
    defer { offset += count }
    return WireReader(
      UnsafeRawBufferPointer(start: base + offset, count: count), origin: origin + offset, limits: limits)
  }

  mutating func skip(_ count: Int) {
    precondition(count <= remaining, "bytes were skipped that were not asked for")
    offset += count
  }

  /// A size of four bytes that is at most `limit`, and as many bytes, copied.
  @inline(__always)
  mutating func bytes(_ field: WireField, limit: Int) throws(WireError) -> [UInt8] {
    try need(4, field)
    let count = number(UInt32.self)
    guard count <= limit else {
      throw error(.tooLarge(field, found: UInt64(count), limit: UInt64(limit)), back: 4)
    }
    try need(Int(count), field)
    return raw(Int(count))
  }

  /// A number of things of which each takes at least `minimumSize` bytes: refused when they cannot all be there.
  @inline(__always)
  mutating func count(_ field: WireField, limit: Int, minimumSize: Int) throws(WireError) -> Int {
    try need(4, field)
    let count = number(UInt32.self)
    guard count <= limit else {
      throw error(.tooLarge(field, found: UInt64(count), limit: UInt64(limit)), back: 4)
    }
    guard Int(count) <= remaining / minimumSize else {
      throw error(.truncated(field, needed: Int(count) * minimumSize, present: remaining))
    }
    return Int(count)
  }

  mutating func text() throws(WireError) -> String {
    let bytes = try bytes(.text, limit: limits.textBytes)
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw error(.notText(.text), back: bytes.count)
    }
    return text
  }

  @inline(__always)
  mutating func term() -> Term { Term(number(UInt64.self)) }

  @inline(__always)
  mutating func index() -> LogIndex { LogIndex(number(UInt64.self)) }

  @inline(__always)
  mutating func round() -> Round { Round(number(UInt64.self)) }

  @inline(__always)
  mutating func node() -> NodeID { NodeID(number(UInt32.self)) }

  @inline(__always)
  mutating func optionalNode() -> NodeID? {
    let value = number(UInt32.self)
    return value == .max ? nil : NodeID(value)
  }

  @inline(__always)
  mutating func position() -> LogPosition {
    let index = index()
    return LogPosition(index: index, term: term())
  }

  /// An offset in bytes: a number that no memory is large enough for is refused.
  @inline(__always)
  mutating func byteOffset() throws(WireError) -> Int {
    let value = number(UInt64.self)
    guard value <= UInt64(Int.max) else {
      throw error(.tooLarge(.offset, found: value, limit: UInt64(Int.max)), back: 8)
    }
    return Int(value)
  }
}
