import Emulation
import Foundation
import Raft

/// The greatest distance between the draws' empirical distribution and `cdf` (Kolmogorov and Smirnov).
func kolmogorovDistance(_ draws: [Double], _ cdf: (Double) -> Double) -> Double {
  let count = Double(draws.count)
  var greatest = 0.0
  for (index, draw) in draws.sorted().enumerated() {
    let probability = cdf(draw)
    greatest = max(greatest, probability - Double(index) / count, Double(index + 1) / count - probability)
  }
  return greatest
}

/// The standard normal distribution function.
func normalCDF(_ x: Double) -> Double { 0.5 * erfc(-x / 2.0.squareRoot()) }

/// The regularised lower incomplete gamma function, by its series below `shape + 1` and a continued fraction above.
func gammaCDF(_ x: Double, shape: Double) -> Double {
  guard x > 0 else { return 0 }
  let scale = exp(-x + shape * log(x) - lgamma(shape))
  if x < shape + 1 {
    var term = 1 / shape
    var sum = term
    var divisor = shape
    while term > sum * 1e-12 {
      divisor += 1
      term *= x / divisor
      sum += term
    }
    return sum * scale
  }
  var b = x + 1 - shape
  var c = 1e300
  var d = 1 / b
  var fraction = d
  for step in 1...500 {
    let numerator = -Double(step) * (Double(step) - shape)
    b += 2
    d = 1 / (numerator * d + b)
    c = b + numerator / c
    fraction *= d * c
    if abs(d * c - 1) < 1e-12 { break }
  }
  return 1 - scale * fraction
}

extension Jitter {
  /// The distribution function of a draw in nanoseconds.
  func cdf(_ x: Double) -> Double {
    switch self {
    case .none: x >= 0 ? 1 : 0
    case .normal(let deviation): erf(x / Double(deviation.nanoseconds) / 2.0.squareRoot())
    case .lognormal(let median, let sigma): normalCDF(log(x / Double(median.nanoseconds)) / sigma)
    case .gamma(let shape, let scale): gammaCDF(x / Double(scale.nanoseconds), shape: shape)
    case .pareto(let shape, let scale): 1 - pow(1 + x / Double(scale.nanoseconds), -shape)
    }
  }
}
