import Foundation
import Fuzzing
import Raft

/// The results of fuzzing as JSON objects.
enum FuzzJSON {
  /// A campaign: seeds, seconds, events, violations and coverage.
  static func report(_ report: FuzzReport, seconds: Double, wasInterrupted: Bool) -> [String: Any] {
    var coverage: [String: Any] = [:]
    for item in Coverage.Item.allCases {
      coverage[item.name] = ["count": report.coverage.count(of: item), "seeds": report.coverage.runs(reaching: item)]
    }
    var object: [String: Any] = [
      "profile": report.profile.name, "seeds": report.seeds, "seconds": seconds, "events": report.events,
      "simulated_seconds": report.virtual.seconds, "complete": !wasInterrupted, "failed_seeds": report.failureCount,
      "fingerprint": String(report.fingerprint, radix: 16),
      "violations": report.failures.map { violation($0) }, "coverage": coverage,
    ]
    if let variant = report.variant { object["mutant"] = variant.name }
    return object
  }

  /// The trials of the known-bad variants.
  static func trials(_ result: MutantTrials.Result, seconds: Double) -> [String: Any] {
    [
      "seconds": seconds, "complete": result.isComplete,
      "mutants": result.trials.map { trial in
        [
          "name": trial.variant.name, "profile": trial.variant.profile.name, "caught": trial.isCaught,
          "caught_by": trial.caughtBy, "seeds_needed": trial.medianSeeds,
          "starts": trial.starts.map { start in
            [
              "first_seed": start.first, "seeds": start.seeds,
              "caught_by": start.caughtBy.map { $0 as Any } ?? NSNull(),
            ] as [String: Any]
          },
        ] as [String: Any]
      },
      "correct": result.correct.map { ["profile": $0.profile.name, "seeds": $0.seeds, "violations": $0.failureCount] },
    ]
  }

  private static func violation(_ outcome: FuzzOutcome) -> [String: Any] {
    guard let failure = outcome.failure else { return ["seed": outcome.seed] }
    return [
      "seed": outcome.seed, "property": failure.property, "at_seconds": failure.at.seconds, "details": failure.details,
    ]
  }
}

/// A JSON file that a command writes as a whole or not at all.
enum JSONFile {
  /// Why a file cannot be written, before the work begins; nil when it can, or when none is wanted.
  static func problem(writing path: String?) -> String? {
    guard let path else { return nil }
    let directory = URL(fileURLWithPath: path).deletingLastPathComponent().path
    var isDirectory: ObjCBool = false
    if FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory), isDirectory.boolValue {
      return "\(path): a directory, and no file to write to"
    }
    guard FileManager.default.isWritableFile(atPath: directory) else {
      return "\(path): \(directory) is not a directory that can be written to"
    }
    return nil
  }

  /// Writes an object with sorted keys; what went wrong, or nil.
  static func write(_ object: [String: Any], to path: String) -> String? {
    do {
      let data = try JSONSerialization.data(withJSONObject: object, options: [.prettyPrinted, .sortedKeys])
      try (data + Data("\n".utf8)).write(to: URL(fileURLWithPath: path), options: .atomic)
      return nil
    } catch {
      return "\(path): cannot be written: \(error.localizedDescription)"
    }
  }
}
