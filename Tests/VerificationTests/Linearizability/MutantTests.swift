import Foundation
import KeyValue
import Raft
import Testing
import Workload

@testable import Verification

/// How many executions are corrupted in every way; twenty times as many when `ERAFT_EXHAUSTIVE` is 1.
private let executions = ProcessInfo.processInfo.environment["ERAFT_EXHAUSTIVE"] == "1" ? 1200 : 60

@Test("The two oracles agree")
func oraclesAgree() {
  var random = RandomSource(seed: 11)
  var (linearizable, violations, wrong) = (0, 0, 0)
  for _ in 0..<25 {
    let execution = Execution(operations: 6, clients: 3, keys: 2, random: &random)
    for corruption in Corruption.allCases {
      for records in corruption.histories(of: execution).prefix(6) {
        let expected = BruteForce.isLinearizable(records)
        if expected { linearizable += 1 } else { violations += 1 }
        if ConfigurationSets.isLinearizable(records) != expected { wrong += 1 }
      }
    }
  }
  #expect(wrong == 0)
  #expect(linearizable > 200)
  #expect(violations > 200)
}

@Test("One event of a valid history changed, in every way: what is no longer linearizable is found, and only that")
func everyCorruption() {
  var random = RandomSource(seed: 12)
  var tallies = Corruption.allCases.map { MutantTally(corruption: $0) }
  for round in 0..<executions {
    let execution = Execution(
      operations: 14, clients: 4, keys: UInt64(1 + round % 2), distinct: round % 4 < 2, random: &random)
    let valid = execution.records()
    #expect(verdict(of: valid) == .linearizable, "execution \(round)")
    #expect(ConfigurationSets.isLinearizable(valid), "execution \(round)")
    for position in tallies.indices {
      for records in tallies[position].corruption.histories(of: execution) { tallies[position].add(records) }
    }
  }
  let table = MutantTally.table(tallies)
  for tally in tallies {
    #expect(tally.caught == tally.violations, "\(tally.corruption.rawValue)\n\(table)")
    #expect(tally.falseAlarms == 0 && tally.undecided == 0, "\(tally.corruption.rawValue)\n\(table)")
    #expect(tally.violations >= tally.least, "\(tally.corruption.rawValue)\n\(table)")
  }
}

/// What became of one kind of corruption.
private struct MutantTally {
  var corruption: Corruption
  var tried = 0
  var violations = 0
  var caught = 0
  var missed = 0
  var falseAlarms = 0
  var undecided = 0

  init(corruption: Corruption) { self.corruption = corruption }

  /// How many violations there must be for the kind to count as tried.
  var least: Int { executions / 4 }

  mutating func add(_ records: [OperationRecord]) {
    tried += 1
    let isLinearizable = ConfigurationSets.isLinearizable(records)
    if !isLinearizable { violations += 1 }
    switch verdict(of: records) {
    case .linearizable: if !isLinearizable { missed += 1 }
    case .violation: if isLinearizable { falseAlarms += 1 } else { caught += 1 }
    case .unknown: undecided += 1
    }
  }

  static func table(_ tallies: [MutantTally]) -> String {
    let head = "    tried violations   caught   missed    false  unknown  one event changed"
    let rows = tallies.map { tally in
      let numbers = [
        tally.tried, tally.violations, tally.caught, tally.missed, tally.falseAlarms, tally.undecided,
      ]
      let cells = zip(numbers, [9, 11, 9, 9, 9, 9]).map { number, width in
        String(repeating: " ", count: max(0, width - "\(number)".count)) + "\(number)"
      }
      return cells.joined() + "  " + tally.corruption.rawValue
    }
    return ([head] + rows).joined(separator: "\n")
  }
}
