import Raft
import Testing

@testable import Workload

@Suite("Deadlines")
struct DeadlineHeapTests {
  @Test("The earliest deadline is at hand after any changes, ties by slot")
  func agreesWithScan() {
    var random = RandomSource(seed: 2)
    var heap = DeadlineHeap(slots: 40)
    var model: [Int: Int64] = [:]
    var wrong = 0
    for _ in 0..<5_000 {
      let slot = Int(random.next(below: 40))
      if random.nextBool(probability: 0.3) {
        heap.remove(slot)
        model[slot] = nil
      } else {
        let time = Int64(random.next(below: 50))
        heap.set(slot, Instant(nanoseconds: time))
        model[slot] = time
      }
      let expected = model.min { ($0.value, $0.key) < ($1.value, $1.key) }
      if heap.earliestSlot != expected?.key { wrong += 1 }
      if heap.earliest != (expected.map { Instant(nanoseconds: $0.value) } ?? .distantFuture) { wrong += 1 }
    }
    #expect(wrong == 0)
  }
}
