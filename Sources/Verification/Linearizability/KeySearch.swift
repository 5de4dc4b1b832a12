import Raft

/// Looks for an order of one key's operations that respects time and explains every result.
///
/// Wing and Gong's search over a linked list of calls and returns (Wing, Gong: Testing and verifying concurrent
/// objects, 1993), with the memory of configurations that Lowe added (Testing for linearizability, 2017). Beyond
/// these, three rules that lose no solution keep the search short on registers:
///
/// * An operation that never changes the state is placed as soon as it fits: any solution still works with it first.
/// * A state is not left while an operation still demands it and nothing can bring it back.
/// * When no state that was left or is held is demanded any more, everything placed so far is final: a solution that
///   places it otherwise, with these operations taken out, is one from here. The search forgets the way back. (Not
///   where what an operation leaves depends on its place, nor while an operation is left that demands a kind of
///   states.)
///
/// On keys that are only read and written with distinct values the search is therefore greedy.
struct KeySearch {
  enum Outcome {
    case linearizable
    case violation
    case outOfSteps
    case outOfConfigurations
  }

  struct Frame {
    var operation: Int32
    var previous: Int32
    var isChoice: Bool
    /// Whether the choice left a state that was still demanded.
    var isLast: Bool
  }

  var key: KeyOperations
  /// How many operations were placed, for all keys so far.
  private(set) var steps = 0

  /// Calls and returns by time; an operation's call is node 2i, its return 2i + 1, and the last node is both ends.
  var next: ContiguousArray<Int32> = []
  var previous: ContiguousArray<Int32> = []
  var head: Int32 = 0
  var isPlaced: ContiguousArray<Bool> = []
  var frames: ContiguousArray<Frame> = []
  var cache = ConfigurationCache()
  var low: UInt64 = 0
  var high: UInt64 = 0
  var state: Int32 = 0
  var opaque = 0

  /// By state: how many known operations that are not placed demand it, and how many operations at all.
  var required: ContiguousArray<Int32> = []
  var demanded: ContiguousArray<Int32> = []
  /// By state: how many operations that are not placed leave it.
  var sources: ContiguousArray<Int32> = []
  /// By state: how often it was entered since the last final step.
  var entered: ContiguousArray<Int32> = []
  /// How many of the entered states are still demanded.
  var debt = 0

  /// The deepest dead end so far.
  var best = DeadEnd()
  var placed = 0
  var finalTail: ContiguousArray<Int32> = []

  /// Where the search could not go on.
  struct DeadEnd {
    var placed = -1
    var state: Int32 = 0
    var last: ContiguousArray<Int32> = []
    var stuck: ContiguousArray<Int32> = []
  }

  init(valueCount: Int) { key = KeyOperations(valueCount: valueCount) }

  /// Searches the operations loaded into `key`.
  mutating func run(stepLimit: Int, configurationLimit: Int) -> Outcome {
    reset()
    let limit = steps + stepLimit
    while true {
      placeObservations()
      if next[Int(head)] == head { return .linearizable }
      var cursor = Cursor(known: next[Int(head)], open: Int32(key.knownCount), isLast: false)
      if debt == 0, opaque == 0, key.foreseesProducts {
        makeFinal()
      } else if !cache.insert(low: low ^ RandomSource.mix(UInt64(state) &+ 1), high: high ^ UInt64(state)) {
        guard let resumed = backtrack() else { return .violation }
        cursor = resumed
      }
      while !choose(from: cursor) {
        if placed > best.placed { recordDeadEnd() }
        guard let resumed = backtrack() else { return .violation }
        cursor = resumed
      }
      if steps > limit { return .outOfSteps }
      if cache.count > configurationLimit { return .outOfConfigurations }
    }
  }

  /// Where to look for the next choice.
  private struct Cursor {
    /// A node of the list; -1 when the known operations were all tried.
    var known: Int32
    /// An open operation.
    var open: Int32
    /// Whether what is left are choices that leave a state that is still demanded.
    var isLast: Bool
  }

  // MARK: Moves

  /// Places every operation that changes nothing and may come next.
  private mutating func placeObservations() {
    var node = next[Int(head)]
    while node & 1 == 0, node != head {
      let operation = node >> 1
      if key.steps[Int(operation)].isObservation, isReady(operation), apply(operation) >= 0 {
        let before = previous[Int(node)]
        place(operation, leading: state, isChoice: false)
        node = next[Int(before)]
      } else {
        node = next[Int(node)]
      }
    }
  }

  /// Places the next operation that changes the state; false when there is none.
  private mutating func choose(from cursor: Cursor) -> Bool {
    if scan(from: cursor) { return true }
    // Where an operation may yet bring any state back, to leave one that is demanded is the last resort, not wrong.
    guard !cursor.isLast, !key.foreseesProducts else { return false }
    return scan(from: Cursor(known: next[Int(head)], open: Int32(key.knownCount), isLast: true))
  }

