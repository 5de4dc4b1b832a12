import KeyValue
import Raft
import Server
import Testing
import Workload

@testable import Verification

private let k = Key("k")
private let l = Key("l")
private let a: Value = Array("a".utf8)
private let b: Value = Array("b".utf8)
private let one: Value = Array("1".utf8)

/// A small history with a name and its verdict known by thought.
struct KnownHistory: Sendable, CustomTestStringConvertible {
  var testDescription: String
  var isLinearizable: Bool
  var records: [OperationRecord]

  init(_ name: String, _ isLinearizable: Bool, _ records: [OperationRecord]) {
    testDescription = name
    self.isLinearizable = isLinearizable
    self.records = records
  }

  static let all: [KnownHistory] = reads + swaps + exchanges + counters + appends + unknowns + touching

  static let exchanges: [KnownHistory] = [
    KnownHistory(
      "an exchange tells what was there", true,
      [
        record(1, .put(k, a), 0...1, .ok(.stored)),
        record(1, .exchange(k, b, .always), 2...3, .ok(.exchanged(true, old: a))),
        record(1, .get(k), 4...5, .ok(.value(b))),
      ]),
    KnownHistory(
      "an exchange tells what never was there", false,
      [
        record(1, .put(k, a), 0...1, .ok(.stored)),
        record(1, .exchange(k, b, .always), 2...3, .ok(.exchanged(true, old: b))),
      ]),
    KnownHistory(
      "two exchanges of an absent key both find it absent", false,
      [
        record(1, .exchange(k, a, .ifAbsent), 0...3, .ok(.exchanged(true, old: nil))),
        record(2, .exchange(k, b, .ifAbsent), 0...3, .ok(.exchanged(true, old: nil))),
      ]),
    KnownHistory(
      "an exchange is done though its condition does not hold", false,
      [record(1, .exchange(k, a, .ifPresent), 0...1, .ok(.exchanged(true, old: nil)))]),
    KnownHistory(
      "an exchange is not done though its condition holds", false,
      [record(1, .exchange(k, a, .ifAbsent), 0...1, .ok(.exchanged(false, old: nil)))]),
    KnownHistory(
      "an exchange of unknown outcome was done", true,
      [record(1, .exchange(k, a, .ifAbsent), 0...1, .unknown), record(2, .get(k), 2...3, .ok(.value(a)))]),
    KnownHistory(
      "lengths of what was there", true,
      [
        record(1, .length(k), 0...1, .ok(.length(0))), record(1, .put(k, a), 2...3, .ok(.stored)),
        record(1, .length(k), 4...5, .ok(.length(1))),
      ]),
    KnownHistory(
      "a length that was over", false,
      [record(1, .put(k, a), 0...1, .ok(.stored)), record(1, .length(k), 2...3, .ok(.length(0)))]),
    KnownHistory(
      "a length after an append of unknown outcome", true,
      [
        record(1, .put(k, a), 0...1, .ok(.stored)), record(2, .append(k, b), 2...3, .unknown),
        record(1, .length(k), 4...5, .ok(.length(2))),
      ]),
  ]

  private static let both = NonEmpty([k, l])!

  static let several: [KnownHistory] = [
    KnownHistory(
      "several keys are put, seen, counted and removed", true,
      [
        record(1, .putMany(NonEmpty([KeyedValue(k, a), KeyedValue(l, b)])!), 0...1, .ok(.stored)),
        record(1, .getMany(both), 2...3, .ok(.values([a, b]))), record(1, .countPresent(both), 4...5, .ok(.present(2))),
        record(1, .deleteMany(both), 6...7, .ok(.removed(2))), record(1, .countPresent(both), 8...9, .ok(.present(0))),
      ]),
    KnownHistory(
      "one of several keys is seen as it was before", false,
      [
        record(1, .putMany(NonEmpty([KeyedValue(k, a), KeyedValue(l, b)])!), 0...1, .ok(.stored)),
        record(1, .getMany(both), 2...3, .ok(.values([a, nil]))),
      ]),
    KnownHistory(
      "a removed key is seen", false,
      [
        record(1, .put(k, a), 0...1, .ok(.stored)), record(1, .deleteMany(both), 2...3, .ok(.removed(1))),
        record(2, .get(k), 4...5, .ok(.value(a))),
      ]),
    KnownHistory(
      "nothing is counted though a key is there", false,
      [record(1, .put(k, a), 0...1, .ok(.stored)), record(1, .countPresent(both), 2...3, .ok(.present(0)))]),
    KnownHistory(
      "the last value of a key that is put twice stays", true,
      [
        record(1, .putMany(NonEmpty([KeyedValue(k, a), KeyedValue(k, b)])!), 0...1, .ok(.stored)),
        record(1, .get(k), 2...3, .ok(.value(b))),
      ]),
    KnownHistory(
      "more is removed than there are keys", false,
      [record(1, .put(k, a), 0...1, .ok(.stored)), record(1, .deleteMany(NonEmpty([k, k])!), 2...3, .ok(.removed(2)))]),
  ]

