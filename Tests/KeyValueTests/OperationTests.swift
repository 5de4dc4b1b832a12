import Raft
import Testing

@testable import KeyValue

@Suite("What each operation does")
struct OperationTests {
  struct Case: Sendable {
    var name: String
    var before: String?
    var operation: Operation
    var result: OperationResult
    var after: String?
  }

  static let key = Key("k")
  static let other = Key("o")
  static let cases: [Case] = [
    Case(name: "get absent", operation: .get(key), result: .value(nil)),
    Case(name: "get", before: "a", operation: .get(key), result: .value(bytes("a")), after: "a"),
    Case(name: "put", operation: .put(key, bytes("b")), result: .stored, after: "b"),
    Case(name: "put over", before: "a", operation: .put(key, bytes("b")), result: .stored, after: "b"),
    Case(
      name: "put too large", before: "a", operation: .put(key, bytes("123456789012345678901")),
      result: .refused(.tooLarge), after: "a"),
    Case(name: "put long key", operation: .put(Key("123456789"), []), result: .refused(.tooLarge)),
    Case(name: "delete absent", operation: .delete(key), result: .deleted(existed: false)),
    Case(name: "delete", before: "a", operation: .delete(key), result: .deleted(existed: true)),
    Case(
      name: "swap absent", operation: .compareAndSwap(key, expected: nil, new: bytes("n")),
      result: .swapped(true, found: nil), after: "n"),
    Case(
      name: "swap", before: "a", operation: .compareAndSwap(key, expected: bytes("a"), new: bytes("n")),
      result: .swapped(true, found: nil), after: "n"),
    Case(
      name: "swap other", before: "a", operation: .compareAndSwap(key, expected: bytes("b"), new: bytes("n")),
      result: .swapped(false, found: bytes("a")), after: "a"),
    Case(
      name: "swap present for absent", before: "", operation: .compareAndSwap(key, expected: nil, new: bytes("n")),
      result: .swapped(false, found: []), after: ""),
    Case(
      name: "swap absent for present", operation: .compareAndSwap(key, expected: [], new: bytes("n")),
      result: .swapped(false, found: nil)),
    Case(name: "increment absent", operation: .increment(key, by: -3), result: .incremented(-3), after: "-3"),
    Case(name: "increment", before: "41", operation: .increment(key, by: 1), result: .incremented(42), after: "42"),
    Case(
      name: "increment lowest", before: "-9223372036854775808", operation: .increment(key, by: .max),
      result: .incremented(-1), after: "-1"),
    Case(
      name: "increment overflow", before: "9223372036854775807", operation: .increment(key, by: 1),
      result: .refused(.overflow), after: "9223372036854775807"),
    Case(
      name: "increment text", before: "4x", operation: .increment(key, by: 1), result: .refused(.notAnInteger),
      after: "4x"),
    Case(
      name: "increment empty", before: "", operation: .increment(key, by: 1), result: .refused(.notAnInteger),
      after: ""),
    Case(
      name: "increment sign", before: "-", operation: .increment(key, by: 1), result: .refused(.notAnInteger),
      after: "-"),
    Case(
      name: "increment 65 bits", before: "9223372036854775808", operation: .increment(key, by: 1),
      result: .refused(.notAnInteger), after: "9223372036854775808"),
    Case(
      name: "exchange absent", operation: .exchange(key, bytes("n"), .always), result: .exchanged(true, old: nil),
      after: "n"),
    Case(
      name: "exchange", before: "a", operation: .exchange(key, bytes("n"), .always),
      result: .exchanged(true, old: bytes("a")), after: "n"),
    Case(
      name: "exchange if absent", operation: .exchange(key, bytes("n"), .ifAbsent),
      result: .exchanged(true, old: nil), after: "n"),
    Case(
      name: "exchange present if absent", before: "", operation: .exchange(key, bytes("n"), .ifAbsent),
      result: .exchanged(false, old: []), after: ""),
    Case(
      name: "exchange if present", before: "a", operation: .exchange(key, bytes("n"), .ifPresent),
      result: .exchanged(true, old: bytes("a")), after: "n"),
    Case(
      name: "exchange absent if present", operation: .exchange(key, bytes("n"), .ifPresent),
      result: .exchanged(false, old: nil)),
    Case(
      name: "exchange for too much", before: "a", operation: .exchange(key, Array(repeating: 0, count: 21), .always),
      result: .refused(.tooLarge), after: "a"),
    Case(
      name: "exchange for too much on a condition that fails", before: "a",
      operation: .exchange(key, Array(repeating: 0, count: 21), .ifAbsent),
      result: .exchanged(false, old: bytes("a")), after: "a"),
    Case(name: "length absent", operation: .length(key), result: .length(0)),
    Case(name: "length", before: "abc", operation: .length(key), result: .length(3), after: "abc"),
    Case(
      name: "get many", before: "a", operation: .getMany(NonEmpty([other, key, key])!),
      result: .values([nil, bytes("a"), bytes("a")]), after: "a"),
    Case(
      name: "count present", before: "a", operation: .countPresent(NonEmpty([other, key, key])!),
      result: .present(2), after: "a"),
    Case(
      name: "put many", before: "a",
      operation: .putMany(
        NonEmpty([KeyedValue(key, bytes("b")), KeyedValue(other, []), KeyedValue(key, bytes("c"))])!),
      result: .stored, after: "c"),
    Case(
      name: "put many, one of them too much", before: "a",
      operation: .putMany(NonEmpty([KeyedValue(key, bytes("b")), KeyedValue(other, Array(repeating: 0, count: 21))])!),
      result: .refused(.tooLarge), after: "a"),
    Case(
      name: "delete many", before: "a", operation: .deleteMany(NonEmpty([other, key, key])!), result: .removed(1)),
    Case(name: "append absent", operation: .append(key, bytes("a")), result: .appended(length: 1), after: "a"),
    Case(name: "append", before: "a", operation: .append(key, bytes("bc")), result: .appended(length: 3), after: "abc"),
    Case(
      name: "append too large", before: "12345678901234567890", operation: .append(key, bytes("1")),
      result: .refused(.tooLarge), after: "12345678901234567890"),
  ]

