@testable import Raft

/// A group at one moment, by the numbers of its parts.
struct GroupState {
  var machines: [Int]
  /// What was seen, and what may still happen.
  var seen: BitSet
  var committed = Committed()
  /// How many commands were proposed.
  var proposals = 0
}

/// The committed entries, as first seen by anyone: nobody may ever contradict or lose them.
struct Committed: Hashable {
  private(set) var log = PackedLog()
  /// The term in which each of them was committed, four bits each.
  private var terms: UInt64 = 0

  mutating func extend(to log: PackedLog, in term: Int) {
    for index in self.log.count..<log.count { terms |= UInt64(term) << UInt64(4 * index) }
    self.log = log
  }

  /// The entries that were committed up to a term.
  func upTo(term: Int) -> PackedLog {
    var count = log.count
    while count > 0, terms >> UInt64(4 * (count - 1)) & 15 > UInt64(term) { count -= 1 }
    return log.prefix(count)
  }

  var digest: StateDigest {
    let word = RandomSource.mix(log.bytes) &+ UInt64(log.count)
    return StateDigest(high: RandomSource.mix(word ^ terms), low: RandomSource.mix(word &+ RandomSource.mix(~terms)))
  }
}

/// The states found at one depth, packed.
struct Frontier {
  private(set) var count = 0
  private var machines: ContiguousArray<UInt32> = []
  private var committed: ContiguousArray<Committed> = []
  private var proposals: ContiguousArray<UInt8> = []
  private var words: ContiguousArray<UInt64> = []
  private var ends: ContiguousArray<Int> = [0]

  mutating func append(_ state: GroupState) {
    count += 1
    for machine in state.machines { machines.append(UInt32(machine)) }
    committed.append(state.committed)
    proposals.append(UInt8(state.proposals))
    words += state.seen.words
    ends.append(words.count)
  }

  func state(_ place: Int, nodes: Int) -> GroupState {
    GroupState(
      machines: machines[(place * nodes)..<((place + 1) * nodes)].map { Int($0) },
      seen: BitSet(words: words[ends[place]..<ends[place + 1]]), committed: committed[place],
      proposals: Int(proposals[place]))
  }

  mutating func removeAll() {
    count = 0
    machines.removeAll(keepingCapacity: true)
    committed.removeAll(keepingCapacity: true)
    proposals.removeAll(keepingCapacity: true)
    words.removeAll(keepingCapacity: true)
    ends.removeAll(keepingCapacity: true)
    ends.append(0)
  }
}