  static let reads: [KnownHistory] = [
    KnownHistory("nothing at all", true, []),
    KnownHistory("read of an absent key", true, [record(1, .get(k), 0...1, .ok(.value(nil)))]),
    KnownHistory("read of what nobody wrote", false, [record(1, .get(k), 0...1, .ok(.value(a)))]),
    KnownHistory(
      "stale read", false,
      [
        record(1, .put(k, a), 0...1, .ok(.stored)), record(1, .put(k, b), 2...3, .ok(.stored)),
        record(2, .get(k), 4...5, .ok(.value(a))),
      ]),
    KnownHistory(
      "two readers disagree on the order of concurrent writes", false,
      [
        record(1, .put(k, a), 0...10, .ok(.stored)), record(2, .put(k, b), 0...10, .ok(.stored)),
        record(3, .get(k), 11...12, .ok(.value(a))), record(4, .get(k), 13...14, .ok(.value(b))),
      ]),
    KnownHistory(
      "readers see concurrent writes one after the other", true,
      [
        record(1, .put(k, a), 0...10, .ok(.stored)), record(2, .put(k, b), 0...10, .ok(.stored)),
        record(3, .get(k), 2...3, .ok(.value(b))), record(4, .get(k), 4...5, .ok(.value(a))),
      ]),
    KnownHistory(
      "local reads promise nothing", true,
      [record(1, .put(k, a), 0...1, .ok(.stored)), record(2, .get(k), 2...3, .ok(.value(nil)), .local)]),
    KnownHistory(
      "delete says what it found", true,
      [record(1, .put(k, a), 0...1, .ok(.stored)), record(2, .delete(k), 2...3, .ok(.deleted(existed: true)))]),
    KnownHistory(
      "delete found what was not there", false, [record(2, .delete(k), 2...3, .ok(.deleted(existed: true)))]),
    KnownHistory("an answer of another operation", false, [record(1, .put(k, a), 0...1, .ok(.value(nil)))]),
    KnownHistory(
      "a refused write leaves nothing", true,
      [
        record(1, .put(k, a), 0...1, .ok(.refused(.tooLarge))), record(1, .get(k), 2...3, .ok(.value(nil))),
      ]),
  ]

  static let swaps: [KnownHistory] = [
    KnownHistory(
      "one of two swaps wins", true,
      [
        record(1, .compareAndSwap(k, expected: nil, new: a), 0...5, .ok(.swapped(true, found: nil))),
        record(2, .compareAndSwap(k, expected: nil, new: b), 0...5, .ok(.swapped(false, found: a))),
      ]),
    KnownHistory(
      "both swaps win", false,
      [
        record(1, .compareAndSwap(k, expected: nil, new: a), 0...5, .ok(.swapped(true, found: nil))),
        record(2, .compareAndSwap(k, expected: nil, new: b), 0...5, .ok(.swapped(true, found: nil))),
      ]),
    KnownHistory(
      "a swap fails although it found what it expected", false,
      [record(1, .compareAndSwap(k, expected: nil, new: a), 0...5, .ok(.swapped(false, found: nil)))]),
    KnownHistory(
      "a swap that was done also tells what it found", false,
      [record(1, .compareAndSwap(k, expected: nil, new: a), 0...5, .ok(.swapped(true, found: a)))]),
    KnownHistory(
      "a failed swap found what was there", false,
      [
        record(1, .put(k, a), 0...1, .ok(.stored)),
        record(2, .compareAndSwap(k, expected: nil, new: b), 2...3, .ok(.swapped(false, found: b))),
      ]),
    KnownHistory(
      "a swap of unknown outcome happens after its client's next operation", true,
      [
        record(1, 1, .put(k, a), 0...1, .ok(.stored)),
        record(1, 2, .compareAndSwap(k, expected: a, new: b), 2...3, .unknown),
        record(1, 3, .get(k), 4...5, .ok(.value(a))), record(2, 1, .get(k), 6...7, .ok(.value(b))),
      ]),
    KnownHistory(
      "a swap of unknown outcome that found something else never happens", false,
      [
        record(1, 1, .put(k, b), 0...1, .ok(.stored)),
        record(1, 2, .compareAndSwap(k, expected: a, new: one), 2...3, .unknown),
        record(2, 1, .get(k), 6...7, .ok(.value(one))),
      ]),
  ]

