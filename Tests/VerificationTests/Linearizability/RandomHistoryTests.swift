import Foundation
import KeyValue
import Raft
import Testing
import Workload

@testable import Verification

private let k = Key("k")

/// Tiny random histories of all kinds of operations on one key, most of them almost linearizable.
struct TinyHistories {
  var random: RandomSource
  /// The kinds of operation, as in `Operation`.
  var kinds: [Int]
  /// What is written, swapped, appended and, now and then, seen.
  var values: [Value] = ["1", "2"].map { Array($0.utf8) }

  mutating func next() -> [OperationRecord] {
    let clients = 2 + random.next(below: 2)
    let count = 2 + Int(random.next(below: 5))
    var model = RegisterModel()
    var records: [OperationRecord] = []
    // Each operation takes effect at its own even moment and reaches some way to both sides.
    for position in 0..<count {
      let moment = Int64(position) * 4
      let operation = draw()
      let isLost = random.next(below: 8) == 0
      let result = isLost ? OperationResult.stored : model.execute(operation)
      let times = (moment - reach())...(moment + reach())
      let outcome: OperationRecord.Outcome = isLost || random.next(below: 6) == 0 ? .unknown : .ok(result)
      records.append(
        record(1 + random.next(below: clients), UInt64(position + 1), operation, times, outcome))
    }
    return records
  }

  /// One event of the history changed: an answer, a time or the operation itself.
  mutating func corrupted(_ records: [OperationRecord]) -> [OperationRecord] {
    var records = records
    let victim = Int(random.next(below: UInt64(records.count)))
    switch random.next(below: 4) {
    case 0:
      var model = RegisterModel(random.next(below: 2) == 0 ? nil : value())
      records[victim].outcome = .ok(model.execute(records[victim].operation))
    case 1:
      let other = Int(random.next(below: UInt64(records.count)))
      (records[victim].started, records[other].started) = (records[other].started, records[victim].started)
      (records[victim].ended, records[other].ended) = (records[other].ended, records[victim].ended)
    case 2:
      let moment = Int64(random.next(below: 24)) - 2
      records[victim].started = Instant(nanoseconds: moment)
      records[victim].ended = Instant(nanoseconds: moment + 1)
    default:
      records.remove(at: victim)
    }
    return records
  }

  private mutating func reach() -> Int64 { Int64(random.next(below: 7)) }

  private mutating func value() -> Value { values[Int(random.next(below: UInt64(values.count)))] }

  private mutating func draw() -> KeyValue.Operation {
    switch kinds[Int(random.next(below: UInt64(kinds.count)))] {
    case 0: .get(k)
    case 1: .put(k, value())
    case 2: .delete(k)
    case 3: .compareAndSwap(k, expected: random.next(below: 3) == 0 ? nil : value(), new: value())
    case 4: .increment(k, by: Int64(random.next(below: 3)))
    default: .append(k, value())
    }
  }
}

/// How many histories of a shape are tried; a hundred times as many when `ERAFT_EXHAUSTIVE` is 1.
private let rounds = ProcessInfo.processInfo.environment["ERAFT_EXHAUSTIVE"] == "1" ? 60_000 : 600

@Test(
  "The checker agrees with trying every order",
  arguments: [[0, 1], [0, 1, 3], [0, 0, 1, 2], [0, 4], [0, 5], [0, 0, 1, 5], [0, 0, 2, 5], [0, 1, 2, 3, 4, 5]],
  [["1", "2"], ["", "1", "21", "2"], ["a", "ba", "b", "aab"]])
func agreesWithBruteForce(kinds: [Int], values: [String]) {
  var tiny = TinyHistories(random: RandomSource(seed: 7, stream: UInt64(kinds.count)), kinds: kinds)
  tiny.values = values.map { Array($0.utf8) }
  var (good, bad, wrong) = (0, 0, 0)
  for round in 0..<rounds {
    let valid = tiny.next()
    let records = round % 3 == 0 ? valid : tiny.corrupted(valid)
    let expected = BruteForce.isLinearizable(records)
    let found = verdict(of: records)
    if expected { good += 1 } else { bad += 1 }
    if found.isViolation == expected || (round % 3 == 0 && !expected) { wrong += 1 }
  }
  #expect(wrong == 0)
  #expect(good > 100)
  #expect(bad > 40)
}

/// Shapes of longer histories: what is done, and how likely answers are lost.
struct LongShape: Sendable, CustomTestStringConvertible {
  var testDescription: String
  var shape: HistoryGenerator.Shape

