import Testing

@testable import Raft

/// The log against a plain array of entries.
@Suite struct LogTests {
  private static func log(_ terms: [UInt64]) -> RaftLog {
    RaftLog(
      snapshot: SnapshotDescription(last: .zero, configuration: Configuration(voters: [n(0)])),
      entries: terms.enumerated().map { Entry(term: Term($1), payload: .command([UInt8($0)])) })
  }

  /// Random appends, cuts and compactions leave what they leave of an array.
  @Test func anyHistoryOfTheLogIsThatOfAnArray() {
    var wrong: [String] = []
    for seed in 0..<200 as Range<UInt64> {
      var random = RandomSource(seed: seed)
      var log = LogTests.log([])
      var model: [Entry] = []
      var base = 0
      var term = 1 as UInt64
      for step in 0..<40 {
        switch random.next(below: 5) {
        case 0...2:
          term += random.next(below: 2)
          let more = (0..<random.next(below: 4)).map {
            Entry(term: Term(term), payload: .command([UInt8(step), UInt8($0)]))
          }
          if more.count == 1 { log.append(more[0]) } else { log.append(contentsOf: more[...]) }
          model += more
        case 3 where model.count > base:
          let first = base + 1 + Int(random.next(below: UInt64(model.count - base)))
          log.truncate(from: LogIndex(UInt64(first)))
          model.removeSubrange((first - 1)...)
        case 4 where model.count > Int(log.snapshot.last.index.rawValue):
          let low = Int(log.snapshot.last.index.rawValue)
          let last = low + 1 + Int(random.next(below: UInt64(model.count - low)))
          let keep = max(base, last - Int(random.next(below: 3)))
          log.compact(
            to: SnapshotDescription(
              last: LogPosition(index: LogIndex(UInt64(last)), term: model[last - 1].term),
              configuration: Configuration(voters: [n(0)])), keepingFrom: LogIndex(UInt64(keep + 1)))
          base = keep
        default: break
        }
        // Cutting below a snapshot is never asked for; the model keeps to it.
        if model.count < Int(log.snapshot.last.index.rawValue) { break }
        let first = LogIndex(UInt64(base + 1))
        let held = log.entries(from: first, maximumCount: .max >> 8, maximumBytes: .max)
        if log.firstIndex != first || held != Array(model[base...]) || log.lastIndex.rawValue != UInt64(model.count) {
          wrong.append("seed \(seed) step \(step)")
        }
        for place in base..<model.count {
          let index = LogIndex(UInt64(place + 1))
          if log[index] != model[place] || log.term(at: index) != model[place].term { wrong.append("at \(index)") }
        }
        if log.term(at: LogIndex(UInt64(model.count + 1))) != nil { wrong.append("beyond the end") }
        if base > 1, log.term(at: LogIndex(UInt64(base - 1))) != nil { wrong.append("before the base") }
      }
    }
    #expect(wrong.isEmpty, "\(wrong.prefix(3))")
  }

  @Test func batchesKeepTheirLimitsAndAlwaysMove() {
    let log = LogTests.log([1, 1, 1, 1, 1, 1])
    let cost = Entry.overhead + 1
    for count in 1...7 {
      for bytes in [0, 1, cost, cost + 1, 3 * cost, 100 * cost] {
        let batch = log.entries(from: LogIndex(2), maximumCount: count, maximumBytes: bytes)
        #expect(batch.count == min(5, count, max(1, bytes / cost)))
      }
    }
    #expect(log.entries(from: LogIndex(7), maximumCount: 9, maximumBytes: 9).isEmpty)
  }
}
