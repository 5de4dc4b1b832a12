import Raft
import Workload

/// How long an operation may take to count as good.
public struct LatencyObjective: Hashable, Sendable {
  /// The bound for reads; nil: any time is good.
  public var read: TimeSpan?
  /// The bound for writes; nil: any time is good.
  public var write: TimeSpan?

  /// Makes an objective.
  public init(read: TimeSpan? = nil, write: TimeSpan? = nil) {
    self.read = read
    self.write = write
  }
}

/// Which operations get a row in `latency.csv`.
public enum LatencySelection: Hashable, Sendable {
  /// Every one.
  case all
  /// A share of them, chosen by a hash of client and sequence number.
  case share(Ratio)
  /// None.
  case none
}

/// What a recorder needs to know beside the names.
public struct RecorderSettings: Hashable, Sendable {
  /// How long the windows of the windowed files are; positive.
  public var window: TimeSpan
  /// How long after its intended start an operation may still end: an availability window is written that much later.
  public var horizon: TimeSpan
  /// What the summary leaves out at the beginning of the run.
  public var warmup: TimeSpan
  /// How long an interval without success must be to be an outage; positive.
  public var outageThreshold: TimeSpan
  /// When operations count as good.
  public var objective: LatencyObjective
  /// Which operations get a row of their own.
  public var latencies: LatencySelection
  /// The kinds of operation that have rows in every window; others have rows from their first occurrence on.
  public var kinds: [OperationKind]

  /// Makes settings; throws when a length that must be positive is not, or another one is negative.
  public init(
    window: TimeSpan = .seconds(1), horizon: TimeSpan = .seconds(30), warmup: TimeSpan = .zero,
    outageThreshold: TimeSpan = .seconds(1), objective: LatencyObjective = LatencyObjective(),
    latencies: LatencySelection = .all, kinds: [OperationKind] = []
  ) throws(RecorderError) {
    guard window > .zero else { throw .notPositive("window") }
    guard outageThreshold > .zero else { throw .notPositive("outage threshold") }
    guard horizon >= .zero else { throw .negative("horizon") }
    guard warmup >= .zero else { throw .negative("warm-up") }
    guard horizon.nanoseconds / window.nanoseconds <= 100_000 else { throw .tooManyWindows }
    self.window = window
    self.horizon = horizon
    self.warmup = warmup
    self.outageThreshold = outageThreshold
    self.objective = objective
    self.latencies = latencies
    self.kinds = kinds
  }
}

/// Why settings for a recorder are refused.
public enum RecorderError: Error, Hashable, Sendable, CustomStringConvertible {
  /// A length must be positive.
  case notPositive(String)
  /// A length must not be negative.
  case negative(String)
  /// The horizon spans more than 100,000 windows, all of which would be held in memory.
  case tooManyWindows

  /// One sentence for people.
  public var description: String {
    switch self {
    case .notPositive(let what): "the \(what) must be longer than zero"
    case .negative(let what): "the \(what) must not be negative"
    case .tooManyWindows: "the horizon spans more than 100000 windows: make the windows longer"
    }
  }
}
