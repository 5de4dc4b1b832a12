import Foundation
import KeyValue
import Raft
import Server
import Testing
import Workload

@testable import Verification

private let k = Key("k")
private let a: Value = Array("a".utf8)
private let b: Value = Array("b".utf8)
private let one: Value = Array("1".utf8)
private let two: Value = Array("2".utf8)

/// A small set of things that can happen to a key, each an operation and its outcome.
struct Family: Sendable, CustomTestStringConvertible {
  typealias Event = (operation: KeyValue.Operation, outcome: OperationRecord.Outcome)
  var testDescription: String
  var initial: Value?
  var events: [Event]
  /// The number of operations in a history.
  var length: Int

  /// One event of everything that the others try more closely.
  static let everything = Family(
    testDescription: "everything", initial: nil,
    events: [
      (.get(k), .ok(.value(nil))), (.get(k), .ok(.value(a))), (.get(k), .ok(.value(one))), (.put(k, a), .ok(.stored)),
      (.put(k, one), .unknown), (.put(k, a), .failed), (.delete(k), .ok(.deleted(existed: true))),
      (.delete(k), .ok(.deleted(existed: false))), (.delete(k), .unknown),
      (.compareAndSwap(k, expected: a, new: one), .ok(.swapped(true, found: nil))),
      (.compareAndSwap(k, expected: a, new: one), .ok(.swapped(false, found: nil))),
      (.compareAndSwap(k, expected: a, new: one), .ok(.swapped(false, found: one))),
      (.compareAndSwap(k, expected: a, new: b), .ok(.refused(.tooLarge))),
      (.compareAndSwap(k, expected: nil, new: one), .unknown), (.increment(k, by: 1), .ok(.incremented(1))),
      (.increment(k, by: 1), .ok(.incremented(2))), (.increment(k, by: 0), .ok(.refused(.notAnInteger))),
      (.increment(k, by: .max), .ok(.refused(.overflow))), (.increment(k, by: -1), .unknown),
      (.append(k, a), .ok(.appended(length: 1))), (.append(k, one), .ok(.appended(length: 2))),
      (.append(k, a), .unknown),
    ], length: 3)

  static let registers: [Event] = [
    (.get(k), .ok(.value(nil))), (.get(k), .ok(.value(a))), (.get(k), .ok(.value(b))), (.put(k, a), .ok(.stored)),
    (.put(k, b), .ok(.stored)), (.put(k, a), .unknown), (.put(k, b), .unknown),
  ]
  static let deletes: [Event] = [
    (.get(k), .ok(.value(nil))), (.get(k), .ok(.value(a))), (.put(k, a), .ok(.stored)), (.put(k, b), .unknown),
    (.delete(k), .ok(.deleted(existed: true))), (.delete(k), .ok(.deleted(existed: false))), (.delete(k), .unknown),
  ]
  static let swaps: [Event] = [
    (.get(k), .ok(.value(b))), (.put(k, a), .ok(.stored)),
    (.compareAndSwap(k, expected: a, new: b), .ok(.swapped(true, found: nil))),
    (.compareAndSwap(k, expected: a, new: b), .ok(.swapped(false, found: nil))),
    (.compareAndSwap(k, expected: a, new: b), .ok(.swapped(false, found: b))),
    (.compareAndSwap(k, expected: b, new: a), .unknown), (.compareAndSwap(k, expected: nil, new: b), .unknown),
  ]
  static let counters: [Event] = [
    (.get(k), .ok(.value(nil))), (.get(k), .ok(.value(two))), (.increment(k, by: 1), .ok(.incremented(1))),
    (.increment(k, by: 1), .ok(.incremented(2))), (.increment(k, by: 1), .unknown), (.put(k, one), .unknown),
    (.delete(k), .ok(.deleted(existed: true))),
  ]
  static let appends: [Event] = [
    (.get(k), .ok(.value(a + b))), (.get(k), .ok(.value(b))), (.append(k, a), .ok(.appended(length: 1))),
    (.append(k, b), .ok(.appended(length: 2))), (.append(k, a), .unknown), (.append(k, b), .unknown),
    (.delete(k), .unknown),
  ]

  static let all: [Family] =
    [everything, make("everything, from a value", from: a, everything.events, 3)]
    + [("registers", registers), ("deletes", deletes), ("swaps", swaps), ("counters", counters), ("appends", appends)]
    .map { make($0.0, from: nil, $0.1, 4) }

  private static func make(_ name: String, from initial: Value?, _ events: [Event], _ length: Int) -> Family {
    Family(testDescription: name, initial: initial, events: events, length: length)
  }
}

