import Raft

/// Writes fields into a buffer whose size was computed before; numbers are little-endian and unaligned.
///
/// A size that turns out too small is a defect of this room and stops the program before a byte lands elsewhere.
struct WireWriter {
  private let base: UnsafeMutableRawPointer
  private let capacity: Int
  private(set) var offset = 0

  @inline(__always)
  init(_ buffer: UnsafeMutableRawBufferPointer) {
    // An empty buffer may have no address; nothing is ever written through the stand-in.
    base = buffer.baseAddress ?? UnsafeMutableRawPointer(bitPattern: 1)!
    capacity = buffer.count
  }

  @inline(__always)
  private mutating func claim(_ count: Int) -> UnsafeMutableRawPointer {
    precondition(count <= capacity - offset, "an encoding outgrew its computed size")
    defer { offset += count }
    return base + offset
  }

  @inline(__always)
  mutating func number<Number: FixedWidthInteger>(_ value: Number) {
    claim(MemoryLayout<Number>.size).storeBytes(of: value.littleEndian, as: Number.self)
  }

  @inline(__always)
  mutating func byte(_ value: UInt8) { claim(1).storeBytes(of: value, as: UInt8.self) }

  @inline(__always)
  mutating func flag(_ value: Bool) { byte(value ? 1 : 0) }

  @inline(__always)
  mutating func raw(_ bytes: [UInt8]) {
    bytes.withUnsafeBytes { source in
      guard let address = source.baseAddress, !source.isEmpty else { return }
      claim(source.count).copyMemory(from: address, byteCount: source.count)
    }
  }

  /// A size of four bytes and as many bytes.
  @inline(__always)
  mutating func bytes(_ bytes: [UInt8]) {
    number(UInt32(bytes.count))
    raw(bytes)
  }

  mutating func text(_ text: String) {
    let bytes = Array(text.utf8)
    number(UInt32(bytes.count))
    raw(bytes)
  }

  @inline(__always)
  mutating func term(_ value: Term) { number(value.rawValue) }

  @inline(__always)
  mutating func index(_ value: LogIndex) { number(value.rawValue) }

  @inline(__always)
  mutating func round(_ value: Round) { number(value.rawValue) }

  @inline(__always)
  mutating func node(_ value: NodeID) { number(value.rawValue) }

  /// A node, or a number that is nobody's.
  @inline(__always)
  mutating func optionalNode(_ value: NodeID?) { number(value?.rawValue ?? .max) }

  /// Index first, term second.
  @inline(__always)
  mutating func position(_ value: LogPosition) {
    index(value.index)
    term(value.term)
  }
}
