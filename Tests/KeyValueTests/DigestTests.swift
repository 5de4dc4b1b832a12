import Raft
import Testing

@testable import KeyValue

@Suite("Digests")
struct DigestTests {
  @Test("Equal contents have equal digests, whatever way they came about")
  func independentOfHistory() {
    var (first, second) = (TestStore(), TestStore())
    for number in 0..<50 { first.apply(1, UInt64(number + 1), .put(Key("k\(number)"), bytes("v\(number)"))) }
    for number in (0..<50).reversed() {
      let base = UInt64(3 * (50 - number))
      second.apply(1, base, .put(Key("k\(number)"), bytes("other")))
      second.apply(1, base + 1, .append(Key("k\(number)"), bytes("?")))
      second.apply(1, base + 2, .put(Key("k\(number)"), bytes("v\(number)")))
    }
    second.apply(1, 1_000, .put(Key("extra"), []))
    #expect(first.store.contentDigest != second.store.contentDigest)
    second.apply(1, 1_001, .delete(Key("extra")))
    #expect(first.store.contentDigest == second.store.contentDigest)
    #expect(first.store.digest != second.store.digest, "the sessions differ")
  }

  @Test("The incremental digest equals that of a store built from the contents")
  func incrementalEqualsRebuilt() throws {
    for seed in 0..<5 as Range<UInt64> {
      let test = randomStore(seed: seed, commands: 200, keys: 10, limits: StoreLimits(sessions: 4))
      var restorer = SnapshotRestorer(limits: StoreLimits(sessions: 4))
      for chunk in test.store.snapshot() { try restorer.consume(chunk) }
      #expect(try restorer.finish().digest == test.store.digest)
    }
  }

  @Test("Whatever differs shows in the digest")
  func differencesShow() {
    var stores: [TestStore] = []
    for variant in 0..<6 {
      var test = TestStore()
      test.apply(1, 1, .put(Key("a"), bytes("1")))
      switch variant {
      case 1: test.apply(1, 2, .put(Key("a"), bytes("2")))
      case 2: test.apply(1, 2, .put(Key("b"), bytes("1")))
      case 3: test.apply(2, 2, .get(Key("a")))
      case 4: test.apply(1, 2, .get(Key("a")))
      case 5: test.apply(1, 2, .get(Key("b")))
      default: break
      }
      stores.append(test)
    }
    #expect(Set(stores.map(\.store.digest)).count == stores.count)
    // An entry's hash keeps the key and the value apart.
    #expect(Store.entryHash(Key("ab"), bytes("c")) != Store.entryHash(Key("a"), bytes("bc")))
    #expect(Store.entryHash(Key("a"), []) != Store.entryHash(Key("a"), [0]))
  }

  /// The figures were computed from the documented definition by another program.
  @Test("The hash is the same in every process and follows its definition")
  func hashIsStable() {
    #expect(Store().digest == 0x4B95_E551_845C_630F)
    #expect(Store.entryHash(Key("user1"), bytes("value")) == 0x5B73_FBF7_DADC_10B5)
  }
}
