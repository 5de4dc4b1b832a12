/// The configurations that the search has been in since its last irrevocable step: which known operations are placed,
/// the state, and which open operations are placed.
///
/// The first two are known by a 128-bit fingerprint, the exclusive or of random words (Zobrist hashing): constant
/// memory and time, however long the history. With 2^32 of them the chance of mistaking one for another is below
/// 2^-64. The open operations are kept as they are, since a configuration is also of no use when one is known that
/// has placed fewer of them: whatever could still be done from the former can be done from the latter, as nobody
/// needs an open operation placed. Without that rule, writes of unknown outcome would double the work each.
struct ConfigurationCache {
  private struct Slot {
    var low: UInt64 = 0
    var high: UInt64 = 0
    var generation: UInt32 = 0
    /// The newest set of open operations; -1 for none.
    var newest: Int32 = -1
  }

  /// How much is remembered: configurations, where one counts as several when it has many open operations.
  ///
  /// One costs up to 96 bytes for its slot and 128 for its set, and half as much again while they grow.
  private(set) var size = 0
  private var used = 0
  private var generation: UInt32 = 1
  private var slots = ContiguousArray(repeating: Slot(), count: 64)
  /// How many words a set of open operations has.
  private var words = 0
  /// Sets of open operations, each behind the number of the next older one with the same fingerprint.
  private var sets: ContiguousArray<UInt64> = []

  /// Forgets everything; sets have so many words from now on.
  mutating func clear(words: Int) {
    self.words = words
    guard used > 0 else { return }
    (size, used) = (0, 0)
    sets.removeAll(keepingCapacity: true)
    if generation == .max {
      slots = ContiguousArray(repeating: Slot(), count: 64)
      generation = 0
    }
    generation += 1
  }

  /// Remembers a configuration; false when it, or one with fewer open operations, is known already. Counts the sets
  /// that it looks at.
  mutating func insert(low: UInt64, high: UInt64, open: borrowing ContiguousArray<UInt64>, looks: inout Int) -> Bool {
    var slot = Int(truncatingIfNeeded: low) & (slots.count - 1)
    // A slot of an earlier generation is empty: within one generation nothing is ever removed.
    while slots[slot].generation == generation {
      if slots[slot].low == low, slots[slot].high == high {
        guard words > 0, !hasSubset(of: open, from: slots[slot].newest, looks: &looks) else { return false }
        slots[slot].newest = addSet(open, before: slots[slot].newest)
        return true
      }
      slot = (slot + 1) & (slots.count - 1)
    }
    let set = words > 0 ? addSet(open, before: -1) : -1
    slots[slot] = Slot(low: low, high: high, generation: generation, newest: set)
    used += 1
    if words == 0 { size += 1 }
    if used * 2 > slots.count { grow() }
    return true
  }

  private func hasSubset(of open: borrowing ContiguousArray<UInt64>, from newest: Int32, looks: inout Int) -> Bool {
    var set = Int(newest)
    while set >= 0 {
      looks += 1
      let start = set * (words + 1)
      var word = 0
      while word < words, sets[start + 1 + word] & ~open[word] == 0 { word += 1 }
      if word == words { return true }
      set = Int(truncatingIfNeeded: Int64(bitPattern: sets[start]))
    }
    return false
  }

  private mutating func addSet(_ open: borrowing ContiguousArray<UInt64>, before next: Int32) -> Int32 {
    let set = sets.count / (words + 1)
    sets.append(UInt64(bitPattern: Int64(next)))
    for word in 0..<words { sets.append(open[word]) }
    size += 1 + words / 8
    return Int32(set)
  }

  private mutating func grow() {
    let old = slots
    slots = ContiguousArray(repeating: Slot(), count: old.count * 2)
    for entry in old where entry.generation == generation {
      var slot = Int(truncatingIfNeeded: entry.low) & (slots.count - 1)
      while slots[slot].generation == generation { slot = (slot + 1) & (slots.count - 1) }
      slots[slot] = entry
    }
  }
}
