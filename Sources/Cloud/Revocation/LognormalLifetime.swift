import Emulation
import Raft

/// `lognormal`: the logarithm of the lifetime is normal, F(t) = Φ(ln(t / median) / sigma).
public struct LognormalLifetime: LifetimeModel {
  /// The median lifetime: e^μ.
  public var median: TimeSpan
  /// The standard deviation of the natural logarithm.
  public var sigma: Double

  /// Makes a model from its median and the spread of the logarithm.
  public init(median: TimeSpan, sigma: Double) {
    self.median = median
    self.sigma = sigma
  }

  /// Makes a model from the mean and the standard deviation of the natural logarithm of the lifetime in hours.
  public init(muOfHours mu: Double, sigma: Double) {
    self.init(median: Self.lifetime(hours: exponential(mu)), sigma: sigma)
  }

  /// The probability of having been revoked by this age: Φ(ln(age / median) / sigma).
  public func cumulative(_ age: TimeSpan) -> Double {
    age > .zero ? standardNormal(naturalLogarithm(age.hours / median.hours) / sigma) : 0
  }

  /// Draws a lifetime; two uniform numbers make one normal draw.
  public func draw(_ random: inout RandomSource) -> TimeSpan {
    Self.lifetime(hours: median.hours * exponential(sigma * random.nextNormal()))
  }

  /// What is wrong with the parameters, or nil: the median lies in 1 s ... 100 years, sigma in 0.001 ... 10.
  public var fault: String? { Self.fault(of: "median", median) ?? Self.fault(of: "sigma", sigma, in: 0.001...10) }
}
