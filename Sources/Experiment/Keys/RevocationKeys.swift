import Cloud
import Raft

/// The keys of `spot.revocation`: a model with its parameters, or the name of a preset.
enum RevocationKeys {
  static let codec = Codec<Revocation>.draft(
    { section }, initial: { Draft() }, finish: { draft, node, key, reading in draft.model(node, key, reading) },
    start: Draft.init)

  private enum Model: String, CaseIterable, Sendable {
    case none, preset, exponential, weibull, lognormal, bathtub
    case priceCrossing = "price-crossing"
    case advisor

    /// The parameters that the model takes.
    var parameters: [String] {
      switch self {
      case .none: []
      case .preset: ["name"]
      case .exponential: ["mean"]
      case .weibull: ["shape", "scale"]
      case .lognormal: ["median", "sigma"]
      case .bathtub: ["early_share", "early", "late", "bound"]
      case .priceCrossing: ["bid"]
      case .advisor: ["band"]
      }
    }
  }

  private static var section: Section<Draft> {
    Section(fields: [
      Field(
        "model", .words(), \.model,
        "`eraft list revocations` says what each does; `preset` takes parameters that somebody fitted."),
      Field(
        "name", presetName.optional(), \.name, fallback: "required by `preset`", "The preset, such as `advisor-5`."),
      Field(
        "mean", Codec<TimeSpan>.positiveDuration.optional(), \.mean, fallback: "required by `exponential`",
        "The mean time to revocation."),
      Field(
        "shape", Codec<Double>.positiveNumber.optional(), \.shape, fallback: "required by `weibull`",
        "Below 1 the young die first."),
      Field(
        "scale", Codec<TimeSpan>.positiveDuration.optional(), \.scale, fallback: "required by `weibull`",
        "By this age 63 % are revoked."),
      Field(
        "median", Codec<TimeSpan>.positiveDuration.optional(), \.median, fallback: "required by `lognormal`",
        "By this age half are revoked."),
      Field(
        "sigma", Codec<Double>.positiveNumber.optional(), \.sigma, fallback: "required by `lognormal`",
        "The deviation of the lifetime's logarithm."),
      Field(
        "early_share", Codec<Double>.probability.optional(), \.earlyShare, fallback: "required by `bathtub`",
        "The scale A of the bathtub: about the share that dies early."),
      Field(
        "early", Codec<TimeSpan>.positiveDuration.optional(), \.early, fallback: "required by `bathtub`",
        "The time constant of early deaths."),
      Field(
        "late", Codec<TimeSpan>.positiveDuration.optional(), \.late, fallback: "required by `bathtub`",
        "The time constant of late deaths."),
      Field(
        "bound", Codec<TimeSpan>.positiveDuration.optional(), \.bound, fallback: "required by `bathtub`",
        "About when the last ones die."),
      Field(
        "bid", Codec<HourlyRate>.usdPerHour.optional(), \.bid, fallback: "required by `price-crossing`",
        "The price above which an instance is lost."),
      Field(
        "band", band.optional(), \.band, fallback: "required by `advisor`",
        "The share of instances interrupted in a month."),
    ])
  }

  private static let presetName = Codec<String>.choice(RevocationPresets.all.map { ($0.name, $0.name) })
  private static let band = Codec<InterruptionBand>.choice(InterruptionBand.allCases.map { ($0.description, $0) })

  private struct Draft: Sendable {
    var model = Model.none
    var name: String?
    var mean: TimeSpan?
    var shape: Double?
    var scale: TimeSpan?
    var median: TimeSpan?
    var sigma: Double?
    var earlyShare: Double?
    var early: TimeSpan?
    var late: TimeSpan?
    var bound: TimeSpan?
    var bid: HourlyRate?
    var band: InterruptionBand?

    init() {}

    init(_ revocation: Revocation) {
      if let preset = RevocationPresets.all.first(where: { $0.model == revocation }) {
        (model, name) = (.preset, preset.name)
        return
      }
      switch revocation {
      case .none, .trace: break
      case .exponential(let life): (model, mean) = (.exponential, life.mean)
      case .weibull(let life): (model, shape, scale) = (.weibull, life.shape, life.scale)
      case .lognormal(let life): (model, median, sigma) = (.lognormal, life.median, life.sigma)
      case .bathtub(let life):
        (model, earlyShare, early, late, bound) = (.bathtub, life.scale, life.early, life.late, life.bound)
      case .priceCrossing(let crossing): (model, bid) = (.priceCrossing, crossing.bid)
      case .advisor(let life): (model, band) = (.advisor, life.band)
      }
    }

    func model(_ node: SpecNode, _ key: String, _ reading: Reading) -> Revocation? {
      guard reading.accepts(model.parameters, of: model.rawValue, in: node, key) else { return nil }
      guard let revocation = made else { return nil }
      if let fault = revocation.fault {
        reading.refuse(key, at: node.place, "found that \(fault)")
        return nil
      }
      return revocation
    }

    /// The model; nil when a parameter is missing, which was reported.
    private var made: Revocation? {
      switch model {
      case .none: return Revocation.none
      case .preset: return name.flatMap { RevocationPresets.named($0)?.model }
      case .exponential: return mean.map { .exponential(ExponentialLifetime(mean: $0)) }
      case .weibull:
        return shape.flatMap { shape in scale.map { .weibull(WeibullLifetime(shape: shape, scale: $0)) } }
      case .lognormal:
        return median.flatMap { median in sigma.map { .lognormal(LognormalLifetime(median: median, sigma: $0)) } }
      case .bathtub:
        guard let earlyShare, let early, let late, let bound else { return nil }
        return .bathtub(BathtubLifetime(scale: earlyShare, early: early, late: late, bound: bound))
      case .priceCrossing: return bid.map { .priceCrossing(PriceCrossing(bid: $0)) }
      case .advisor: return band.map { .advisor(AdvisorLifetime(band: $0)) }
      }
    }
  }
}