  private mutating func scan(from cursor: Cursor) -> Bool {
    var node = cursor.known < 0 ? next[Int(head)] : cursor.known
    while node & 1 == 0, node != head {
      let operation = node >> 1
      if cursor.known >= 0, !key.steps[Int(operation)].isObservation, tryChoice(operation, cursor.isLast) {
        return true
      }
      node = next[Int(node)]
    }
    // Nothing may be placed that was invoked after an operation that is not placed returned.
    guard node != head else { return false }
    let horizon = key.returns[Int(node >> 1)]
    var operation = cursor.open
    while operation < key.count, key.invocations[Int(operation)] <= horizon {
      if !isPlaced[Int(operation)], tryChoice(operation, cursor.isLast) { return true }
      operation += 1
    }
    return false
  }

  private mutating func tryChoice(_ operation: Int32, _ isLast: Bool) -> Bool {
    guard isReady(operation) else { return false }
    let after = apply(operation)
    guard after >= 0, leavesDemanded(operation, for: after) == isLast else { return false }
    place(operation, leading: after, isChoice: true, isLast: isLast)
    return true
  }

  /// Whether an operation leaves a state that others still demand and that no operation is known to bring back.
  private func leavesDemanded(_ operation: Int32, for after: Int32) -> Bool {
    guard after != state, sources[Int(state)] == 0 else { return false }
    let own: Int32 = key.demands[Int(operation)] == state && Int(operation) < key.knownCount ? 1 : 0
    return required[Int(state)] > own
  }

  /// Whether the operations that must come before are placed, beyond what the list's order says.
  private func isReady(_ operation: Int32) -> Bool {
    let predecessor = key.predecessors[Int(operation)]
    if predecessor >= 0, !isPlaced[Int(predecessor)] { return false }
    let twin = key.twins[Int(operation)]
    return twin < 0 || isPlaced[Int(twin)]
  }

  /// The state that an operation leads to from the present one; -1 when it cannot come now.
  private mutating func apply(_ operation: Int32) -> Int32 {
    switch key.steps[Int(operation)] {
    case .nothing: return state
    case .observe(let demand): return demand == state ? state : -1
    case .write(let product): return product
    case .exchange(let demand, let product): return demand == state ? product : -1
    case .remove: return state != 0 ? 0 : -1
    case .impossible: return -1
    case .observeText: return key.table.digest(of: state).integer == nil ? state : -1
    case .observeOverflow(let amount):
      guard let integer = key.table.digest(of: state).integer else { return -1 }
      return integer.addingReportingOverflow(amount).overflow ? state : -1
    case .increment(let amount, let sum):
      guard let integer = key.table.digest(of: state).integer else { return -1 }
      let (result, overflow) = integer.addingReportingOverflow(amount)
      return !overflow && result == sum ? key.products[Int(operation)] : -1
    case .incrementUnseen(let amount):
      guard let integer = key.table.digest(of: state).integer else { return -1 }
      let (result, overflow) = integer.addingReportingOverflow(amount)
      return overflow ? -1 : enter(Digest(Array(String(result).utf8)))
    case .append(let piece, let length):
      let digest = key.table.digest(of: state).appending(key.pieces[Int(piece)])
      return digest.length == length ? enter(digest) : -1
    case .appendUnseen(let piece):
      return enter(key.table.digest(of: state).appending(key.pieces[Int(piece)]))
    }
  }

  /// The state of a digest, which the search may see for the first time.
  private mutating func enter(_ digest: Digest) -> Int32 {
    let state = key.table.state(of: digest)
    while required.count < key.table.count {
      required.append(0)
      demanded.append(0)
      sources.append(0)
      entered.append(0)
    }
    return state
  }

  // MARK: Placing and taking back

  private mutating func place(_ operation: Int32, leading after: Int32, isChoice: Bool, isLast: Bool = false) {
    let index = Int(operation)
    steps += 1
    placed += 1
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
    if key.steps[index].isOpaque { opaque -= 1 }
    if isChoice {
      entered[Int(after)] += 1
      if entered[Int(after)] == 1, demanded[Int(after)] > 0 { debt += 1 }
    }
    state = after
  }

  private mutating func takeBack(_ frame: Frame) {
    let operation = frame.operation
    let index = Int(operation)
    placed -= 1
    if frame.isChoice {
      if entered[Int(state)] == 1, demanded[Int(state)] > 0 { debt -= 1 }
      entered[Int(state)] -= 1
    }
    if key.steps[index].isOpaque { opaque += 1 }
    if key.products[index] >= 0 { sources[Int(key.products[index])] += 1 }
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
  private mutating func backtrack() -> Cursor? {
    while let frame = frames.popLast() {
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
  private mutating func makeFinal() {
    // Entered states are no longer demanded and demands never come back, so their counts may stay.
    finalTail = lastPlaced()
    frames.removeAll(keepingCapacity: true)
    cache.clear()
  }

  private mutating func mark(_ operation: Int32) {
    let word = RandomSource.mix(UInt64(operation) &* 0xD1B5_4A32_D192_ED03 &+ 0x9E37_79B9_7F4A_7C15)
    low ^= word
    high ^= RandomSource.mix(word)
  }

  private mutating func unlink(_ node: Int32) {
    let (before, after) = (previous[Int(node)], next[Int(node)])
    next[Int(before)] = after
    previous[Int(after)] = before
  }

  private mutating func relink(_ node: Int32) {
    next[Int(previous[Int(node)])] = node
    previous[Int(next[Int(node)])] = node
  }
}
