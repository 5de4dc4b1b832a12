import Cloud
import Raft

/// The greatest distance between the draws' empirical distribution and `cdf` (Kolmogorov and Smirnov).
func kolmogorovDistance(_ draws: [TimeSpan], _ cdf: (TimeSpan) -> Double) -> Double {
  let count = Double(draws.count)
  var greatest = 0.0
  for (index, draw) in draws.sorted().enumerated() {
    let probability = cdf(draw)
    greatest = max(greatest, probability - Double(index) / count, Double(index + 1) / count - probability)
  }
  return greatest
}

/// What a distance of a sample from its own distribution exceeds once in a thousand samples: 1.949 / √n.
func criticalDistance(_ count: Int) -> Double { 1.949 / Double(count).squareRoot() }
