import KeyValue
import Raft
import Testing
import Workload

@testable import Verification

private let k = Key("k")

/// Writes of unknown outcome under way on one key all the time, of which others see some or none.
struct OpenWrites: Sendable, CustomTestStringConvertible {
  var testDescription: String
  var records: [OperationRecord]
  /// A last read that nothing explains.
  var impossible: Value

  static let all = [puts, putsAndDeletes, increments, appends, swaps]

  private static func text(_ number: Int) -> Value { Array("\(number);".utf8) }

  private static func lost(_ count: Int, _ operation: (Int) -> Operation) -> [OperationRecord] {
    (0..<count).map { record(UInt64($0 + 1), operation($0), 0...1, .unknown) }
  }

  private static func reads(_ values: [Value?]) -> [OperationRecord] {
    values.enumerated().map { place, value in
      record(1_000, UInt64(place), .get(k), Int64(10 * place + 10)...Int64(10 * place + 15), .ok(.value(value)))
    }
  }

  static let puts = OpenWrites(
    testDescription: "puts", records: lost(200) { .put(k, text($0)) } + reads((0..<100).map { text($0 * 2) }),
    impossible: text(0))

  /// The deletes in between found something, whatever it was.
  static let putsAndDeletes = OpenWrites(
    testDescription: "puts and deletes",
    records: lost(200) { .put(k, text($0)) }
      + (0..<50).map { place in
        let time = Int64(10 * place + 10)
        return record(2_000, UInt64(place), .delete(k), time...(time + 5), .ok(.deleted(existed: true)))
      },
    impossible: text(500))

  static let increments = OpenWrites(
    testDescription: "increments",
    records: lost(200) { _ in .increment(k, by: 1) } + reads((1..<50).map { Array("\($0 * 3)".utf8) }),
    impossible: Array("201".utf8))

  /// Each read sees three appends more.
  static let appends = OpenWrites(
    testDescription: "appends",
    records: lost(24) { .append(k, text($0 * 7 % 24)) } + reads((1...7).map { (0..<($0 * 3)).flatMap(text) }),
    impossible: (0..<24).reversed().flatMap(text))

  static let swaps = OpenWrites(
    testDescription: "swaps",
    records: lost(200) { .compareAndSwap(k, expected: $0 == 0 ? nil : text($0 - 1), new: text($0)) }
      + reads((0..<60).map { text($0 * 3) }),
    impossible: text(0))
}

@Test("Many writes of unknown outcome on one key are decided, and quickly", arguments: OpenWrites.all)
func openWrites(_ open: OpenWrites) {
  #expect(verdict(of: open.records) == .linearizable)
  let late = record(3_000, .get(k), 10_000...10_001, .ok(.value(open.impossible)))
  var history = History()
  for record in open.records + [late] { history.append(record) }
  let report = LinearizabilityChecker().check(history)
  if case .violation = report.verdict {} else { Issue.record("\(report.verdict)") }
  #expect(report.steps < 100_000)
}

/// Increments of unknown outcome of which every choice leaves another sum, and a read that no choice explains.
private func sums(_ count: Int) -> [OperationRecord] {
  (0..<count).map { record(UInt64($0 + 1), .increment(k, by: 1 << Int64($0)), 0...100, .unknown) }
    + [record(100, .get(k), 200...300, .ok(.value(Array("\(1 << count)".utf8))))]
}

@Test("Without steps or memory left the checker says that it does not know")
func budgets() {
  var limits = LinearizabilityChecker.Limits()
  #expect(verdict(of: sums(8)).isViolation)
  limits.stepsPerKey = 10
  expectUnknown(limits) { if case .steps = $0 { true } else { false } }
  limits = LinearizabilityChecker.Limits()
  limits.configurations = 10
  expectUnknown(limits) { if case .configurations(let key, limit: 10) = $0 { key == k } else { false } }
  limits = LinearizabilityChecker.Limits()
  limits.steps = 0
  expectUnknown(limits) { if case .steps = $0 { true } else { false } }
  limits.steps = .max
  limits.stepsPerKey = .max
  limits.configurations = .max
  #expect(verdict(of: sums(8), limits: limits).isViolation)
}

private func expectUnknown(
  _ limits: LinearizabilityChecker.Limits, _ isRight: (LinearizabilityVerdict.UnknownReason) -> Bool
) {
  let verdict = verdict(of: sums(10), limits: limits)
  guard case .unknown(let reason) = verdict, isRight(reason) else {
    Issue.record("a limit was not kept: \(verdict)")
    return
  }
}

@Test("A key that was given up does not hide another one's violation, nor pass")
func givenUp() {
  var limits = LinearizabilityChecker.Limits()
  limits.configurations = 10
  let fine = record(1, .put(Key("fine"), [1]), 0...1, .ok(.stored))
  let bad = record(1, .get(Key("bad")), 0...1, .ok(.value([1])))
  if case .unknown = verdict(of: sums(10) + [fine], limits: limits) {} else { Issue.record("passed") }
  #expect(verdict(of: sums(10) + [bad], limits: limits).isViolation)
}

@Test("The memory of configurations prefers those with fewer open operations, and counts what it keeps")
func memory() {
  var cache = ConfigurationCache()
  var looks = 0
  cache.clear(words: 2)
  func insert(_ low: UInt64, _ open: ContiguousArray<UInt64>) -> Bool {
    cache.insert(low: low, high: 1, open: open, looks: &looks)
  }
  #expect(insert(1, [0b0110, 1]))
  #expect(!insert(1, [0b0110, 1]))
  #expect(!insert(1, [0b1110, 3]))
  #expect(insert(1, [0b1110, 2]))
  #expect(insert(1, [0b0010, 0]))
  #expect(!insert(1, [0b1010, 0]))
  #expect(insert(2, [0b1010, 0]))
  #expect(cache.size == 4)
  for other in 10..<1_000 as Range<UInt64> { #expect(insert(other, [0, 0])) }
  #expect(cache.size == 994)
  #expect(!insert(1, [0b1010, 0]))
  cache.clear(words: 16)
  #expect(cache.size == 0)
  #expect(insert(1, ContiguousArray(repeating: 0, count: 16)))
  #expect(cache.size == 3)
}
