import Raft

/// A revocation model with parameters that somebody fitted or published.
public struct RevocationPreset: Hashable, Sendable {
  /// The name that people use, such as `bathtub-gcp-2019`.
  public let name: String
  /// The model.
  public let model: Revocation
  /// Whose figures they are, of what, and what to keep in mind.
  public let source: String
}

/// Models with fitted or published parameters.
public enum RevocationPresets {
  /// All of them, in the order in which they are listed.
  public static let all = gcp + aws2023 + aws2015 + advisor

  /// The preset of that name, or nil.
  public static func named(_ name: String) -> RevocationPreset? { all.first { $0.name == name } }

  /// Preemptible VMs, which GCP ends after 24 h at the latest: 870 (published) and 1,442 (fitted) of them, 2019.
  static let gcp: [RevocationPreset] = [
    // prateek-s/scispot, code/ckpt_sim.py, lines 35 and 36.
    bathtub("bathtub-gcp-published", 0.4137, 0.9, 0.76, 24, "Kadupitiya and others, HPDC 2020: the authors' code"),
    // kadupitiya/goog-preemption-data, 1,442 rows of which 725 end with a stop by the user.
    bathtub("bathtub-gcp-2019", 0.295, 1.48, 0.72, 24.09, kaplanMeier + "; all types, 717 preemptions"),
    bathtub("bathtub-gcp-2019-uncensored", 0.638, 0.96, 1.09, 25.36, "same data, every stop counted as a preemption"),
    bathtub("bathtub-gcp-2019-highcpu-2", 0.223, 2.11, 0.75, 23.88, kaplanMeier + "; n1-highcpu-2"),
    bathtub("bathtub-gcp-2019-highcpu-4", 0.155, 0.68, 0.66, 23.55, kaplanMeier + "; n1-highcpu-4"),
    bathtub("bathtub-gcp-2019-highcpu-8", 0.263, 1.42, 0.57, 24.06, kaplanMeier + "; n1-highcpu-8"),
    bathtub("bathtub-gcp-2019-highcpu-16", 0.351, 2.18, 0.71, 24.26, kaplanMeier + "; n1-highcpu-16"),
    bathtub("bathtub-gcp-2019-highcpu-32", 0.431, 1.64, 0.72, 24.38, kaplanMeier + "; n1-highcpu-32"),
  ]

  /// Scarce, large types: a worst case. Fits to skypilot-org/spot-traces; the lognormal is best everywhere, the
  /// exponential (by the mean lifetime) worst.
  static let aws2023: [RevocationPreset] = [
    lognormal("lognormal-aws-r5-2023", -0.92, 1.71, r5),
    weibull("weibull-aws-r5-2023", 0.59, 0.96, r5),
    memoryless("exponential-aws-r5-2023", 1.63, r5),
    lognormal("lognormal-aws-p3-2023", -0.54, 1.68, p3),
    weibull("weibull-aws-p3-2023", 0.63, 1.35, p3),
    memoryless("exponential-aws-p3-2023", 2.03, p3),
    lognormal("lognormal-aws-p3-9az-2023", -0.23, 1.46, p3Availability),
    weibull("weibull-aws-p3-9az-2023", 0.60, 1.75, p3Availability),
    memoryless("exponential-aws-p3-9az-2023", 3.22, p3Availability),
  ]

  /// Time between crossings of a bid at the on-demand price, r3.large us-east-1, 173 days of 2015.
  static let aws2015: [RevocationPreset] = [
    lognormal("lognormal-aws-r3-1a-2015", -0.40, 2.23, r3 + "a"),
    lognormal("lognormal-aws-r3-1b-2015", 0.61, 2.69, r3 + "b"),
    lognormal("lognormal-aws-r3-1e-2015", -0.32, 2.27, r3 + "e"),
  ]

  /// The bands of the AWS Spot Instance Advisor, 2025-07-28.
  static let advisor: [RevocationPreset] = zip(InterruptionBand.allCases, ["5", "10", "15", "20", "over-20"]).map {
    RevocationPreset(
      name: "advisor-\($1)", model: .advisor(AdvisorLifetime(band: $0)),
      source: "AWS Spot Instance Advisor, \($0) interrupted in a trailing month; the hazard is an assumption")
  }

  private static let kaplanMeier = "fit to goog-preemption-data 2019, Kaplan-Meier, stops by the user censored"
  private static let r5 = "fit to spot-traces, r5.16xlarge us-east-1b/c/d, 221 lives; a scarce type, a worst case"
  private static let p3 = "fit to spot-traces, p3.2xlarge in 4 zones, 202 lives; a scarce type, a worst case"
  private static let p3Availability =
    "fit to spot-traces, p3.2xlarge in 9 zones, 1,884 available times (a probe, not lives)"
  private static let r3 = "time below a bid of the on-demand price, r3.large 2015, us-east-1"

  private static func bathtub(
    _ name: String, _ scale: Double, _ early: Double, _ late: Double, _ bound: Double, _ source: String
  ) -> RevocationPreset {
    let model = BathtubLifetime(scale: scale, early: .hours(early), late: .hours(late), bound: .hours(bound))
    return RevocationPreset(name: name, model: .bathtub(model), source: source)
  }

  private static func lognormal(_ name: String, _ mu: Double, _ sigma: Double, _ source: String) -> RevocationPreset {
    RevocationPreset(name: name, model: .lognormal(LognormalLifetime(muOfHours: mu, sigma: sigma)), source: source)
  }

  private static func weibull(_ name: String, _ shape: Double, _ hours: Double, _ source: String) -> RevocationPreset {
    RevocationPreset(
      name: name, model: .weibull(WeibullLifetime(shape: shape, scale: .hours(hours))), source: source)
  }

  private static func memoryless(_ name: String, _ hours: Double, _ source: String) -> RevocationPreset {
    RevocationPreset(name: name, model: .exponential(ExponentialLifetime(mean: .hours(hours))), source: source)
  }
}
