import KeyValue
import Raft
import Server
import Workload

@testable import Verification

/// A way to change one event of a history.
enum Corruption: String, CaseIterable, Sendable {
  case readValue = "what a read returned"
  case swapResult = "whether a swap was done"
  case swapFound = "what a failed swap found"
  case sum = "the sum of an increment, by one"
  case length = "the length after an append"
  case existed = "whether a delete found something"
  case refusal = "a write refused, or done though refused"
  case lostEffect = "an acknowledged write without effect"
  case repeatedEffect = "a write with two effects"
  case dropped = "an operation left out"
  case swappedResults = "the results of two operations, exchanged"
  case earlierReturn = "a return moved before another's invocation"
  case laterInvocation = "an invocation moved behind another's return"
  case unknownFailed = "unknown turned into failed"
  case unknownDone = "unknown turned into done"
  case failedDone = "failed turned into done"
  case doneFailed = "done turned into failed"

  /// All histories that the change makes of an execution's.
  func histories(of execution: Execution) -> [[OperationRecord]] {
    let records = execution.records()
    switch self {
    case .lostEffect:
      return execution.acts.indices.filter { execution.acts[$0].fate == .answered && !records[$0].operation.isRead }
        .map { execution.records(skipping: $0) }
    case .repeatedEffect:
      return execution.acts.indices.filter { execution.acts[$0].takesEffect && !records[$0].operation.isRead }.flatMap {
        act in (act..<records.count).map { execution.records(repeating: (act, behind: $0)) }
      }
    case .dropped: return records.indices.map { records.without($0) }
    case .swappedResults:
      return pairs(records).compactMap { first, second in
        guard case .ok(let one) = records[first].outcome, case .ok(let other) = records[second].outcome else {
          return nil
        }
        // Results of different kinds are found by their kind alone, which takes no search.
        guard first < second, one != other, one.isLike(other) else { return nil }
        return records.with(first, .ok(other)).with(second, .ok(one))
      }
    case .earlierReturn:
      return pairs(records).compactMap { first, second in
        let times = (records[first].started, records[second].started - .nanoseconds(1), records[first].ended)
        guard times.0 <= times.1, times.1 < times.2 else { return nil }
        return records.with(first) { $0.ended = times.1 }
      }
    case .laterInvocation:
      return pairs(records).compactMap { first, second in
        let times = (records[first].started, records[second].ended + .nanoseconds(1), records[first].ended)
        guard times.0 < times.1, times.1 <= times.2, records[second].outcome != .unknown else { return nil }
        return records.with(first) { $0.started = times.1 }
      }
    default:
      return records.indices.flatMap { place in
        outcomes(instead: records[place], in: records).map { records.with(place, $0) }
      }
    }
  }

  private func pairs(_ records: [OperationRecord]) -> [(Int, Int)] {
    records.indices.flatMap { first in records.indices.filter { $0 != first }.map { (first, $0) } }
  }

  /// What else could be said of one operation.
  func outcomes(instead record: OperationRecord, in records: [OperationRecord]) -> [OperationRecord.Outcome] {
    let values = Corruption.values(in: records)
    switch (self, record.outcome) {
    case (.readValue, .ok(.value(let value))): return values.filter { $0 != value }.map { .ok(.value($0)) }
    case (.swapResult, .ok(.swapped(true, _))): return values.map { .ok(.swapped(false, found: $0)) }
    case (.swapResult, .ok(.swapped(false, _))): return [.ok(.swapped(true, found: nil))]
    case (.swapFound, .ok(.swapped(false, let found))):
      return values.filter { $0 != found }.map { .ok(.swapped(false, found: $0)) }
    case (.sum, .ok(.incremented(let sum))): return [sum - 1, sum &+ 1].map { .ok(.incremented($0)) }
    case (.length, .ok(.appended(let length))):
      return [length - 1, length + 1, length + 2].map { .ok(.appended(length: $0)) }
    case (.existed, .ok(.deleted(let existed))): return [.ok(.deleted(existed: !existed))]
    case (.refusal, .ok(.refused(.notAnInteger))), (.refusal, .ok(.refused(.overflow))): return answers(to: record)
    case (.refusal, .ok(.incremented)): return [.ok(.refused(.notAnInteger)), .ok(.refused(.overflow))]
    case (.unknownFailed, .unknown): return [.failed]
    case (.unknownDone, .unknown), (.failedDone, .failed): return answers(to: record)
    case (.doneFailed, .ok): return record.operation.isRead ? [] : [.failed]
    default: return []
    }
  }

  /// Every value that anybody wrote or saw, one that nobody did, and absence.
  static func values(in records: [OperationRecord]) -> [Value?] {
    var values: [Value?] = [nil, Array("none".utf8)]
    for record in records {
      var model = RegisterModel()
      _ = model.execute(record.operation)
      values.append(model.value)
      switch (record.operation, record.outcome) {
      case (.compareAndSwap(_, _, let new), _): values.append(new)
      case (_, .ok(.value(let value))), (_, .ok(.swapped(_, let value))): values.append(value)
      case (_, .ok(.incremented(let sum))): values.append(Array(String(sum).utf8))
      default: break
      }
    }
    var seen: Set<Value?> = []
    return values.filter { seen.insert($0).inserted }
  }

  /// The answers that an operation might well have had.
  private func answers(to record: OperationRecord) -> [OperationRecord.Outcome] {
    switch record.operation {
    case .get: [.ok(.value(nil)), .ok(.value(Execution.values[0]))]
    case .put: [.ok(.stored)]
    case .delete: [.ok(.deleted(existed: true)), .ok(.deleted(existed: false))]
    case .compareAndSwap(_, let expected, let new):
      [.ok(.swapped(true, found: nil)), .ok(.swapped(false, found: new)), .ok(.swapped(false, found: expected))]
    case .increment: [.ok(.incremented(1)), .ok(.incremented(2)), .ok(.refused(.notAnInteger))]
    case .append: [.ok(.appended(length: 1)), .ok(.appended(length: 2))]
    case .exchange(_, let new, _): [.ok(.exchanged(true, old: nil)), .ok(.exchanged(false, old: new))]
    case .length: [.ok(.length(0)), .ok(.length(1))]
    case .getMany, .countPresent, .putMany, .deleteMany: []
    }
  }
}

extension OperationResult {
  /// Whether another result could answer the same operation.
  fileprivate func isLike(_ other: OperationResult) -> Bool {
    switch (self, other) {
    case (.value, .value), (.deleted, .deleted), (.swapped, .swapped), (.appended, .appended): true
    case (.incremented, .incremented), (.incremented, .refused), (.refused, .incremented), (.refused, .refused): true
    default: false
    }
  }
}

extension [OperationRecord] {
  fileprivate func without(_ place: Int) -> [OperationRecord] {
    var records = self
    records.remove(at: place)
    return records
  }

  fileprivate func with(_ place: Int, _ change: (inout OperationRecord) -> Void) -> [OperationRecord] {
    var records = self
    change(&records[place])
    return records
  }

  func with(_ place: Int, _ outcome: OperationRecord.Outcome) -> [OperationRecord] {
    with(place) { $0.outcome = outcome }
  }
}
