/// One figure of a benchmark.
struct Measurement {
  /// The name under which the figure is followed from version to version.
  var name: String
  /// The figure.
  var value: Double
  /// What it counts, such as `messages/s`.
  var unit: String
  /// What the figure must reach.
  var goal: Goal?

  /// A bound of a figure.
  enum Goal {
    case atLeast(Double)
    case atMost(Double)
  }

  /// Whether the figure reaches its goal.
  var isMet: Bool {
    switch goal {
    case .atLeast(let floor): value >= floor
    case .atMost(let ceiling): value <= ceiling
    case nil: true
    }
  }
}

/// How much work a benchmark does.
enum Effort: Sendable {
  /// Seconds in all, for a look.
  case quick
  /// Enough for figures that repeat within a few percent on a quiet machine.
  case full
}

/// Something that is measured; add a new one to ``Benchmarks/all``.
protocol Benchmark {
  /// The name of its main figure.
  var name: String { get }

  /// Measures, and returns the figures in the order in which they are to be printed.
  func run(_ effort: Effort) throws -> [Measurement]
}