  static let all: [LongShape] = [
    make("distinct values") { _ in },
    make("three values") { $0.values = 3 },
    make("lost answers") { $0.unknownShare = 0.05 },
    make("three values and lost answers") {
      $0.values = 3
      $0.unknownShare = 0.02
    },
    make("counters") {
      $0.weights.put = 0; $0.weights.increment = 50; $0.unknownShare = 0.02
    },
    make("appends") {
      $0.weights.put = 0; $0.weights.append = 50
    },
    make("swaps and deletes") {
      $0.weights.delete = 10; $0.weights.compareAndSwap = 30
    },
    make("everything") {
      $0.weights.delete = 5
      $0.weights.compareAndSwap = 10
      $0.weights.increment = 10
      $0.weights.append = 10
      $0.unknownShare = 0.01
    },
  ]

  private static func make(_ name: String, _ change: (inout HistoryGenerator.Shape) -> Void) -> LongShape {
    var shape = HistoryGenerator.Shape()
    shape.clients = 12
    shape.keys = 6
    shape.valueBytes = 4
    change(&shape)
    return LongShape(testDescription: name, shape: shape)
  }
}

@Test("Histories of an atomic store are linearizable", arguments: LongShape.all)
func generatedHistories(_ long: LongShape) {
  for seed in 1...3 as ClosedRange<UInt64> {
    var generator = HistoryGenerator(shape: long.shape, seed: seed)
    let records = (0..<1_500).map { _ in generator.next() }
    let verdict = verdict(of: records)
    #expect(verdict == .linearizable, "seed \(seed)")
  }
}

/// A way to break a valid history so that no order can explain it.
enum Mutant: CaseIterable {
  case staleRead, foreignValue, lostUpdate, repeatedIncrement, forgottenAppend, earlyRead
}

@Test("A broken event in a long history is found", arguments: Mutant.allCases)
func mutants(_ mutant: Mutant) {
  for seed in 1...5 as ClosedRange<UInt64> {
    var shape = HistoryGenerator.Shape()
    shape.clients = 10
    shape.keys = 3
    shape.valueBytes = 12
    shape.unknownShare = 0.01
    shape.weights.put = mutant == .repeatedIncrement || mutant == .forgottenAppend ? 0 : 50
    shape.weights.increment = mutant == .repeatedIncrement ? 50 : 0
    shape.weights.append = mutant == .forgottenAppend ? 50 : 0
    var generator = HistoryGenerator(shape: shape, seed: seed)
    var records = (0..<1_200).map { _ in generator.next() }
    #expect(verdict(of: records) == .linearizable)
    #expect(mutate(&records, mutant, around: 700), "seed \(seed): nothing to break")
    #expect(verdict(of: records).isViolation, "seed \(seed)")
  }
}

/// Breaks the first fitting record from a place on; false when there is none.
private func mutate(_ records: inout [OperationRecord], _ mutant: Mutant, around place: Int) -> Bool {
  for index in place..<records.count {
    guard case .ok(let result) = records[index].outcome else { continue }
    let record = records[index]
    switch (mutant, result) {
    case (.staleRead, .value(.some(let now))):
      // A value that was read, then overwritten, long before.
      let old = records[..<index].first {
        guard case .ok(.value(.some(let then))) = $0.outcome else { return false }
        return $0.operation.key == record.operation.key && then != now && $0.ended < record.started
      }
      guard let old, records.contains(where: { overwrites(old, $0, before: record) }) else { continue }
      records[index].outcome = old.outcome
      return true
    case (.foreignValue, .value):
      records[index].outcome = .ok(.value(Array("nobody wrote this".utf8)))
      return true
    case (.lostUpdate, .value(.some(let value))):
      // The write that was read never happened.
      guard let write = records.firstIndex(where: { $0.operation == .put(record.operation.key, value) }) else {
        continue
      }
      records[write].outcome = .failed
      return true
    case (.repeatedIncrement, .incremented(let sum)):
      records[index].outcome = .ok(.incremented(sum + 40))
      return true
    case (.forgottenAppend, .value(.some(let value))) where value.count > 24:
      records[index].outcome = .ok(.value(Array(value.dropFirst(12))))
      return true
    case (.earlyRead, .value(.some(let value))):
      // The read ended before anybody had asked for the write that it saw.
      guard let write = records.first(where: { $0.operation == .put(record.operation.key, value) }) else { continue }
      records[index].ended = write.started - .nanoseconds(1)
      records[index].started = write.started - .nanoseconds(2)
      return true
    default: continue
    }
  }
  return false
}

/// Whether `write` surely came after the write that `old` saw and before `late` began.
private func overwrites(_ old: OperationRecord, _ write: OperationRecord, before late: OperationRecord) -> Bool {
  guard case .put(old.operation.key, _) = write.operation, write.outcome == .ok(.stored) else { return false }
  return old.ended < write.started && write.ended < late.started
}
