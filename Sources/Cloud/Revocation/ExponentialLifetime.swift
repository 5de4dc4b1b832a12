import Emulation
import Raft

/// `exponential`: memoryless, F(t) = 1 - exp(-t / mean), as Flint- and SpotOn-class systems assume.
public struct ExponentialLifetime: LifetimeModel {
  /// The mean time to revocation.
  public var mean: TimeSpan

  /// Makes a model from its mean.
  public init(mean: TimeSpan) { self.mean = mean }

  /// The probability of having been revoked by this age: 1 - exp(-age / mean).
  public func cumulative(_ age: TimeSpan) -> Double { age > .zero ? 1 - exponential(-age.hours / mean.hours) : 0 }

  /// Draws a lifetime; one uniform number.
  public func draw(_ random: inout RandomSource) -> TimeSpan {
    Self.lifetime(hours: mean.hours * random.nextExponential())
  }

  /// What is wrong with the parameters, or nil: the mean lies in 1 s ... 100 years.
  public var fault: String? { Self.fault(of: "mean", mean) }
}
