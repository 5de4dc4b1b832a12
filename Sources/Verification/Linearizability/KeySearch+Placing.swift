import Raft

/// Operations placed and taken back, with all that is counted along the way.
extension KeySearch {
  mutating func place(_ operation: Int32, leading after: Int32, isChoice: Bool, isLast: Bool = false) {
    let index = Int(operation)
    steps += 1
    frames.append(Frame(operation: operation, previous: state, isChoice: isChoice, isLast: isLast))
    isPlaced[index] = true
    mark(operation)
    let isKnown = index < key.knownCount
    if isKnown {
      unlink(2 * operation)
      unlink(2 * operation + 1)
    }
    let demand = Int(key.demands[index])
    if demand >= 0 {
      if isKnown { required[demand] -= 1 }
      demanded[demand] -= 1
      if demanded[demand] == 0, entered[demand] > 0 { debt -= 1 }
    }
    if key.products[index] >= 0 { sources[Int(key.products[index])] -= 1 }
    if !key.possibleProducts.isEmpty {
      for state in key.possibleProducts[index] { sources[Int(state)] -= 1 }
    }
    if key.steps[index].isOpaque { opaque -= 1 }
    if isChoice {
      entered[Int(after)] += 1
      if entered[Int(after)] == 1, demanded[Int(after)] > 0 { debt += 1 }
    }
    state = after
  }

  mutating func takeBack(_ frame: Frame) {
    let operation = frame.operation
    let index = Int(operation)
    if frame.isChoice {
      if entered[Int(state)] == 1, demanded[Int(state)] > 0 { debt -= 1 }
      entered[Int(state)] -= 1
    }
    if key.steps[index].isOpaque { opaque += 1 }
    if key.products[index] >= 0 { sources[Int(key.products[index])] += 1 }
    if !key.possibleProducts.isEmpty {
      for state in key.possibleProducts[index] { sources[Int(state)] += 1 }
    }
    let isKnown = index < key.knownCount
    let demand = Int(key.demands[index])
    if demand >= 0 {
      if demanded[demand] == 0, entered[demand] > 0 { debt += 1 }
      demanded[demand] += 1
      if isKnown { required[demand] += 1 }
    }
    if isKnown {
      relink(2 * operation + 1)
      relink(2 * operation)
    }
    mark(operation)
    isPlaced[index] = false
    state = frame.previous
  }

  /// Takes operations back up to and including the last choice, and says where to look for another one.
  mutating func backtrack() -> Cursor? {
    while frames.count > finalCount {
      let frame = frames.removeLast()
      takeBack(frame)
      guard frame.isChoice else { continue }
      if Int(frame.operation) < key.knownCount {
        return Cursor(
          known: next[Int(2 * frame.operation)], open: Int32(key.knownCount), isLast: frame.isLast)
      }
      return Cursor(known: -1, open: frame.operation + 1, isLast: frame.isLast)
    }
    return nil
  }

  /// Gives up the way back.
  mutating func makeFinal() {
    // Entered states are no longer demanded and demands never come back, so their counts may stay.
    finalCount = frames.count
    cache.clear(words: open.count)
  }

  /// Remembers where the search stands; false when it need not go on from here.
  mutating func remember() -> Bool {
    cache.insert(
      low: low ^ RandomSource.mix(UInt64(state) &+ 1), high: high ^ UInt64(state), open: open, looks: &looks)
  }

  mutating func mark(_ operation: Int32) {
    let position = Int(operation) - key.knownCount
    if position >= 0 {
      open[position >> 6] ^= 1 << UInt64(position & 63)
      return
    }
    let word = RandomSource.mix(UInt64(operation) &* 0xD1B5_4A32_D192_ED03 &+ 0x9E37_79B9_7F4A_7C15)
    low ^= word
    high ^= RandomSource.mix(word)
  }

  mutating func unlink(_ node: Int32) {
    let (before, after) = (previous[Int(node)], next[Int(node)])
    next[Int(before)] = after
    previous[Int(after)] = before
  }

  mutating func relink(_ node: Int32) {
    next[Int(previous[Int(node)])] = node
    previous[Int(next[Int(node)])] = node
  }
}
