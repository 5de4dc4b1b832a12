import Raft

/// Bits per second.
public struct Bandwidth: Hashable, Comparable, Sendable {
  /// Bits per second.
  public var bitsPerSecond: UInt64
  /// Makes a bandwidth.
  public init(bitsPerSecond: UInt64) { self.bitsPerSecond = bitsPerSecond }
  /// Orders by number.
  public static func < (left: Bandwidth, right: Bandwidth) -> Bool { left.bitsPerSecond < right.bitsPerSecond }

  /// How long this many bytes occupy the line, rounded up to a nanosecond; at most 292 years, also at bandwidth zero.
  public func time(forBytes bytes: Int) -> TimeSpan {
    TimeSpan(nanoseconds: Self.nanoseconds(bytes: UInt64(clamping: bytes), bitsPerSecond: bitsPerSecond))
  }

  /// `bytes * 8 / bitsPerSecond` seconds in nanoseconds, rounded up.
  @inline(__always)
  static func nanoseconds(bytes: UInt64, bitsPerSecond: UInt64) -> Int64 {
    guard bitsPerSecond > 0 else { return bytes == 0 ? 0 : .max }
    if bytes < 1 << 30 {
      let (quotient, remainder) = (bytes &* 8_000_000_000).quotientAndRemainder(dividingBy: bitsPerSecond)
      return Int64(clamping: quotient &+ (remainder > 0 ? 1 : 0))
    }
    let product = bytes.multipliedFullWidth(by: 8_000_000_000)
    guard product.high < bitsPerSecond else { return .max }
    let (quotient, remainder) = bitsPerSecond.dividingFullWidth(product)
    return Int64(clamping: quotient &+ (remainder > 0 ? 1 : 0))
  }
}
