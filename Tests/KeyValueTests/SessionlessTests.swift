import Raft
import Testing

@testable import KeyValue

@Suite("Commands without a session")
struct SessionlessTests {
  @Test("are executed as often as they are committed, and nothing is remembered of them")
  func everyTime() {
    var test = TestStore(StoreLimits(sessions: 1))
    test.apply(1, 5, .put(Key("k"), []))
    test.apply(2, 9, .put(Key("k"), []))
    // A session has expired, so that an unknown client's low number would be refused.
    #expect(test.store.expiryWatermark == SequenceNumber(5))
    for expected in 1...3 as ClosedRange<Int64> {
      #expect(test.apply(0, 0, .increment(Key("n"), by: 1)) == .executed(.incremented(expected)))
      #expect(test.store.recall(.sessionless, SequenceNumber(0)) == nil)
    }
    #expect(test.store.sessionCount == 1 && test.store.expiryWatermark == SequenceNumber(5))
    #expect(test.store.recall(ClientID(2), SequenceNumber(9)) == .repeated(.stored))
  }

  @Test("leave the same state as commands with one, but for the sessions")
  func state() throws {
    var random = RandomSource(seed: 3)
    var (with, without) = (TestStore(), TestStore())
    for _ in 0..<500 {
      let operation = random.operation(keys: 10)
      #expect(with.run(operation) == without.apply(0, 0, operation).result)
    }
    #expect(with.store.contentDigest == without.store.contentDigest && without.store.sessionCount == 0)
    var restorer = SnapshotRestorer()
    for chunk in without.store.snapshot() { try restorer.consume(chunk) }
    #expect(try restorer.finish().digest == without.store.digest)
  }
}
