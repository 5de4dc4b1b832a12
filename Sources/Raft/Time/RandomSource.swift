/// A seeded stream of random numbers: xoshiro256**, seeded through SplitMix64.
///
/// Every consumer owns a stream of its own, derived from the run's seed and a stream number, so that one more draw
/// in one place does not shift all others. The mappings to ranges are written here because those of the standard
/// library are no contract: a seed must mean the same run with every compiler.
@frozen
public struct RandomSource: Sendable, Hashable {
  @usableFromInline var s0: UInt64
  @usableFromInline var s1: UInt64
  @usableFromInline var s2: UInt64
  @usableFromInline var s3: UInt64

  /// Makes the stream numbered `stream` of the run seeded with `seed`.
  public init(seed: UInt64, stream: UInt64 = 0) {
    var state = RandomSource.mix(seed) ^ RandomSource.mix(stream &* 0xD1B5_4A32_D192_ED03 &+ 0x9E37_79B9_7F4A_7C15)
    func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      return RandomSource.mix(state)
    }
    s0 = next()
    s1 = next()
    s2 = next()
    s3 = next()
  }

  /// SplitMix64's finaliser: a bijection that spreads every input bit over all output bits.
  @inlinable
  public static func mix(_ value: UInt64) -> UInt64 {
    var z = value
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// The next 64 random bits.
  @inlinable
  public mutating func next() -> UInt64 {
    let product = s1 &* 5
    let result = ((product << 7) | (product >> 57)) &* 9
    let t = s1 << 17
    s2 ^= s0
    s3 ^= s1
    s1 ^= s2
    s0 ^= s3
    s2 ^= t
    s3 = (s3 << 45) | (s3 >> 19)
    return result
  }

  /// A number in `0 ..< bound`; `bound` must not be zero.
  ///
  /// The high word of a 128-bit product: its bias is below `bound` / 2^64.
  @inlinable
  public mutating func next(below bound: UInt64) -> UInt64 {
    precondition(bound > 0, "a random number below zero was asked for")
    return next().multipliedFullWidth(by: bound).high
  }

  /// A number in `0 ..< 1` with 53 random bits.
  @inlinable
  public mutating func nextUnit() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// True with the given probability.
  @inlinable
  public mutating func nextBool(probability: Double) -> Bool { nextUnit() < probability }

  /// A span in the closed range.
  @inlinable
  public mutating func next(in range: ClosedRange<TimeSpan>) -> TimeSpan {
    let width = UInt64(range.upperBound.nanoseconds - range.lowerBound.nanoseconds)
    return TimeSpan(nanoseconds: range.lowerBound.nanoseconds + Int64(next(below: width + 1)))
  }

  /// A stream for a part of this stream's owner; draws once from this stream.
  public mutating func split() -> RandomSource { RandomSource(seed: next()) }
}
