import Cloud
import Raft

/// The keys of `spot.revocation`: a model with its parameters, or the name of a preset.
enum RevocationKeys {
  static let codec = Codec<RevocationPlan>.draft(
    { section }, initial: { Draft() }, finish: { draft, node, key, reading in draft.plan(node, key, reading) },
    start: { Draft($0.base) })

  enum Model: String, CaseIterable, Sendable {
    case none, preset, exponential, weibull, lognormal, bathtub
    case priceCrossing = "price-crossing"
    case advisor, trace, correlated

    /// The parameters that the model needs.
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
      case .trace: ["replays"]
      case .correlated: ["base", "shocks"]
      }
    }

    /// The parameters that the model also takes.
    var optional: [String] { self == .trace ? ["file", "unit", "repeats", "steps", "period"] : [] }
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
      Field(
        "replays", Codec<Replay>.words().optional(), \.replays, fallback: "required by `trace`",
        "What the trace says: `availability` (whether instances could be had, 1 or 0; all die when they cannot), "
          + "`capacity` (a count; whatever runs above it dies), or `share` (a count; a fall takes the share that it is)."
      ),
      Field(
        "file", Codec<String>.path.perSite().optional(), \.file, fallback: "one of `file`, `steps` for `trace`",
        "A path relative to the spec: for counts a CSV `time,count` without header (Bamboo, Parcae), for availability "
          + "the JSON of skypilot-org/spot-traces."),
      Field(
        "unit", Codec<TraceReplay.TimeUnit>.words().optional(), \.unit, fallback: "`seconds`; for `trace`",
        "The unit of the times in a CSV of counts."),
      Field(
        "repeats", Codec<Bool>.flag.optional(), \.repeats, fallback: "`false`; for `trace`",
        "Whether the trace of a file starts again at its end."),
      Field(
        "steps", Codec<Int>.integer(0...1_000_000).steps().perSite().optional(), \.steps,
        fallback: "one of `file`, `steps` for `trace`", "The trace itself: what holds from each time on."),
      Field(
        "period", Codec<TimeSpan>.positiveDuration.optional(), \.period, fallback: "none; for `trace`",
        "After how long `steps` start again; without one the last step holds to the end."),
      Field(
        "base", base.optional(), \.base, fallback: "required by `correlated`",
        "The model that shocks come on top of: a mapping like this one."),
      Field(
        "shocks", SpotKeys.shocks.optional(), \.shocks, fallback: "required by `correlated`",
        "What takes several instances back together: a mapping like `spot.shocks`."),
    ])
  }

  /// What a trace says.
  enum Replay: String, CaseIterable, Sendable {
    case availability, capacity, share
  }

  /// Another model; the reference does not go through its keys again.
  private static let base = Codec<BaseRevocation>(
    type: "a mapping",
    read: { node, key, reading in
      if let model = node.entries?.first(where: { $0.key == "model" })?.value, model.text == Model.correlated.rawValue {
        reading.refuse(
          "\(key).model", at: model.place,
          "found correlated within correlated, expected the model that shocks come on top of")
        return nil
      }
      return codec.read(node, key, reading).map(\.base)
    },
    write: { codec.write(RevocationPlan(base: $0)) })

  private static let presetName = Codec<String>.choice(RevocationPresets.all.map { ($0.name, $0.name) })
  private static let band = Codec<InterruptionBand>.choice(InterruptionBand.allCases.map { ($0.description, $0) })

  struct Draft: Sendable {
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
    var replays: Replay?
    var file: PerSite<String>?
    var unit: TraceReplay.TimeUnit?
    var repeats: Bool?
    var steps: PerSite<[StepSeries<Int>.Step]>?
    var period: TimeSpan?
    var base: BaseRevocation?
    var shocks: CorrelatedShocks?

    init() {}

    init(_ base: BaseRevocation) {
      switch base {
      case .model(let model): self.init(model)
      case .availability(let series):
        self.init()
        take(
          .availability,
          series.map { StepSeries($1.steps.map { .init(at: $0.at, value: $0.value ? 1 : 0) }, period: $1.period) })
      case .counts(let series, let rule):
        self.init()
        take(rule == .capacity ? .capacity : .share, series)
      }
    }

    private mutating func take(_ replays: Replay, _ series: PerSite<StepSeries<Int>>?) {
      (model, self.replays) = (.trace, replays)
      steps = series?.map { $1.steps }
      // One key gives the period of all sites; files of different lengths that repeat are refused.
      period = series?.values.first?.period
    }

    private init(_ revocation: Revocation) {
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

    func plan(_ node: SpecNode, _ key: String, _ reading: Reading) -> RevocationPlan? {
      guard
        reading.accepts(model.parameters, optional: model.optional, of: model.rawValue, in: node, key)
      else { return nil }
      switch model {
      case .correlated: return base.map { RevocationPlan(base: $0, shocks: shocks) }
      case .trace: return trace(node, key, reading).map { RevocationPlan(base: $0) }
      default: return simple(node, key, reading).map { RevocationPlan(base: .model($0)) }
      }
    }

    private func simple(_ node: SpecNode, _ key: String, _ reading: Reading) -> Revocation? {
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
      case .trace, .correlated: return nil
      }
    }
  }
}
