import Raft

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// e to the power of `exponent`.
package func exponential(_ exponent: Double) -> Double { exp(exponent) }

// Continuous draws. Their results are quantised to nanoseconds by the callers before anything depends on them.
extension RandomSource {
  /// A standard normal draw (Box and Muller 1958); always two numbers from the stream.
  package mutating func nextNormal() -> Double {
    let radius = (-2 * log(1 - nextUnit())).squareRoot()
    return radius * cos(2 * Double.pi * nextUnit())
  }

  /// An exponential draw with mean 1, below 37.
  package mutating func nextExponential() -> Double { -log(1 - nextUnit()) }

  /// `U` to the power of `exponent`, `U` uniform in (0, 1].
  package mutating func nextPower(_ exponent: Double) -> Double { pow(1 - nextUnit(), exponent) }

  /// A gamma draw with scale 1 (Marsaglia and Tsang 2000); a shape below 1 is boosted as in their section 6.
  package mutating func nextGamma(shape: Double) -> Double {
    guard shape >= 1 else {
      let boosted = nextGamma(shape: shape + 1)
      return boosted * nextPower(1 / shape)
    }
    let d = shape - 1.0 / 3
    let c = 1 / (9 * d).squareRoot()
    while true {
      let x = nextNormal()
      let root = 1 + c * x
      guard root > 0 else { continue }
      let v = root * root * root
      let u = 1 - nextUnit()
      // The squeeze accepts nearly all without a logarithm.
      if u < 1 - 0.0331 * (x * x) * (x * x) { return d * v }
      if log(u) < 0.5 * x * x + d * (1 - v + log(v)) { return d * v }
    }
  }
}
