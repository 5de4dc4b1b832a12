import Foundation
import Fuzzing
import Raft

/// The results of fuzzing as JSON objects.
enum FuzzJSON {
  /// A campaign: seeds, seconds, events, violations and coverage.
  static func report(_ report: FuzzReport, seconds: Double, _ end: FuzzRendering.End) -> [String: Any] {
    var coverage: [String: Any] = [:]
    for item in Coverage.Item.allCases {
      coverage[item.name] = ["count": report.coverage.count(of: item), "seeds": report.coverage.runs(reaching: item)]
    }
    var object: [String: Any] = [
      "profile": report.profile.name, "seeds": report.seeds, "seconds": seconds, "events": report.events,
      "simulated_seconds": report.virtual.seconds, "complete": end == .done, "end": end.rawValue,
      "failed_seeds": report.failureCount,
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
      "correct": result.correct.map { report in
        [
          "profile": report.profile.name, "seeds": report.seeds, "failed_seeds": report.failureCount,
          "violations": report.failures.map { violation($0) },
        ] as [String: Any]
      },
    ]
  }

  private static func violation(_ outcome: FuzzOutcome) -> [String: Any] {
    guard let failure = outcome.failure else { return ["seed": outcome.seed] }
    return [
      "seed": outcome.seed, "property": failure.property, "at_seconds": failure.at.seconds, "details": failure.details,
    ]
  }
}
