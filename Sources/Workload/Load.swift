import KeyValue
import Raft
import Server

/// The kinds of operation that a mix is made of.
public enum OperationKind: String, Hashable, Sendable, CaseIterable {
  case read, update, insert, readModifyWrite = "read-modify-write", scan
  case delete, compareAndSwap = "compare-and-swap", increment, append
}

/// The share of each kind of operation.
public struct OperationMix: Hashable, Sendable {
  /// The name that people use, such as `ycsb-b`.
  public var name: String
  /// Kinds and their weights, in a fixed order; weights are positive and need not add up to 1.
  public var weights: [(kind: OperationKind, weight: Double)] {
    get { kinds.indices.map { (kinds[$0], shares[$0]) } }
  }
  var kinds: [OperationKind]
  var shares: [Double]

  /// Makes a mix.
  public init(name: String, weights: [(kind: OperationKind, weight: Double)]) {
    self.name = name
    kinds = weights.map(\.kind)
    shares = weights.map(\.weight)
  }
}

/// How keys are chosen.
public enum KeyDistribution: Hashable, Sendable {
  /// Every key is equally likely.
  case uniform
  /// A few keys are very likely, scattered over the key space (YCSB's scrambled zipfian).
  case zipfian(theta: Double)
  /// The latest inserted keys are the likeliest (YCSB's latest).
  case latest(theta: Double)
}

/// When operations begin.
public enum Arrival: Hashable, Sendable {
  /// Closed loop: each of `clients` clients per site begins its next operation `think` after the last one ended.
  case closed(clients: Int, think: TimeSpan)
  /// Open loop: exponential gaps at a total rate in operations per second, spread evenly over the sites.
  case poisson(rate: Double)
  /// Open loop: equal gaps at a total rate in operations per second, spread evenly over the sites.
  case constant(rate: Double)
  /// Open loop: exponential gaps at a rate that changes at given times (seconds from the phase's start, ops/s).
  case trace(points: [RatePoint])
}

/// A rate from a moment on.
public struct RatePoint: Hashable, Sendable {
  /// Since the start of the phase.
  public var time: TimeSpan
  /// Operations per second, all sites together.
  public var rate: Double
  /// Makes a point.
  public init(time: TimeSpan, rate: Double) {
    self.time = time
    self.rate = rate
  }
}

/// How long values are.
public enum ValueSize: Hashable, Sendable {
  /// All the same, in bytes.
  case constant(Int)
  /// Uniform between two sizes in bytes.
  case uniform(ClosedRange<Int>)
}

/// One phase of a workload: what clients do from one moment to the next phase.
public struct LoadPhase: Hashable, Sendable {
  /// When the phase begins, since the start of the run.
  public var start: TimeSpan
  /// The mix of operations.
  public var mix: OperationMix
  /// When operations begin.
  public var arrival: Arrival
  /// How keys are chosen.
  public var keys: KeyDistribution
  /// How many keys exist at the start.
  public var keyCount: Int
  /// How long values are.
  public var value: ValueSize
  /// How fresh reads must be.
  public var consistency: ReadConsistency

  /// Makes a phase.
  public init(
    start: TimeSpan, mix: OperationMix, arrival: Arrival, keys: KeyDistribution, keyCount: Int, value: ValueSize,
    consistency: ReadConsistency
  ) {
    self.start = start
    self.mix = mix
    self.arrival = arrival
    self.keys = keys
    self.keyCount = keyCount
    self.value = value
    self.consistency = consistency
  }
}
