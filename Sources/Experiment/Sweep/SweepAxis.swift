/// One dimension of a sweep: what it is called, and the alternatives that are tried along it.
public struct SweepAxis: Hashable, Sendable {
  /// The key that is varied, such as `group.heartbeat`, or the name that the spec gives to a set of cases.
  public var name: String
  /// The alternatives in the order of the spec, at least one.
  public var choices: [SweepChoice]
}

/// One alternative of an axis.
public struct SweepChoice: Hashable, Sendable {
  /// The value as text, or the name of a case.
  public var label: String
  /// What takes the place of the spec's values: one setting for a value, any number for a case.
  public var settings: [SweepSetting]
}

/// A value that takes the place of one in the spec.
public struct SweepSetting: Hashable, Sendable {
  /// The key, dotted as for `--set`.
  public var key: String
  /// The value as YAML in one line.
  public var value: String
}

/// One run of a sweep.
public struct SweepRun: Hashable, Sendable {
  /// Its place in the product, from 1.
  public var number: Int
  /// What was chosen along each axis.
  public var choices: [SweepChoice]
  /// The spec that is run; it has no sweep of its own.
  public var spec: ExperimentSpec
}

/// A sweep whose runs can all be made.
public struct LoadedSweep: Hashable, Sendable {
  /// The dimensions in the order of the spec; the last one varies fastest.
  public var axes: [SweepAxis]
  /// The runs in the order of the product, at least one.
  public var runs: [SweepRun]
  /// What may not do what was meant, each thing once.
  public var warnings: [SpecProblem]

  /// The values of a run as people read them: `system=raft, seed=2`.
  public func describe(_ choices: [SweepChoice]) -> String {
    zip(axes, choices).map { "\($0.name)=\($1.label)" }.joined(separator: ", ")
  }
}

extension [SweepAxis] {
  /// How many runs the axes make: the product of their lengths, saturating.
  public var runCount: Int {
    reduce(1) { product, axis in
      let (result, overflow) = product.multipliedReportingOverflow(by: axis.choices.count)
      return overflow ? .max : result
    }
  }

  /// The choices of the run with this number, counted from 0; the last axis varies fastest.
  func positions(ofRun number: Int) -> [Int] {
    var rest = number
    var positions: [Int] = []
    for axis in reversed() {
      positions.append(rest % axis.choices.count)
      rest /= axis.choices.count
    }
    return positions.reversed()
  }
}
