import KeyValue
import Raft
import Server
import Testing
import Workload

@testable import Verification

@Test(
  "In a history of hundreds of operations a wrong answer between quiet neighbours is found",
  arguments: [Corruption.readValue, .swapResult, .swapFound, .sum, .length, .existed, .refusal])
func quietCorruption(_ corruption: Corruption) {
  var (tried, caught) = (0, 0)
  for seed in 1...6 as ClosedRange<UInt64> {
    var random = RandomSource(seed: seed, stream: 21)
    let execution = Execution(
      operations: 500, clients: 6, keys: 6, sure: 5, distinct: seed % 2 == 0, random: &random)
    let records = execution.records()
    #expect(verdict(of: records) == .linearizable, "seed \(seed)")
    let ofKey = Dictionary(grouping: records.filter(\.matters), by: \.operation.key)
    let places = records.indices.dropFirst(records.count / 2).filter {
      records[$0].isDetermined(among: ofKey[records[$0].operation.key] ?? [])
    }
    let mutants = places.flatMap { place in
      corruption.outcomes(instead: records[place], in: records).filter { $0 != records[place].outcome }.prefix(3).map {
        records.with(place, $0)
      }
    }
    for mutant in mutants.suffix(5) {
      tried += 1
      if verdict(of: mutant).isViolation { caught += 1 }
    }
  }
  #expect(caught == tried)
  #expect(tried >= 12)
}

extension OperationRecord {
  /// Whether only one answer is possible: no other operation on the key was under way, and neither was any during the
  /// last one before it, whose answer tells what the key held then.
  fileprivate func isDetermined(among others: [OperationRecord]) -> Bool {
    guard matters, isQuiet(among: others) else { return false }
    guard let last = others.filter({ $0.precedes(self) }).max(by: { $0.ended < $1.ended }) else { return false }
    return last.isQuiet(among: others) && last.tellsTheValue
  }

  /// Operations are told apart by their sequence numbers alone, which an execution gives only once.
  private func isQuiet(among others: [OperationRecord]) -> Bool {
    others.allSatisfy { $0.sequence == sequence || $0.precedes(self) || self.precedes($0) }
  }

  /// Whether operation and answer together say what the key holds afterwards.
  private var tellsTheValue: Bool {
    guard case .ok(let result) = outcome else { return false }
    switch result {
    case .value, .stored, .deleted, .swapped, .incremented, .exchanged: return true
    case .appended, .refused, .length, .values, .present, .removed: return false
    }
  }
}
