import KeyValue
import Raft
import Testing

@testable import Server

@Suite struct MessageSizeTests {
  @Test func anAppendGrowsByWhatItsEntriesCost() {
    let empty = AppendEntries(term: Term(1), round: Round(1), previous: .zero, commit: .zero, entries: [])
    var full = empty
    full.entries = [Entry(term: Term(1), payload: .command([UInt8](repeating: 0, count: 100)))]
    let growth = MessageSizes.bytes(.appendEntries(full)) - MessageSizes.bytes(.appendEntries(empty))
    #expect(growth == Entry.overhead + 100)
  }
}