  static let counters: [KnownHistory] = [
    KnownHistory(
      "increments count up", true,
      [
        record(1, .increment(k, by: 1), 0...5, .ok(.incremented(2))),
        record(2, .increment(k, by: 1), 0...5, .ok(.incremented(1))), record(3, .get(k), 6...7, .ok(.value([0x32]))),
      ]),
    KnownHistory(
      "an increment is lost", false,
      [
        record(1, .increment(k, by: 1), 0...5, .ok(.incremented(1))),
        record(2, .increment(k, by: 1), 0...5, .ok(.incremented(1))),
      ]),
    KnownHistory(
      "an increment counts twice", false,
      [
        record(1, .increment(k, by: 1), 0...1, .ok(.incremented(1))), record(1, .get(k), 2...3, .ok(.value([0x32]))),
      ]),
    KnownHistory(
      "no integer", true,
      [
        record(1, .put(k, a), 0...1, .ok(.stored)),
        record(1, .increment(k, by: 1), 2...3, .ok(.refused(.notAnInteger))),
      ]),
    KnownHistory(
      "an integer is refused as none", false,
      [
        record(1, .put(k, one), 0...1, .ok(.stored)),
        record(1, .increment(k, by: 1), 2...3, .ok(.refused(.notAnInteger))),
      ]),
    KnownHistory(
      "overflow", true,
      [
        record(1, .increment(k, by: .max), 0...1, .ok(.incremented(.max))),
        record(1, .increment(k, by: 1), 2...3, .ok(.refused(.overflow))),
      ]),
    KnownHistory("overflow from nothing", false, [record(1, .increment(k, by: 1), 2...3, .ok(.refused(.overflow)))]),
  ]

  static let appends: [KnownHistory] = [
    KnownHistory(
      "appends in the order that the reader saw", true,
      [
        record(1, .append(k, a), 0...5, .ok(.appended(length: 2))),
        record(2, .append(k, b), 0...5, .ok(.appended(length: 1))), record(3, .get(k), 6...7, .ok(.value(b + a))),
      ]),
    KnownHistory(
      "appends in the other order", false,
      [
        record(1, .append(k, a), 0...5, .ok(.appended(length: 2))),
        record(2, .append(k, b), 0...5, .ok(.appended(length: 1))), record(3, .get(k), 6...7, .ok(.value(a + b))),
      ]),
    KnownHistory(
      "an append spells an integer", true,
      [
        record(1, .put(k, one), 0...1, .ok(.stored)), record(1, .append(k, one), 2...3, .ok(.appended(length: 2))),
        record(1, .increment(k, by: -12), 4...5, .ok(.incremented(-1))),
      ]),
  ]

  static let unknowns: [KnownHistory] = [
    KnownHistory(
      "a write of unknown outcome is seen late", true,
      [
        record(1, .put(k, a), 0...1, .unknown), record(2, .get(k), 2...3, .ok(.value(nil))),
        record(2, .get(k), 9...9, .ok(.value(a))),
      ]),
    KnownHistory(
      "a write of unknown outcome is seen and unseen", false,
      [
        record(1, .put(k, a), 0...1, .unknown), record(2, .get(k), 2...3, .ok(.value(a))),
        record(2, .get(k), 4...5, .ok(.value(nil))),
      ]),
    KnownHistory(
      "a write of unknown outcome is seen before it was asked for", false,
      [record(2, .get(k), 2...3, .ok(.value(a))), record(1, .put(k, a), 4...5, .unknown)]),
    KnownHistory(
      "a failed write is seen", false,
      [
        record(1, .put(k, a), 0...1, .failed), record(2, .get(k), 2...3, .ok(.value(a))),
      ]),
    KnownHistory("a read of unknown outcome", true, [record(1, .get(k), 0...1, .unknown)]),
    KnownHistory(
      "two unknown increments explain a jump", true,
      [
        record(1, .increment(k, by: 1), 0...1, .unknown), record(2, .increment(k, by: 1), 0...1, .unknown),
        record(3, .increment(k, by: 1), 5...6, .ok(.incremented(3))),
      ]),
    KnownHistory(
      "two unknown increments do not explain a jump of three", false,
      [
        record(1, .increment(k, by: 1), 0...1, .unknown), record(2, .increment(k, by: 1), 0...1, .unknown),
        record(3, .increment(k, by: 1), 5...6, .ok(.incremented(4))),
      ]),
    KnownHistory(
      "an unknown delete and an unknown swap", true,
      [
        record(1, .put(k, a), 0...1, .ok(.stored)), record(2, .delete(k), 2...3, .unknown),
        record(3, .compareAndSwap(k, expected: nil, new: b), 4...5, .unknown),
        record(4, .get(k), 6...7, .ok(.value(b))),
      ]),
  ]

