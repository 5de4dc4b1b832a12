import Raft

/// A random addition to a link's one-way delay, never negative.
///
/// Each message draws its own; on an ordered link a message also waits for those before it. A draw is rounded to the
/// nanosecond and cut at ``longest``.
public enum Jitter: Hashable, Sendable {
  /// None: every packet takes the link's delay.
  case none
  /// The absolute value of a normal draw with mean zero, whose own mean is `deviation · √(2/π)`.
  case normal(deviation: TimeSpan)
  /// A lognormal draw: `median · exp(sigma · N(0, 1))`, with mean `median · exp(sigma² / 2)`.
  case lognormal(median: TimeSpan, sigma: Double)
  /// A gamma draw with mean `shape · scale` and variance `shape · scale²`.
  case gamma(shape: Double, scale: TimeSpan)
  /// A Pareto (Lomax) draw: `scale · (U^(-1/shape) - 1)`, heavy-tailed, with mean `scale / (shape - 1)`.
  case pareto(shape: Double, scale: TimeSpan)

  /// The longest draw: one minute. Only heavy tails are ever cut there.
  public static let longest = TimeSpan.seconds(60)

  /// The mean of the draws before they are cut; nil when it is infinite (Pareto with a shape of at most 1).
  public var mean: TimeSpan? {
    switch self {
    case .none: .zero
    case .normal(let deviation): Self.span(Double(deviation.nanoseconds) * (2 / Double.pi).squareRoot())
    case .lognormal(let median, let sigma): Self.span(Double(median.nanoseconds) * exponential(sigma * sigma / 2))
    case .gamma(let shape, let scale): Self.span(Double(scale.nanoseconds) * shape)
    case .pareto(let shape, let scale): shape > 1 ? Self.span(Double(scale.nanoseconds) / (shape - 1)) : nil
    }
  }

  /// Draws one addition from `random`: in 0 ... ``longest``.
  public func sample(_ random: inout RandomSource) -> TimeSpan {
    let nanoseconds: Double
    switch self {
    case .none: return .zero
    case .normal(let deviation): nanoseconds = abs(random.nextNormal()) * Double(deviation.nanoseconds)
    case .lognormal(let median, let sigma):
      nanoseconds = Double(median.nanoseconds) * exponential(sigma * random.nextNormal())
    case .gamma(let shape, let scale): nanoseconds = random.nextGamma(shape: shape) * Double(scale.nanoseconds)
    case .pareto(let shape, let scale):
      nanoseconds = Double(scale.nanoseconds) * (random.nextPower(-1 / shape) - 1)
    }
    // Written so that "not a number" becomes zero.
    guard nanoseconds > 0 else { return .zero }
    return nanoseconds < Double(Self.longest.nanoseconds)
      ? TimeSpan(nanoseconds: Int64(nanoseconds.rounded())) : Self.longest
  }

  /// What is wrong with the parameters, or nil.
  ///
  /// Spans lie in 0 ... ``longest``, `sigma` in 0 ... 10, a shape in 0.01 ... 1,000,000.
  var fault: String? {
    func isSpan(_ span: TimeSpan) -> Bool { span >= .zero && span <= Self.longest }
    func isShape(_ shape: Double) -> Bool { shape >= 0.01 && shape <= 1_000_000 }
    switch self {
    case .none: return nil
    case .normal(let deviation):
      return isSpan(deviation) ? nil : "a normal jitter's deviation must lie in 0s ... \(Self.longest)"
    case .lognormal(let median, let sigma):
      if !isSpan(median) { return "a lognormal jitter's median must lie in 0s ... \(Self.longest)" }
      return sigma >= 0 && sigma <= 10 ? nil : "a lognormal jitter's sigma must lie in 0 ... 10"
    case .gamma(let shape, let scale), .pareto(let shape, let scale):
      if !isSpan(scale) { return "a jitter's scale must lie in 0s ... \(Self.longest)" }
      return isShape(shape) ? nil : "a jitter's shape must lie in 0.01 ... 1000000"
    }
  }

  /// The nanoseconds as a span, cut at 292 years.
  private static func span(_ nanoseconds: Double) -> TimeSpan {
    TimeSpan(nanoseconds: nanoseconds < 9e18 ? Int64(nanoseconds.rounded()) : .max)
  }
}
