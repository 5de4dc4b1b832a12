import Raft
import Testing

@testable import Simulation

@Suite struct EventQueueTests {
  /// The order must be that of a stable sort by time, whatever mixture of insertions and removals happens.
  @Test(arguments: [1, 2, 3, 4, 5, 17, 300, 2_000], [UInt64(1), 2])
  func popsInTimeThenInsertionOrder(pending: Int, seed: UInt64) {
    var random = RandomSource(seed: seed, stream: UInt64(pending))
    var queue = EventQueue<Int>(capacity: 4)
    var reference: [(time: Int64, number: Int)] = []
    var number = 0
    func add(_ queue: inout EventQueue<Int>, after now: Int64) {
      // Few distinct times, so that ties are the rule.
      let time = now + Int64(random.next(below: 16))
      queue.schedule(at: Instant(nanoseconds: time), number)
      let place = reference.firstIndex { $0.time > time } ?? reference.count
      reference.insert((time, number), at: place)
      number += 1
    }
    for _ in 0..<pending { add(&queue, after: 0) }
    var agrees = true
    for step in 0..<(2 * pending + 200) {
      guard let (time, slot) = queue.next(notAfter: .distantFuture) else { break }
      let payload = queue.take(slot)
      let expected = reference.removeFirst()
      agrees = agrees && expected.time == time.nanoseconds && expected.number == payload
      if step < pending + 200 { add(&queue, after: time.nanoseconds) }
    }
    #expect(agrees)
    #expect(queue.count == reference.count)
  }

  @Test func stopsAtTheLimit() {
    var queue = EventQueue<Int>()
    queue.schedule(at: Instant(nanoseconds: 10), 1)
    queue.schedule(at: Instant(nanoseconds: 11), 2)
    #expect(queue.next(notAfter: Instant(nanoseconds: 9)) == nil)
    #expect(queue.earliest == Instant(nanoseconds: 10))
    let due = queue.next(notAfter: Instant(nanoseconds: 10))
    #expect(due?.time == Instant(nanoseconds: 10))
    if let due { #expect(queue.take(due.slot) == 1) }
    #expect(queue.next(notAfter: Instant(nanoseconds: 10)) == nil)
    #expect(queue.count == 1)
  }

  @Test func releasesWhatWasNeverTaken() {
    final class Token {}
    weak var seen: Token?
    do {
      var queue = EventQueue<Token>(capacity: 4)
      let token = Token()
      seen = token
      for time in 0..<20 { queue.schedule(at: Instant(nanoseconds: Int64(time)), token) }
      if let due = queue.next(notAfter: .distantFuture) { _ = queue.take(due.slot) }
    }
    #expect(seen == nil)
  }
}
