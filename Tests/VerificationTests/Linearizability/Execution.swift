import KeyValue
import Raft
import Server
import Workload

@testable import Verification

/// A run of a few clients against one atomic store, in which it is known when each operation took effect.
///
/// It can be replayed with one effect left out or done twice, as a faulty store would.
struct Execution {
  /// What becomes of an operation: clients are not told of those that are lost or done unseen.
  enum Fate { case answered, doneUnseen, lost, failed }

  struct Act {
    var client: UInt64
    var sequence: UInt64
    var operation: Operation
    var times: ClosedRange<Int64>
    var fate: Fate

    var takesEffect: Bool { fate == .answered || fate == .doneUnseen }
  }

  /// The operations in the order in which they took effect.
  var acts: [Act] = []

  /// Draws an execution: operations take effect one after the other, and reach some way to both sides.
  ///
  /// With `distinct` values every value written is new, so that almost every effect shows. Of the first `sure` keys
  /// every operation's outcome is known.
  init(
    operations: Int, clients: UInt64, keys: UInt64, sure: UInt64 = 0, distinct: Bool = false,
    random: inout RandomSource
  ) {
    var free = [Int64](repeating: 0, count: Int(clients))
    var models: [Key: RegisterModel] = [:]
    for position in 0..<operations {
      let moment = Int64(position + 1) * 1_000
      let client = Int(random.next(below: clients))
      // A client does one operation at a time, so the last one must have ended.
      guard free[client] < moment else { continue }
      let started = max(free[client] + 1, moment - Int64(random.next(below: 4_000)))
      let ended = moment + Int64(random.next(below: 4_000))
      free[client] = ended
      let number = random.next(below: keys)
      let key = Key("k\(number)")
      let values = distinct ? [Array("v\(2 * position)".utf8), Array("v\(2 * position + 1)".utf8)] : Execution.values
      let operation = Execution.draw(key, models[key]?.value, values, &random)
      let fate: Fate =
        switch random.next(below: 20) {
        case 0..<3 where number >= sure: .doneUnseen
        case 3 where number >= sure: .lost
        case 4: .failed
        default: .answered
        }
      let act = Act(
        client: UInt64(client + 1), sequence: UInt64(position + 1), operation: operation,
        times: started...ended, fate: fate)
      if act.takesEffect { _ = models[key, default: RegisterModel()].execute(operation) }
      acts.append(act)
    }
  }

  static let values: [Value] = ["x", "1", "2"].map { Array($0.utf8) }

  private static func draw(_ key: Key, _ present: Value?, _ values: [Value], _ random: inout RandomSource) -> Operation
  {
    func value() -> Value { values[Int(random.next(below: UInt64(values.count)))] }
    switch random.next(below: 20) {
    case 0..<4: return .get(key)
    case 4..<7: return .put(key, value())
    case 7..<9: return .delete(key)
    case 9..<12: return .compareAndSwap(key, expected: random.next(below: 3) == 0 ? value() : present, new: value())
    case 12..<14: return .increment(key, by: random.next(below: 8) == 0 ? .max : 1)
    case 14..<16: return .append(key, value())
    case 16: return .exchange(key, value(), .always)
    case 17: return .exchange(key, value(), .ifAbsent)
    default: return .length(key)
    }
  }

  /// What the clients recorded; `skipped` is acknowledged without taking effect, and `repeated` takes effect again
  /// right behind another operation.
  func records(skipping skipped: Int? = nil, repeating repeated: (act: Int, behind: Int)? = nil) -> [OperationRecord] {
    var models: [Key: RegisterModel] = [:]
    var records: [OperationRecord] = []
    for (position, act) in acts.enumerated() {
      let key = act.operation.key
      var model = models[key, default: RegisterModel()]
      let result = model.execute(act.operation)
      if act.takesEffect, position != skipped { models[key] = model }
      if let repeated, repeated.behind == position {
        _ = models[acts[repeated.act].operation.key, default: RegisterModel()].execute(acts[repeated.act].operation)
      }
      let outcome: OperationRecord.Outcome =
        switch act.fate {
        case .answered: .ok(result)
        case .failed: .failed
        case .lost, .doneUnseen: .unknown
        }
      records.append(record(act.client, act.sequence, act.operation, act.times, outcome))
    }
    return records
  }
}
