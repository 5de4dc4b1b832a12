@testable import Raft

/// The sets met under each digest; of sets that hold each other, the largest is enough.
struct LargestSets {
  /// How many digests there are.
  private(set) var count = 0
  private var digests: ContiguousArray<StateDigest>
  /// The first set of each digest, plus one; zero where nothing is.
  private var heads: ContiguousArray<UInt32>
  private var sets: ContiguousArray<Stored> = []
  private var words: ContiguousArray<UInt64> = []

  private struct Stored {
    var first: Int
    var end: Int
    /// The next set of the same digest, plus one.
    var next: UInt32
  }

  init() {
    digests = ContiguousArray(repeating: .zero, count: 1 << 12)
    heads = ContiguousArray(repeating: 0, count: 1 << 12)
  }

  /// Whether a set that holds this one is known under the digest, or this very one if no other is to count.
  func covers(_ set: BitSet, under digest: StateDigest, exactly: Bool) -> Bool {
    var number = heads[place(of: digest)]
    while number != 0 {
      let stored = sets[Int(number) - 1]
      if isSubset(set, of: stored), !exactly || isSuperset(set, of: stored) { return true }
      number = stored.next
    }
    return false
  }

  /// Takes a set that is not covered, in place of those that it holds if they no longer count.
  mutating func insert(_ set: BitSet, under digest: StateDigest, dropsSmaller: Bool) {
    if count * 4 >= heads.count * 3 { grow() }
    let place = place(of: digest)
    if heads[place] == 0 {
      digests[place] = digest
      count += 1
    }
    let number = sets.count
    sets.append(Stored(first: words.count, end: words.count + set.words.count, next: heads[place]))
    words += set.words
    heads[place] = UInt32(number + 1)
    var last = number
    while dropsSmaller, sets[last].next != 0 {
      let other = Int(sets[last].next) - 1
      if isSuperset(set, of: sets[other]) { sets[last].next = sets[other].next } else { last = other }
    }
  }

  private func isSubset(_ set: BitSet, of stored: Stored) -> Bool {
    for place in set.words.indices {
      let other = stored.first + place < stored.end ? words[stored.first + place] : 0
      if set.words[place] & ~other != 0 { return false }
    }
    return true
  }

  private func isSuperset(_ set: BitSet, of stored: Stored) -> Bool {
    for place in stored.first..<stored.end {
      let offset = place - stored.first
      if words[place] & ~(offset < set.words.count ? set.words[offset] : 0) != 0 { return false }
    }
    return true
  }

  private func place(of digest: StateDigest) -> Int {
    let mask = heads.count - 1
    var place = Int(truncatingIfNeeded: digest.low) & mask
    while heads[place] != 0 && digests[place] != digest { place = (place + 1) & mask }
    return place
  }

  private mutating func grow() {
    let (oldDigests, oldHeads) = (digests, heads)
    digests = ContiguousArray(repeating: .zero, count: oldHeads.count * 2)
    heads = ContiguousArray(repeating: 0, count: oldHeads.count * 2)
    for old in oldHeads.indices where oldHeads[old] != 0 {
      let place = place(of: oldDigests[old])
      digests[place] = oldDigests[old]
      heads[place] = oldHeads[old]
    }
  }
}
