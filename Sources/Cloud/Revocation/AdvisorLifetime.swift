import Emulation
import Raft

/// How often spot instances of a type are interrupted in a region, in the bands of the AWS Spot Instance Advisor.
public enum InterruptionBand: Int, Hashable, Sendable, CaseIterable, CustomStringConvertible {
  /// Less than 5 % in a trailing month.
  case below5
  /// 5 to 10 %.
  case from5to10
  /// 10 to 15 %.
  case from10to15
  /// 15 to 20 %.
  case from15to20
  /// More than 20 %.
  case above20

  /// The share that stands for the band: its middle; 25 % for the open one, which is our choice.
  public var share: Double {
    switch self {
    case .below5: 0.025
    case .from5to10: 0.075
    case .from10to15: 0.125
    case .from15to20: 0.175
    case .above20: 0.25
    }
  }

  /// The band as the advisor prints it.
  public var description: String {
    switch self {
    case .below5: "<5%"
    case .from5to10: "5-10%"
    case .from10to15: "10-15%"
    case .from15to20: "15-20%"
    case .above20: ">20%"
    }
  }
}

/// `advisor`: memoryless at the rate of an interruption band.
///
/// Assumption, not the advisor's word: the band's share p is the fraction of instances interrupted in a trailing month
/// of 730 h, so the hazard is -ln(1 - p) / 730 per hour (a mean of 28,834 h at 2.5 % to 2,538 h at 25 %). It is a lower
/// bound if most instances live less than a month.
public struct AdvisorLifetime: LifetimeModel {
  /// The band.
  public var band: InterruptionBand

  /// Makes a model from a band.
  public init(band: InterruptionBand) { self.band = band }

  /// The same model as an exponential one.
  public var memoryless: ExponentialLifetime {
    ExponentialLifetime(mean: .hours(-730 / naturalLogarithm(1 - band.share)))
  }

  /// The probability of having been revoked by this age: 1 - exp(-age · hazard).
  public func cumulative(_ age: TimeSpan) -> Double { memoryless.cumulative(age) }

  /// Draws a lifetime; one uniform number.
  public func draw(_ random: inout RandomSource) -> TimeSpan { memoryless.draw(&random) }

  /// What is wrong with the parameters, or nil: nothing ever is.
  public var fault: String? { nil }
}
