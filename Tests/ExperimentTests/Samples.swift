import Foundation

@testable import Experiment

/// The specs that tests start from.
enum Samples {
  /// The smallest spec.
  static let minimal = """
    name: minimal
    sites: [us-east-1, us-west-2]
    group: {voters: {us-east-1: 2, us-west-2: 1}}
    workload:
      - rate: 100/s
    """

  /// The minimal spec with lines after it.
  static func minimal(with lines: String) -> String { minimal + "\n" + lines }

  static let packageRoot = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  static let experiments = packageRoot.appendingPathComponent("experiments")

  static let examples = ["quickstart", "leader-crash", "partition", "saturation", "membership"]

  static func example(_ name: String) throws -> String {
    try String(contentsOf: experiments.appendingPathComponent("\(name).yaml"), encoding: .utf8)
  }

  /// What is wrong with a spec, one line each; empty when nothing is.
  static func problems(_ text: String, set overrides: [String] = []) -> [String] {
    do throws(SpecRefusal) {
      _ = try SpecLoader.parse(text, overrides: overrides)
      return []
    } catch {
      return error.problems.map(\.description)
    }
  }
}
