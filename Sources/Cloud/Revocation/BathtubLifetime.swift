import Emulation
import Raft

/// `bathtub`: a bounded lifetime with many early and many late revocations (GCP preemptible VMs).
///
///     F(t) = A (1 - exp(-t / early) + exp((t - bound) / late)), cut at F = 1
///
/// Kadupitiya, Jadhao and Sharma, HPDC 2020. F is not 0 at t = 0 but A exp(-bound / late), which is about 10^-14 for
/// the published parameters: that share dies at once. F reaches 1 a little after `bound`, at ``end``. Draws invert F by
/// bisection over nanoseconds. GCP's *Spot* VMs have no such bound.
public struct BathtubLifetime: LifetimeModel {
  /// A: the scale of both ends; without late revocations the share A would ever be revoked.
  public var scale: Double
  /// τ1: how fast the early hazard decays.
  public var early: TimeSpan
  /// τ2: how sharply the late hazard rises.
  public var late: TimeSpan
  /// b: about when the late hazard ends all lives.
  public var bound: TimeSpan

  /// Makes a model.
  public init(scale: Double, early: TimeSpan, late: TimeSpan, bound: TimeSpan) {
    self.scale = scale
    self.early = early
    self.late = late
    self.bound = bound
  }

  /// The probability of having been revoked by this age: the formula above, in 0 ... 1.
  public func cumulative(_ age: TimeSpan) -> Double {
    guard age >= .zero else { return 0 }
    let rise = 1 - exponential(-age.hours / early.hours) + exponential((age.hours - bound.hours) / late.hours)
    return min(1, scale * rise)
  }

  /// Draws a lifetime; one uniform number, inverted by bisection.
  public func draw(_ random: inout RandomSource) -> TimeSpan { quantile(1 - random.nextUnit()) }

  /// The age by which every instance is revoked: where F reaches 1.
  public var end: TimeSpan { quantile(1) }

  /// The earliest age by which the share `probability` (0 ... 1) is revoked, but at least 1 ns.
  public func quantile(_ probability: Double) -> TimeSpan {
    // F(t) >= A exp((t - b) / τ2), so F has reached 1 by here; one more hour covers rounding.
    var high = Self.lifetime(hours: bound.hours + late.hours * naturalLogarithm(1 / scale) + 1).nanoseconds
    var low: Int64 = 0
    while high - low > 1 {
      let middle = low + (high - low) / 2
      if cumulative(TimeSpan(nanoseconds: middle)) >= probability { high = middle } else { low = middle }
    }
    return TimeSpan(nanoseconds: high)
  }

  /// What is wrong with the parameters, or nil: A lies in 0.001 ... 1, the times in 1 s ... 100 years.
  public var fault: String? {
    Self.fault(of: "scale A", scale, in: 0.001...1) ?? Self.fault(of: "early time τ1", early)
      ?? Self.fault(of: "late time τ2", late) ?? Self.fault(of: "bound b", bound)
  }
}
