@testable import Raft

/// A log of a few entries, by their terms; an entry's payload follows from its place and its term, as log matching has
/// it.
struct SmallLog: Hashable, CustomStringConvertible {
  var terms: [UInt64]

  /// All logs of up to `length` entries whose terms 1...3 never decrease.
  static func all(upTo length: Int) -> [SmallLog] {
    var all: [[UInt64]] = [[]]
    var last: [[UInt64]] = [[]]
    for _ in 0..<length {
      last = last.flatMap { terms in ((terms.last ?? 1)...3).map { terms + [$0] } }
      all += last
    }
    return all.map(SmallLog.init)
  }

  var count: Int { terms.count }

  var description: String { "\(terms)" }

  func entry(_ index: Int) -> Entry {
    Entry(term: Term(terms[index - 1]), payload: .command([UInt8(index), UInt8(terms[index - 1])]))
  }

  func position(_ index: Int) -> LogPosition { index == 0 ? .zero : at(UInt64(index), terms[index - 1]) }

  var entries: [Entry] { entries(1...max(1, count)) }

  func entries(_ range: ClosedRange<Int>) -> [Entry] { range.filter { $0 <= count }.map(entry) }

  /// How many entries the two logs have in common; nil when they cannot both exist: logs that agree on an index and
  /// its term agree on all before it.
  func commonCount(with other: SmallLog) -> Int? {
    let shorter = min(count, other.count)
    let common = (0..<shorter).first { terms[$0] != other.terms[$0] } ?? shorter
    return (common..<shorter).contains { terms[$0] == other.terms[$0] } ? nil : common
  }

  /// How many different terms stand after the first `common` entries.
  func distinctTerms(after common: Int) -> Int { Set(terms[common...]).count }

  /// Where a log with `term` at `index` can agree with this one at the latest, by trying everything from the end.
  func latestPossibleMatch(at index: UInt64, term: UInt64, base: Int) -> LogPosition {
    for place in stride(from: count, to: base, by: -1) where UInt64(place) <= index && terms[place - 1] <= term {
      return position(place)
    }
    return position(base)
  }

  /// The log with everything up to `base` in a snapshot.
  func log(base: Int = 0, voters: Int = 3) -> RaftLog {
    let state = state(base: base, voters: voters)
    return RaftLog(snapshot: state.snapshot, entries: state.entries)
  }

  /// A disk with this log and everything up to `base` in a snapshot.
  func state(base: Int = 0, voters: Int = 3) -> DurableState {
    DurableState(
      hardState: HardState(term: Term(3)),
      snapshot: SnapshotDescription(last: position(base), configuration: Configuration(voters: (0..<voters).map(n))),
      entries: Array(entries.dropFirst(base)))
  }
}

/// Two logs that can exist at the same time.
struct LogPair {
  var leader: SmallLog
  var follower: SmallLog
  /// How many entries they have in common.
  var common: Int

  static func all(upTo length: Int) -> [LogPair] {
    let logs = SmallLog.all(upTo: length)
    return logs.flatMap { leader in
      logs.compactMap { follower in
        leader.commonCount(with: follower).map { LogPair(leader: leader, follower: follower, common: $0) }
      }
    }
  }

  /// The most probes that may be refused: one for each term in which the logs differ, on the side that has fewer of
  /// them, and one to learn that the follower's log is shorter.
  var mostRejections: Int {
    min(leader.distinctTerms(after: common), follower.distinctTerms(after: common) + 1)
  }
}

extension Solo {
  /// A node that starts from a disk.
  init(_ id: Int, state: DurableState) {
    self.init(id)
    disk = state
    node = try! RaftNode(id: n(id), state: state, settings: node.settings, random: RandomSource(seed: 7), now: .zero)
  }
}
