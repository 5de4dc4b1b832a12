import Cloud
import Raft

/// The keys of `spot`.
enum SpotKeys {
  static let codec = Codec<SpotPlan>.section({ section }, initial: { SpotPlan() })

  private static var section: Section<SpotPlan> {
    Section(fields: [
      Field("price", PriceKeys.codec, \.price, "What a spot instance costs over time."),
      Field("revocation", RevocationKeys.codec, \.revocation, "When instances are taken back."),
      Field(
        "shocks", shocks.optional("none"), \.revocation.shocks,
        "What takes several instances back together, on top of `revocation`: short for `model: correlated` there."),
      Field(
        "notice", Codec<TimeSpan>.duration.optional("none"), \.notice,
        "How long before it is taken back an instance is told."),
      Field("notice_lost", .probability, \.noticeLost, "The probability that the notice is lost."),
      Field(
        "rebalance", Codec<TimeSpan>.positiveDuration.optional("none"), \.rebalance,
        "How long before its notice an instance is told that it is at risk."),
      Field("start_up", .duration, \.startUp.pending, "From the request until the instance exists; not billed."),
      Field("boot", .duration, \.startUp.boot, "From then until its node works; billed."),
    ])
  }

  static let shocks = Codec<CorrelatedShocks>.section({ shockSection }, initial: { CorrelatedShocks() })

  private static var shockSection: Section<CorrelatedShocks> {
    Section(fields: [
      Field(
        "region", shock.optional("none"), \.region, "Shocks that take their victims from all instances of a site."),
      Field("pool", shock.optional("none"), \.pool, "Shocks that take their victims from one pool of a site."),
      Field(
        "instance", Codec<TimeSpan>.positiveDuration.optional("none"), \.instance,
        "The mean time to a shock that takes one given instance alone."),
    ])
  }

  private static let shock = Codec<Shock>.section(
    { oneShock }, initial: { Shock(interval: .seconds(86_400)) })

  private static var oneShock: Section<Shock> {
    Section(fields: [
      Field("interval", .positiveDuration, \.interval, isRequired: true, "The mean time between shocks."),
      Field(
        "share", severity, \.severity,
        "How many of the instances in reach a shock takes: a share, or `observed` (all of them with probability 0.45, "
          + "one with 0.50)."),
      Field(
        "drought", .duration, \.drought, "The mean time for which pools that were hit give out nothing afterwards."),
    ])
  }

  private static let severity = Codec<Severity>(
    type: "`observed`, or a probability",
    read: { node, key, reading in
      if node.text == "observed" { return .observed }
      return Codec<Double>.probability.read(node, key, reading).map { .share($0) }
    },
    write: { severity in
      switch severity {
      case .observed: .text("observed")
      case .share(let share): .text(FractionText.format(share))
      // Specs have no word for other mixtures, and nothing makes them.
      case .mixture: nil
      }
    })
}
