import Raft

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

  /// Whether counters are all that the mix changes, so that its reads read counters.
  var concernsCounters: Bool {
    kinds.contains(.increment) && kinds.allSatisfy { $0 == .increment || $0 == .read || $0 == .scan }
  }

  func draw(_ random: inout RandomSource) -> OperationKind {
    var point = random.nextUnit() * shares.reduce(0, +)
    for (kind, share) in zip(kinds, shares) {
      if point < share { return kind }
      point -= share
    }
    // Rounding may leave a sliver beyond the last share.
    return kinds[kinds.count - 1]
  }
}
