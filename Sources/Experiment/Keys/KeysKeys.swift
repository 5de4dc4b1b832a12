import Workload

/// Which keys operations concern, and how many there are.
struct KeyChoice: Sendable {
  /// nil leaves the choice to the mix.
  var distribution: KeyDistribution?
  var count = 10_000
}

/// The keys of `workload[].keys`.
enum KeysKeys {
  static let codec = Codec<KeyChoice>.draft(
    { section }, initial: { Draft() },
    finish: { draft, node, key, reading in
      guard draft.theta == nil || (draft.distribution ?? .uniform) != .uniform else {
        reading.refuse("\(key).theta", "found a skew, expected it with distribution zipfian or latest")
        return nil
      }
      return draft.choice
    },
    start: Draft.init)

  private static var section: Section<Draft> {
    Section(fields: [
      Field(
        "distribution", Codec<Distribution>.words().optional(), \.distribution,
        fallback: "`zipfian`; `latest` with `ycsb-d`",
        "`uniform`; `zipfian` (a few keys are very likely, scattered over the key space); `latest` (the newest keys "
          + "are the likeliest)."),
      Field("count", .integer(1...100_000_000), \.count, "How many keys exist at the start."),
      Field(
        "theta", Codec<Double>.positiveNumber.filtered("a skew between 0 and 1, as in YCSB") { $0 < 1 }.optional(),
        \.theta, fallback: "`0.99`", "The skew of `zipfian` and `latest`."),
    ])
  }

  private enum Distribution: String, CaseIterable, Sendable {
    case uniform, zipfian, latest
  }

  private struct Draft: Sendable {
    var distribution: Distribution?
    var count = KeyChoice().count
    var theta: Double?

    init() {}

    init(_ choice: KeyChoice) {
      count = choice.count
      switch choice.distribution {
      case nil: break
      case .uniform: distribution = .uniform
      case .zipfian(let theta): (distribution, self.theta) = (.zipfian, theta)
      case .latest(let theta): (distribution, self.theta) = (.latest, theta)
      }
    }

    var choice: KeyChoice {
      let theta = theta ?? 0.99
      return switch distribution {
      case nil: KeyChoice(count: count)
      case .uniform: KeyChoice(distribution: .uniform, count: count)
      case .zipfian: KeyChoice(distribution: .zipfian(theta: theta), count: count)
      case .latest: KeyChoice(distribution: .latest(theta: theta), count: count)
      }
    }
  }
}
