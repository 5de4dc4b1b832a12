import Foundation

extension SpecLoader {
  /// Reads the sweep in a file, its runs included; nil when the spec has no `sweep`.
  ///
  /// `overrides` and `seed` are as for ``load(path:overrides:seed:)`` and concern every run. Throws everything that
  /// keeps any run from being made: what concerns all runs as it is, the rest with the first run that it concerns.
  public static func loadSweep(
    path: String, overrides: [String] = [], seed: UInt64? = nil
  ) throws(SpecRefusal) -> LoadedSweep? {
    let file = try SpecFile(path: path)
    return try loadSweep(file, overrides: overrides, seed: seed)
  }

  /// Reads the sweep in `text`, which problems call `source`; a spec read so cannot name other files.
  public static func parseSweep(
    _ text: String, source: String = "spec.yaml", overrides: [String] = [], seed: UInt64? = nil
  ) throws(SpecRefusal) -> LoadedSweep? {
    try loadSweep(SpecFile(text: text, source: source), overrides: overrides, seed: seed)
  }

  private static func loadSweep(
    _ file: SpecFile, overrides: [String], seed: UInt64?
  ) throws(SpecRefusal) -> LoadedSweep? {
    let reading = file.reading()
    guard var root = tree(file.bytes, overrides: overrides, seed: seed, reading) else { throw refusal(reading) }
    guard let entry = root.entries?.first(where: { $0.key == "sweep" }) else { return nil }
    reading.note("sweep", at: entry.value.place)
    let axes = SweepKeys.codec.read(entry.value, "sweep", reading)
    guard let axes, !reading.hasErrors else { throw refusal(reading) }
    try refuseLostOverrides(overrides, seed: seed, axes: axes)
    root.content = .mapping((root.entries ?? []).filter { $0.key != "sweep" })

    var sweep = LoadedSweep(axes: axes, runs: [], warnings: [])
    var problems = SweepProblems()
    for number in 0..<axes.runCount {
      let positions = axes.positions(ofRun: number)
      let choices = zip(axes, positions).map { $0.choices[$1] }
      let inner = file.reading()
      var tree = root
      var isSet = true
      for (axis, position) in zip(axes, positions) {
        let place = reading.place(of: "sweep.\(SpecNode.quote(axis.name))[\(position)]")
        for setting in axis.choices[position].settings where isSet {
          let override = SpecOverride(
            "\(setting.key)=\(setting.value)", option: "\(place): sweep \(setting.key)=\(setting.value)",
            reading: inner)
          isSet = override?.apply(to: &tree, reading: inner) == true
        }
      }
      let spec = isSet ? Self.spec(of: tree, inner) : nil
      problems.add(inner.sortedProblems, run: "run \(number + 1): \(sweep.describe(choices))")
      if let spec { sweep.runs.append(SweepRun(number: number + 1, choices: choices, spec: spec)) }
    }
    let all = problems.merged
    let errors = all.filter { $0.severity == .error }
    guard errors.isEmpty else { throw SpecRefusal(problems: errors) }
    sweep.warnings = all
    return sweep
  }

  private static func refusal(_ reading: Reading) -> SpecRefusal {
    SpecRefusal(problems: reading.sortedProblems.filter { $0.severity == .error })
  }

  /// An option that every run would overwrite was meant to do something.
  private static func refuseLostOverrides(
    _ overrides: [String], seed: UInt64?, axes: [SweepAxis]
  ) throws(SpecRefusal) {
    let swept = Set(axes.flatMap { $0.choices.flatMap(\.settings).map(\.key) })
    var options = overrides.map { (key: String($0.prefix { $0 != "=" }), option: "--set \(SpecNode.quote($0))") }
    if let seed { options.append(("seed", "--seed \(seed)")) }
    let problems = options.filter { swept.contains($0.key) }.map { key, option in
      SpecProblem(
        severity: .error, place: .option(option), key: key,
        message: "found a value for what the sweep sets, expected another sweep, such as --set sweep.\(key)=[...]")
    }
    guard problems.isEmpty else { throw SpecRefusal(problems: problems) }
  }
}

/// What is wrong with the runs of a sweep, each thing once.
private struct SweepProblems {
  private var order: [SpecProblem] = []
  private var counts: [SpecProblem: (count: Int, firstRun: String)] = [:]
  private var runs = 0

  mutating func add(_ problems: [SpecProblem], run: String) {
    runs += 1
    for problem in problems {
      if counts[problem] == nil { order.append(problem) }
      counts[problem, default: (0, run)].count += 1
    }
  }

  /// The problems in the order in which they were found; what does not concern all runs names the first one.
  var merged: [SpecProblem] {
    order.prefix(Reading.problemLimit).map { problem in
      guard let (count, firstRun) = counts[problem], count < runs else { return problem }
      var copy = problem
      copy.message += " (\(firstRun))"
      return copy
    }
  }
}
