import Emulation
import Raft

/// `weibull`: F(t) = 1 - exp(-(t / scale)^shape); with a shape below 1 the hazard falls with age.
public struct WeibullLifetime: LifetimeModel {
  /// The shape k.
  public var shape: Double
  /// The scale λ: by this age 63 % are revoked.
  public var scale: TimeSpan

  /// Makes a model from its shape and scale.
  public init(shape: Double, scale: TimeSpan) {
    self.shape = shape
    self.scale = scale
  }

  /// The probability of having been revoked by this age: 1 - exp(-(age / scale)^shape).
  public func cumulative(_ age: TimeSpan) -> Double {
    age > .zero ? 1 - exponential(-power(age.hours / scale.hours, shape)) : 0
  }

  /// Draws a lifetime; one uniform number.
  public func draw(_ random: inout RandomSource) -> TimeSpan {
    Self.lifetime(hours: scale.hours * power(random.nextExponential(), 1 / shape))
  }

  /// What is wrong with the parameters, or nil: the shape lies in 0.05 ... 100, the scale in 1 s ... 100 years.
  public var fault: String? { Self.fault(of: "shape", shape, in: 0.05...100) ?? Self.fault(of: "scale", scale) }
}