  @Test(arguments: cases.indices)
  func semantics(_ number: Int) {
    let test = OperationTests.cases[number]
    var store = TestStore(StoreLimits(keyBytes: 8, valueBytes: 20))
    if let before = test.before { store.apply(1, 1, .put(OperationTests.key, bytes(before))) }
    #expect(store.run(test.operation) == test.result, "\(test.name)")
    #expect(store.store.read(OperationTests.key) == test.after.map(bytes), "\(test.name)")
  }

  @Test("A random history gives what a plain dictionary gives")
  func agreesWithDictionary() {
    var random = RandomSource(seed: 5)
    var store = TestStore()
    var model: [Key: Value] = [:]
    let probes = (0..<12).map { Key("k\($0)") }
    for _ in 0..<2_000 {
      let operation = random.operation(keys: 12)
      _ = store.run(operation)
      switch operation {
      case .get, .length, .getMany, .countPresent: break
      case .put(let key, let value): model[key] = value
      case .delete(let key): model[key] = nil
      case .compareAndSwap(let key, let expected, let new): if model[key] == expected { model[key] = new }
      case .increment(let key, let amount):
        if let old = model[key] {
          if let number = Int64(String(decoding: old, as: UTF8.self)), !old.contains(UInt8(ascii: "+")) {
            model[key] = bytes(String(number + amount))
          }
        } else {
          model[key] = bytes(String(amount))
        }
      case .append(let key, let more): model[key, default: []] += more
      case .exchange(let key, let value, .always): model[key] = value
      case .exchange(let key, let value, .ifAbsent): if model[key] == nil { model[key] = value }
      case .exchange(let key, let value, .ifPresent): if model[key] != nil { model[key] = value }
      case .putMany(let pairs): for pair in pairs.elements { model[pair.key] = pair.value }
      case .deleteMany(let keys): for key in keys.elements { model[key] = nil }
      }
      #expect(store.store.answer(.values(NonEmpty(probes)!)) == .values(probes.map { model[$0] }))
    }
    let contents = store.store.sortedContents
    #expect(contents.map(\.key) == model.keys.sorted())
    #expect(contents.allSatisfy { model[$0.key] == $0.value })
  }
}
