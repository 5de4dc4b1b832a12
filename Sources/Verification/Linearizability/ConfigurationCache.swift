/// The configurations (which operations are placed, and the state) that the search has been in since its last
/// irrevocable step.
///
/// A configuration is known by a 128-bit fingerprint, the exclusive or of a random word per placed operation
/// (Zobrist hashing): constant memory and time per configuration, however long the history. With 2^32 configurations
/// the chance of mistaking one for another is below 2^-64.
struct ConfigurationCache {
  private struct Slot {
    var low: UInt64
    var high: UInt64
    var generation: UInt32
  }

  /// How many configurations are remembered.
  private(set) var count = 0
  private var generation: UInt32 = 1
  private var slots = ContiguousArray(repeating: Slot(low: 0, high: 0, generation: 0), count: 1024)

  /// Forgets everything.
  mutating func clear() {
    guard count > 0 else { return }
    count = 0
    if generation == .max {
      slots = ContiguousArray(repeating: Slot(low: 0, high: 0, generation: 0), count: 1024)
      generation = 0
    }
    generation += 1
  }

  /// Remembers a configuration; false when it is known already.
  mutating func insert(low: UInt64, high: UInt64) -> Bool {
    var slot = Int(truncatingIfNeeded: low) & (slots.count - 1)
    // A slot of an earlier generation is empty: within one generation nothing is ever removed.
    while slots[slot].generation == generation {
      if slots[slot].low == low, slots[slot].high == high { return false }
      slot = (slot + 1) & (slots.count - 1)
    }
    slots[slot] = Slot(low: low, high: high, generation: generation)
    count += 1
    if count * 2 > slots.count { grow() }
    return true
  }

  private mutating func grow() {
    let old = slots
    slots = ContiguousArray(repeating: Slot(low: 0, high: 0, generation: 0), count: old.count * 2)
    for entry in old where entry.generation == generation {
      var slot = Int(truncatingIfNeeded: entry.low) & (slots.count - 1)
      while slots[slot].generation == generation { slot = (slot + 1) & (slots.count - 1) }
      slots[slot] = entry
    }
  }
}