/// All ways in which operations can lie in time, as intervals; operations are counted by their calls.
enum Intervals {
  /// With no two moments equal: for 4 operations there are 105 ways.
  static func distinct(_ count: Int) -> [[ClosedRange<Int64>]] {
    var ways: [[ClosedRange<Int64>]] = []
    var starts: [Int64] = []
    var ends = [Int64](repeating: -1, count: count)
    func extend(_ time: Int64) {
      if time == Int64(2 * count) {
        ways.append(zip(starts, ends).map { $0...$1 })
        return
      }
      if starts.count < count {
        starts.append(time)
        extend(time + 1)
        starts.removeLast()
      }
      for operation in starts.indices where ends[operation] < 0 {
        ends[operation] = time
        extend(time + 1)
        ends[operation] = -1
      }
    }
    extend(0)
    return ways
  }

  /// Among few moments, so that many of them are equal.
  static func touching(_ count: Int, moments: Int64) -> [[ClosedRange<Int64>]] {
    let single = (0..<moments).flatMap { start in (start..<moments).map { start...$0 } }
    return (0..<count).reduce([[]]) { ways, _ in ways.flatMap { way in single.map { way + [$0] } } }
  }
}

/// Every history of a family is one number; a sample of them is tried, and all when `ERAFT_EXHAUSTIVE` is 1.
private func stride(_ sampling: Int) -> Int {
  ProcessInfo.processInfo.environment["ERAFT_EXHAUSTIVE"] == "1" ? 1 : sampling
}

@Test("Small histories, one after the other: the checker agrees with trying every order", arguments: Family.all)
func smallHistories(_ family: Family) {
  let ways = Intervals.distinct(family.length)
  var tally = Tally()
  var number = 0
  let count = ways.count * family.count
  while number < count {
    let (code, way) = number.quotientAndRemainder(dividingBy: ways.count)
    let records = family.records(code, ways[way], clients: Array(1...family.length))
    tally.add(records, initial: family.initial)
    number += stride(197)
  }
  tally.expectAgreement(atLeast: count / stride(197) / 100)
}

@Test("Small histories in which moments are equal: the checker agrees with trying every order", arguments: Family.all)
func touchingHistories(_ family: Family) {
  let ways = Intervals.touching(3, moments: 3)
  let clients = [[1, 1, 1], [1, 1, 2], [1, 2, 1], [1, 2, 2], [1, 2, 3]]
  var family = family
  family.length = 3
  var tally = Tally()
  var number = 0
  let count = ways.count * clients.count * family.count
  // Primes, so that the sample goes through everything that the number is made of.
  let sampling = stride(count > 1_000_000 ? 4_999 : 397)
  while number < count {
    let (rest, way) = number.quotientAndRemainder(dividingBy: ways.count)
    let (code, owner) = rest.quotientAndRemainder(dividingBy: clients.count)
    tally.add(family.records(code, ways[way], clients: clients[owner]), initial: family.initial)
    number += sampling
  }
  tally.expectAgreement(atLeast: count / sampling / 100)
}

extension Family {
  /// How many histories there are, for one way to lie in time.
  var count: Int { (0..<length).reduce(1) { product, _ in product * events.count } }

  /// The history with a number.
  func records(_ code: Int, _ times: [ClosedRange<Int64>], clients: [Int]) -> [OperationRecord] {
    var rest = code
    return times.enumerated().map { place, time in
      let event = events[rest % events.count]
      rest /= events.count
      return record(UInt64(clients[place]), UInt64(place + 1), event.operation, time, event.outcome)
    }
  }
}

/// Verdicts of the checker against those of the oracles.
struct Tally {
  var linearizable = 0
  var violations = 0
  var wrong: [String] = []

  mutating func add(_ records: [OperationRecord], initial: Value? = nil) {
    let expected = BruteForce.isLinearizable(records, initial: initial)
    let found = verdict(of: records, initial: initial)
    if expected { linearizable += 1 } else { violations += 1 }
    if (found == .linearizable) != expected || (!expected && !found.isViolation) {
      note("\(found) of what is \(expected ? "" : "not ")linearizable", records)
    }
  }

  private mutating func note(_ what: String, _ records: [OperationRecord]) {
    let lines = records.map { record in
      "  \(record.client.rawValue) #\(record.sequence.rawValue) \(record.started.nanoseconds)..."
        + "\(record.ended.nanoseconds) \(record.operation) \(record.outcome)"
    }
    wrong.append(([what] + lines).joined(separator: "\n"))
  }

  func expectAgreement(atLeast least: Int) {
    let shown = wrong.prefix(3).joined(separator: "\n")
    #expect(wrong.isEmpty, "\(wrong.count) wrong of \(linearizable + violations)\n\(shown)")
    #expect(linearizable >= least, "linearizable: \(linearizable) of \(linearizable + violations)")
    #expect(violations >= least, "violations: \(violations)")
  }
}
