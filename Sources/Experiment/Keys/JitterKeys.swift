import Emulation
import Raft

/// The keys of a jitter: `none`, or a mapping with a model and its parameters.
enum JitterKeys {
  static let codec = Codec<Jitter>(
    type: "`none`, or a mapping",
    children: { section.keys(defaults: Draft()) },
    read: { node, key, reading in
      if node.text == "none" { return Jitter.none }
      guard node.entries != nil else {
        reading.refuse(
          key, at: node.place,
          "found \(node.found), expected none, or a mapping such as {model: gamma, shape: 2, scale: 0.5ms}")
        return nil
      }
      var draft = Draft()
      guard section.read(node, key, into: &draft, reading) else { return nil }
      return draft.jitter(node, key, reading)
    },
    write: { jitter in jitter == .none ? .text("none") : section.write(Draft(jitter)) })

  private static var section: Section<Draft> {
    Section(fields: [
      Field(
        "model", .words(), \.model, isRequired: true,
        "`normal`: the absolute value of a normal draw; `lognormal`: median · exp(sigma · N(0, 1)); `gamma`: mean "
          + "shape · scale; `pareto` (Lomax): mean scale / (shape - 1), heavy-tailed."),
      Field(
        "deviation", Codec<TimeSpan>.duration.optional(), \.deviation, fallback: "required by `normal`",
        "The standard deviation of the normal draw."),
      Field(
        "median", Codec<TimeSpan>.duration.optional(), \.median, fallback: "required by `lognormal`",
        "The median of the lognormal draw."),
      Field(
        "sigma", Codec<Double>.positiveNumber.optional(), \.sigma, fallback: "required by `lognormal`",
        "The deviation of the draw's logarithm."),
      Field(
        "shape", Codec<Double>.positiveNumber.optional(), \.shape, fallback: "required by `gamma` and `pareto`",
        "The shape of the gamma or Pareto draw."),
      Field(
        "scale", Codec<TimeSpan>.duration.optional(), \.scale, fallback: "required by `gamma` and `pareto`",
        "The scale of the gamma or Pareto draw."),
    ])
  }

  private enum Model: String, CaseIterable, Sendable {
    case none, normal, lognormal, gamma, pareto

    /// The parameters that the model takes.
    var parameters: [String] {
      switch self {
      case .none: []
      case .normal: ["deviation"]
      case .lognormal: ["median", "sigma"]
      case .gamma, .pareto: ["shape", "scale"]
      }
    }
  }

  private struct Draft: Sendable {
    var model = Model.none
    var deviation: TimeSpan?
    var median: TimeSpan?
    var sigma: Double?
    var shape: Double?
    var scale: TimeSpan?

    init() {}

    init(_ jitter: Jitter) {
      switch jitter {
      case .none: break
      case .normal(let deviation): (model, self.deviation) = (.normal, deviation)
      case .lognormal(let median, let sigma): (model, self.median, self.sigma) = (.lognormal, median, sigma)
      case .gamma(let shape, let scale): (model, self.shape, self.scale) = (.gamma, shape, scale)
      case .pareto(let shape, let scale): (model, self.shape, self.scale) = (.pareto, shape, scale)
      }
    }

    func jitter(_ node: SpecNode, _ key: String, _ reading: Reading) -> Jitter? {
      guard reading.accepts(model.parameters, of: model.rawValue, in: node, key) else { return nil }
      switch model {
      case .none: return Jitter.none
      case .normal: return deviation.map { .normal(deviation: $0) }
      case .lognormal: return median.flatMap { median in sigma.map { .lognormal(median: median, sigma: $0) } }
      case .gamma: return shape.flatMap { shape in scale.map { .gamma(shape: shape, scale: $0) } }
      case .pareto: return shape.flatMap { shape in scale.map { .pareto(shape: shape, scale: $0) } }
      }
    }
  }
}