  static let touching: [KnownHistory] = [
    KnownHistory(
      "operations of two clients that touch are concurrent", true,
      [
        record(1, 1, .put(k, a), 0...5, .ok(.stored)), record(2, 1, .get(k), 5...9, .ok(.value(nil))),
      ]),
    KnownHistory(
      "operations of one client that touch are not", false,
      [
        record(1, 1, .put(k, a), 0...5, .ok(.stored)), record(1, 2, .get(k), 5...9, .ok(.value(nil))),
      ]),
    KnownHistory(
      "two operations of a client end in the moment in which its third begins", false,
      [
        record(1, 1, .put(k, a), 5...5, .ok(.stored)), record(1, 2, .get(k), 0...5, .ok(.value(nil))),
        record(1, 3, .get(k), 5...9, .ok(.value(nil))),
      ]),
    KnownHistory(
      "of two lost writes of one moment, only the one by another client may come before", true,
      [
        record(1, 1, .get(k), 5...5, .ok(.value(a))), record(1, 2, .put(k, a), 5...6, .unknown),
        record(2, 1, .put(k, a), 5...6, .unknown),
      ]),
    KnownHistory(
      "of two equal deletes, only the one that its client's next write touches can come first", true,
      [
        record(3, 1, .put(k, a), 0...1, .ok(.stored)), record(2, 1, .delete(k), 2...5, .ok(.deleted(existed: true))),
        record(1, 1, .delete(k), 2...5, .ok(.deleted(existed: true))), record(1, 2, .put(k, b), 5...6, .ok(.stored)),
      ]),
    KnownHistory(
      "of two equal deletes, only the one that its client's next write touches can come first, asked in the other order",
      true,
      [
        record(3, 1, .put(k, a), 0...1, .ok(.stored)), record(1, 1, .delete(k), 2...5, .ok(.deleted(existed: true))),
        record(2, 1, .delete(k), 2...5, .ok(.deleted(existed: true))), record(1, 2, .put(k, b), 5...6, .ok(.stored)),
      ]),
    KnownHistory(
      "two equal deletes, each by a client whose next write it touches, find one value between them", false,
      [
        record(3, 1, .put(k, a), 0...1, .ok(.stored)), record(2, 1, .delete(k), 2...5, .ok(.deleted(existed: true))),
        record(1, 1, .delete(k), 2...4, .ok(.deleted(existed: true))), record(2, 2, .put(k, b), 5...6, .ok(.stored)),
      ]),
    KnownHistory(
      "answers at the end of time are answers", false,
      [
        record(1, .put(k, a), 0...1, .ok(.stored)), record(2, .get(k), 2...(.max), .ok(.value(b))),
        record(3, .get(k), .max...(.max), .ok(.value(a))),
      ]),
  ]
}

@Test("Histories whose verdict is known", arguments: KnownHistory.all)
func knownHistory(_ history: KnownHistory) {
  let verdict = verdict(of: history.records)
  #expect(verdict.isViolation == !history.isLinearizable)
  #expect(BruteForce.isLinearizable(history.records) == history.isLinearizable)
}

@Test("A violation names the key, the state and the operations that are stuck")
func violationText() throws {
  let records = [
    record(1, .put(k, a), 0...1_000_000, .ok(.stored)), record(2, .get(k), 2_000_000...3_500_000, .ok(.value(b))),
  ]
  guard case .violation(let violation) = verdict(of: records) else {
    Issue.record("the stale read was not found")
    return
  }
  #expect(violation.key == k)
  #expect(violation.operations == 2)
  #expect(
    violation.lines == [
      "key k: 1 of 2 operations can be ordered; then the key holds \"a\"",
      "  placed: client 1 #1: put \"a\" (invoked 0.000000 ms, returned 1.000000 ms)",
      "  stuck:  client 2 #1: saw \"b\" (invoked 2.000000 ms, returned 3.500000 ms)",
    ])
}

@Test("Operations over several keys count as one on each", arguments: KnownHistory.several)
func knownSeveral(history: KnownHistory) {
  #expect(verdict(of: history.records).isViolation == !history.isLinearizable)
}

@Test("A key may hold something before the first operation")
func initialValue() {
  #expect(verdict(of: [record(1, .get(k), 0...1, .ok(.value(a)))], initial: a) == .linearizable)
  #expect(verdict(of: [record(1, .get(k), 0...1, .ok(.value(nil)))], initial: a).isViolation)
}

@Test("What is left out is counted")
func counts() {
  var history = History()
  history.append(record(1, .get(k), 0...1, .ok(.value(a)), .local))
  history.append(record(1, .get(k), 0...1, .unknown))
  history.append(record(1, .put(k, a), 0...1, .failed))
  history.append(record(1, .put(k, a), 0...1, .unknown))
  history.append(record(1, .get(k), 0...1, .ok(.value(nil))))
  let counts = LinearizabilityChecker().check(history).counts
  #expect(counts.checked == 2)
  #expect(counts.open == 1)
  #expect(counts.localReads == 1)
  #expect(counts.unknownReads == 1)
  #expect(counts.failed == 1)
}
