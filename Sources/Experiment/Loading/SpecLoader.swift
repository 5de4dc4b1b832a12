import Foundation
import Policies
import Raft
import Workload

/// A spec that can run, with what is doubtful about it.
public struct LoadedSpec: Hashable, Sendable {
  /// The spec with all defaults filled in.
  public var spec: ExperimentSpec
  /// What may not do what was meant, in the order of the file.
  public var warnings: [SpecProblem]
}

/// Reads specs.
public enum SpecLoader {
  /// Reads the spec in a file; `overrides` are the `key=value` of `--set`, `seed` that of `--seed`, and `policies` the
  /// names of a `PolicyRegistry` that come to those of eraft.
  ///
  /// Files that the spec names are looked for beside it. Throws everything that is wrong, each in one line.
  public static func load(
    path: String, overrides: [String] = [], seed: UInt64? = nil, policies: [String] = []
  ) throws(SpecRefusal) -> LoadedSpec {
    try parse(SpecFile(path: path), overrides: overrides, seed: seed, policies: policies)
  }

  /// Reads the spec in `text`, which problems call `source`; a spec read so cannot name other files.
  public static func parse(
    _ text: String, source: String = "spec.yaml", overrides: [String] = [], seed: UInt64? = nil,
    policies: [String] = []
  ) throws(SpecRefusal) -> LoadedSpec {
    try parse(SpecFile(text: text, source: source), overrides: overrides, seed: seed, policies: policies)
  }

  static func parse(
    _ bytes: [UInt8], source: String, overrides: [String], seed: UInt64?,
    readFile: @escaping (String) -> Result<[UInt8], CompanionFileError>
  ) throws(SpecRefusal) -> LoadedSpec {
    try parse(SpecFile(source: source, bytes: bytes, readFile: readFile), overrides: overrides, seed: seed)
  }

  private static func parse(
    _ file: SpecFile, overrides: [String], seed: UInt64?, policies: [String] = []
  ) throws(SpecRefusal) -> LoadedSpec {
    let reading = file.reading(policies: policies)
    let spec = tree(file.bytes, overrides: overrides, seed: seed, reading).flatMap { Self.spec(of: $0, reading) }
    let problems = reading.sortedProblems
    let errors = problems.filter { $0.severity == .error }
    guard let spec, errors.isEmpty else { throw SpecRefusal(problems: errors) }
    return LoadedSpec(spec: spec, warnings: problems.filter { $0.severity == .warning })
  }

  /// The values of a spec with the overrides in place; nil after reporting why there are none.
  static func tree(_ bytes: [UInt8], overrides: [String], seed: UInt64?, _ reading: Reading) -> SpecNode? {
    guard bytes.count <= SpecDocument.byteLimit else {
      reading.refuse("", "found \(bytes.count) bytes, expected at most \(SpecDocument.byteLimit)")
      return nil
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      reading.refuse("", "found bytes that are not UTF-8, expected UTF-8 text")
      return nil
    }
    let source = reading.source
    guard
      var root = SpecDocument.read(
        text, reading: reading, place: { SpecPlace.line(source, line: $0, column: $1) })
    else { return nil }
    guard root.entries != nil else {
      reading.refuse("", at: root.place, "found \(root.found), expected a mapping that starts with name:")
      return nil
    }
    for text in overrides {
      guard SpecOverride(text, reading: reading)?.apply(to: &root, reading: reading) == true else { return nil }
    }
    if let seed {
      guard
        SpecOverride("seed=\(seed)", option: "--seed \(seed)", reading: reading)?
          .apply(to: &root, reading: reading) == true
      else { return nil }
    }
    return root
  }

  /// The spec that the values make; nil when one of them cannot be read. What is wrong is reported.
  static func spec(of root: SpecNode, _ reading: Reading) -> ExperimentSpec? {
    var spec = ExperimentSpec()
    // Not a complete spec: what could be read is checked all the same, so that one attempt tells everything.
    let isComplete = SpecKeys.section.read(root, "", into: &spec, reading)
    spec.derive()
    if spec.system.hasFleet, spec.costs == nil, !reading.gives("costs") { spec.costs = CostPlan() }
    Validation(spec: spec, reading: reading).check()
    spec.spot.keep(spec.sites)
    return isComplete ? spec : nil
  }
}

extension ExperimentSpec {
  /// Fills in what follows from other keys.
  fileprivate mutating func derive() {
    for position in workload.indices where workload[position].sites.isEmpty { workload[position].sites = sites }
    let patches =
      links.overrides
      + faults.compactMap { if case .link(let patch, _) = $0.fault { patch } else { nil } }
    clients.trustsRefusals = links.duplication == 0 && patches.allSatisfy { ($0.duplication ?? 0) == 0 }
  }
}
