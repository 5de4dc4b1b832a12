import Testing

@testable import Raft

/// What a secretary keeps of a leader's batches for observers.
@Suite struct CommittedTailTests {
  private func batch(_ entries: ClosedRange<UInt64>, commit: UInt64) -> AppendEntries {
    let first = entries.lowerBound
    return AppendEntries(
      term: Term(1), round: Round(1),
      previous: LogPosition(index: LogIndex(first - 1), term: first > 1 ? Term(1) : .zero),
      commit: LogIndex(commit),
      entries: entries.map { Entry(term: Term(1), payload: .command([UInt8($0)])) })
  }

  private func contents(_ tail: CommittedTail) -> [UInt8] {
    tail.entries(from: tail.base.index.next, through: tail.end, maximumBytes: .max).compactMap {
      if case .command(let bytes) = $0.payload { bytes[0] } else { nil }
    }
  }

  @Test("What a batch adds behind the end is kept, wherever the batch begins", arguments: 1...9)
  func overlap(_ first: UInt64) {
    var tail = CommittedTail(capacity: 4)
    tail.take(batch(1...7, commit: 7))
    #expect(tail.base.index == LogIndex(3) && contents(tail) == [4, 5, 6, 7])
    tail.take(batch(first...9, commit: 9))
    // Only a gap makes it begin anew.
    #expect(contents(tail) == Array((first == 9 ? 9 : 4)...9))
    #expect(tail.lastCommitted == LogIndex(9))
    tail.take(batch(10...10, commit: 9))
    #expect(tail.end == LogIndex(10) && tail.lastCommitted == LogIndex(9))
  }

  @Test("A batch with nothing new changes nothing but the commit index", arguments: 1...7)
  func repetition(_ first: UInt64) {
    var tail = CommittedTail(capacity: 4)
    tail.take(batch(1...7, commit: 5))
    tail.take(batch(first...7, commit: 7))
    #expect(contents(tail) == [4, 5, 6, 7] && tail.lastCommitted == LogIndex(7))
  }
}
