import Testing

@testable import Emulation

@Suite("Link counters") struct LinkCountersTests {
  @Test("A sum is one of every count")
  func sum() {
    var left = LinkCounters()
    (left.messages, left.bytes, left.lost, left.overflowed) = (1, 2, 3, 4)
    (left.retransmitted, left.duplicated, left.blocked) = (5, 6, 7)
    let sum = left + left + LinkCounters()
    // Field by field, so that one that is added later cannot be forgotten in the sum.
    let counts = Mirror(reflecting: sum).children.map { $0.value as? UInt64 }
    #expect(counts == [2, 4, 6, 8, 10, 12, 14])
  }
}
