import Raft
import Testing

@testable import KeyValue

@Suite("Sessions: exactly once")
struct SessionTests {
  @Test("Trap 59: a retried command is executed once and answered again")
  func trap59RetryIsNotExecutedTwice() {
    var test = TestStore()
    #expect(test.apply(1, 1, .increment(Key("n"), by: 1)) == .executed(.incremented(1)))
    #expect(test.apply(1, 1, .increment(Key("n"), by: 1)) == .repeated(.incremented(1)))
    #expect(test.apply(2, 1, .increment(Key("n"), by: 1)) == .executed(.incremented(2)))
    #expect(test.apply(1, 1, .increment(Key("n"), by: 1)) == .repeated(.incremented(1)))
    #expect(test.store.read(Key("n")) == bytes("2"))
  }

  @Test("A command that arrives after a later one is never executed, and numbers may be left out")
  func staleAndGaps() {
    var test = TestStore()
    #expect(test.apply(1, 7, .put(Key("k"), [7])) == .executed(.stored))
    #expect(test.apply(1, 6, .put(Key("k"), [6])) == .stale(last: SequenceNumber(7)))
    #expect(test.apply(1, 9, .put(Key("k"), [9])) == .executed(.stored))
    #expect(test.store.read(Key("k")) == [9])
  }

  @Test("A position of the log is applied once")
  func positionsRise() {
    var store = Store()
    #expect(store.apply(command(1, 1, .increment(Key("n"), by: 1)), at: LogIndex(5)).result == .incremented(1))
    for index in [4, 5] as [UInt64] {
      let outcome = store.apply(command(2, 1, .increment(Key("n"), by: 1)), at: LogIndex(index))
      #expect(outcome == .alreadyApplied(through: LogIndex(5)))
    }
    #expect(store.read(Key("n")) == bytes("1"))
  }

  @Test("The table is bounded; the least recently used session expires and its commands are never executed again")
  func boundAndExpiry() {
    var test = TestStore(StoreLimits(sessions: 3))
    for client in 1...3 as ClosedRange<UInt64> { test.apply(client, 5, .increment(Key("n"), by: 1)) }
    // The retry counts as a use, so client 2 is now the least recently used one.
    test.apply(1, 5, .increment(Key("n"), by: 1))
    #expect(test.apply(4, 6, .increment(Key("n"), by: 1)) == .executed(.incremented(4)))
    #expect(test.store.sessionCount == 3)
    let watermark = SequenceNumber(5)
    #expect(test.store.expiryWatermark == watermark)
    #expect(test.apply(2, 5, .increment(Key("n"), by: 1)) == .sessionExpired(above: watermark))
    #expect(test.apply(1, 5, .increment(Key("n"), by: 1)) == .repeated(.incremented(1)))
    // An unknown client below the watermark may have been here before; above it cannot have been.
    #expect(test.apply(9, 1, .increment(Key("n"), by: 1)) == .sessionExpired(above: watermark))
    #expect(test.apply(2, 6, .increment(Key("n"), by: 1)) == .executed(.incremented(5)))
    #expect(test.store.read(Key("n")) == bytes("5"))
  }

  @Test("Recall answers as applying would, without executing")
  func recall() {
    var test = TestStore(StoreLimits(sessions: 1))
    #expect(test.store.recall(ClientID(1), SequenceNumber(1)) == nil)
    test.apply(1, 3, .put(Key("k"), []))
    #expect(test.store.recall(ClientID(1), SequenceNumber(3)) == .repeated(.stored))
    #expect(test.store.recall(ClientID(1), SequenceNumber(2)) == .stale(last: SequenceNumber(3)))
    test.apply(2, 4, .put(Key("k"), []))
    #expect(test.store.recall(ClientID(1), SequenceNumber(3)) == .sessionExpired(above: SequenceNumber(3)))
  }

  @Test("No number of a client is ever executed twice, whatever is repeated and however many sessions expire")
  func neverTwice() {
    var random = RandomSource(seed: 11)
    var test = TestStore(StoreLimits(sessions: 4))
    var executed: Set<[UInt64]> = []
    var repeats = 0
    for _ in 0..<4_000 {
      let (client, sequence) = (1 + random.next(below: 12), 1 + random.next(below: 400))
      switch test.apply(client, sequence, .increment(Key("n"), by: 1)) {
      case .executed: if !executed.insert([client, sequence]).inserted { repeats += 1 }
      default: break
      }
    }
    #expect(repeats == 0)
    #expect(test.store.read(Key("n")) == bytes("\(executed.count)"))
  }

  @Test("Expiry is a function of the log: replicas agree, also one that was restored on the way")
  func expiryIsDeterministic() throws {
    let limits = StoreLimits(sessions: 5)
    var first = TestStore(limits)
    var second = TestStore(limits)
    var random = RandomSource(seed: 3)
    for step in 1...600 as ClosedRange<UInt64> {
      let client = random.next(below: 9)
      let operation = random.operation(keys: 10)
      #expect(first.apply(client, step, operation) == second.apply(client, step, operation))
      if step % 100 == 0 {
        var restorer = SnapshotRestorer(limits: limits)
        for chunk in second.store.snapshot(chunkBytes: 64) { try restorer.consume(chunk) }
        second.store = try restorer.finish()
      }
    }
    #expect(first.store.digest == second.store.digest)
  }
}
