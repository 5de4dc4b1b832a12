/// The mixes that a spec may name. The proportions of `ycsb-a` to `ycsb-f` are those of the core workloads of YCSB
/// (Cooper et al., SoCC 2010).
extension OperationMix {
  /// Update heavy: half reads, half updates.
  public static let ycsbA = OperationMix(name: "ycsb-a", weights: [(.read, 0.5), (.update, 0.5)])
  /// Read mostly: 95 % reads, 5 % updates.
  public static let ycsbB = OperationMix(name: "ycsb-b", weights: [(.read, 0.95), (.update, 0.05)])
  /// Read only.
  public static let ycsbC = OperationMix(name: "ycsb-c", weights: [(.read, 1)])
  /// Read latest: 95 % reads, 5 % inserts; meant for keys chosen by ``KeyDistribution/latest(theta:)``.
  public static let ycsbD = OperationMix(name: "ycsb-d", weights: [(.read, 0.95), (.insert, 0.05)])
  /// Short ranges: 95 % scans, 5 % inserts.
  public static let ycsbE = OperationMix(name: "ycsb-e", weights: [(.scan, 0.95), (.insert, 0.05)])
  /// Read-modify-write: half reads, half read-modify-writes.
  public static let ycsbF = OperationMix(name: "ycsb-f", weights: [(.read, 0.5), (.readModifyWrite, 0.5)])
  /// Nothing but reads.
  public static let readOnly = OperationMix(name: "read-only", weights: [(.read, 1)])
  /// Nothing but updates.
  public static let writeOnly = OperationMix(name: "write-only", weights: [(.update, 1)])
  /// Half reads, half increments of counters: lost and repeated effects show in the values.
  public static let increments = OperationMix(name: "increments", weights: [(.read, 0.5), (.increment, 0.5)])
  /// Half reads, half compare-and-swaps.
  public static let swaps = OperationMix(name: "cas", weights: [(.read, 0.5), (.compareAndSwap, 0.5)])
  /// Half reads, half appends: the order of all effects shows in the values, which grow without end.
  public static let appends = OperationMix(name: "appends", weights: [(.read, 0.5), (.append, 0.5)])
  /// Every kind that acts on one family of keys, for fuzzing.
  public static let everything = OperationMix(
    name: "everything",
    weights: [
      (.read, 0.35), (.update, 0.2), (.compareAndSwap, 0.15), (.readModifyWrite, 0.1), (.delete, 0.1), (.append, 0.1),
    ])

  /// All mixes with a name, in the order in which they are listed.
  public static let presets: [OperationMix] = [
    ycsbA, ycsbB, ycsbC, ycsbD, ycsbE, ycsbF, readOnly, writeOnly, increments, swaps, appends, everything,
  ]

  /// The mix with a name; nil when there is none.
  public static func named(_ name: String) -> OperationMix? { presets.first { $0.name == name } }

  /// How keys are chosen with this mix unless something else is asked for: latest for `ycsb-d`, else zipfian.
  public var usualKeys: KeyDistribution {
    name == OperationMix.ycsbD.name ? .latest(theta: 0.99) : .zipfian(theta: 0.99)
  }
}
